
// What everything else stands on: elements, text, decimals. Text of pages becomes nodes here and nowhere else.

const $ = (id) => document.getElementById(id);
const root = document.documentElement;

/** Keeps small things; says so when the browser does not. */
const store = {
  works: true,
  get(key) { try { return JSON.parse(localStorage.getItem("gongbao." + key)); } catch { return null; } },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem("gongbao." + key);
      else localStorage.setItem("gongbao." + key, JSON.stringify(value));
    } catch { this.works = false; }
  },
};

let language = store.get("language") === "en" ? 1 : 0;
const fill = (text, ...values) => values.reduce((out, value, i) => out.split(`{${i}}`).join(value), text);
const t = (key, ...values) => fill(TEXTS[key][language], ...values);
const code = (kind, key) => (Object.hasOwn(CODES[kind], key) ? CODES[kind][key][language] : key);

/** An element. Strings become text, never mark-up. */
function el(tag, properties, ...children) {
  const out = document.createElement(tag);
  for (const [key, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") out.className = value;
    else if (key.startsWith("on")) out.addEventListener(key.slice(2), value);
    else out.setAttribute(key, value === true ? "" : value);
  }
  out.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return out;
}

function svg(tag, properties, ...children) {
  const out = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(properties)) out.setAttribute(key, value);
  out.append(...children);
  return out;
}

// Control characters and marks of direction do nothing here; they are shown.
const ODD = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `text` as nodes in which odd characters are seen. */
function shown(text) {
  const out = [];
  let from = 0;
  for (const found of text.matchAll(ODD)) {
    if (found.index > from) out.push(text.slice(from, found.index));
    const number = found[0].codePointAt(0);
    const name = "U+" + number.toString(16).toUpperCase().padStart(4, "0");
    const picture = number < 0x20 ? String.fromCharCode(0x2400 + number) : number === 0x7f ? "\u2421" : name;
    out.push(el("span", { class: "odd", title: name }, picture));
    from = found.index + 1;
  }
  if (from < text.length) out.push(from ? text.slice(from) : text);
  return out;
}

/** The same as one node. */
function shownText(text) {
  const nodes = document.createDocumentFragment();
  nodes.append(...shown(text));
  return nodes;
}

/** A text that is cut by code points, as records count. */
class Text {
  constructor(text) {
    this.units = /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
    this.length = this.units.length;
  }
  slice(start, end) {
    const part = this.units.slice(start, end);
    return typeof part === "string" ? part : part.join("");
  }
}

/** Cuts start..end wherever one of `ranges` begins or ends: [start, end, the ranges there]. */
function segments(start, end, ranges) {
  const cuts = new Set([start, end]);
  for (const range of ranges) {
    if (range.start > start && range.start < end) cuts.add(range.start);
    if (range.end > start && range.end < end) cuts.add(range.end);
  }
  const places = [...cuts].sort((a, b) => a - b);
  const spans = places.slice(1).map((to, i) => [places[i], to]);
  // the ranges of a stretch stay in the order that they were given in
  const rank = new Map(ranges.map((range, i) => [range, i]));
  return spread(spans, ranges).map((there, i) => [...spans[i], there.sort((a, b) => rank.get(a) - rank.get(b))]);
}

/** For each of `spans`, in order, the ranges that touch it. */
function spread(spans, ranges) {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  const out = [];
  let [next, open] = [0, []];
  for (const [start, end] of spans) {
    while (next < sorted.length && sorted[next].start < end) open.push(sorted[next++]);
    open = open.filter((range) => range.end > start);
    out.push(open.filter((range) => range.start < end));
  }
  return out;
}

// ---- what is made later: a page of thousands of lines is there at once, and whole a moment later ----

const later = { steps: [], timer: 0 };

/** Puts what `make` makes of slices of `items` into `parent`: the first now, the others when there is time. */
function fillIn(parent, items, size, make) {
  const add = (from) => parent.append(...make(items.slice(from, from + size), from));
  add(0);
  for (let from = size; from < items.length; from += size) later.steps.push(() => add(from));
  if (later.steps.length && !later.timer) later.timer = setTimeout(workOff, 30);
  return parent;
}

function workOff() {
  later.timer = 0;
  const begun = performance.now();
  while (later.steps.length && performance.now() - begun < 12) later.steps.shift()();
  if (later.steps.length) later.timer = setTimeout(workOff);
}

/** Makes the rest now, for who needs it whole. */
function makeAll() {
  while (later.steps.length) later.steps.shift()();
}

// ---- decimals, as text: no digit is ever rounded ----

/** `digits` times ten to the `power`. */
function shift(digits, power) {
  const sign = digits.startsWith("-") ? "-" : "";
  const [whole, fraction = ""] = digits.slice(sign.length).split(".");
  let all = whole + fraction;
  let point = whole.length + power;
  if (point <= 0) [all, point] = ["0".repeat(1 - point) + all, 1];
  if (point > all.length) all = all.padEnd(point, "0");
  const head = all.slice(0, point).replace(/^0+(?=\d)/, "");
  const tail = all.slice(point).replace(/0+$/, "");
  return sign + head + (tail ? "." + tail : "");
}

/** Below zero where `one` is less than `other`, above where it is more. */
function compare(one, other) {
  const places = Math.max(...[one, other].map((digits) => (digits.split(".")[1] || "").length));
  const [a, b] = [one, other].map((digits) => BigInt(shift(digits, places)));
  return a < b ? -1 : Number(a > b);
}

/** `base`, which counts in the base unit of `figure`, in the unit that this is printed with. */
function inUnit(base, figure) {
  // of zero every power of ten is zero
  if (figure && figure.value && figure.base_value && /[1-9]/.test(figure.value)) {
    for (let power = 0; power <= 16; power++) {
      if (shift(figure.value, power) === shift(figure.base_value, 0)) return shift(base, -power) + figure.unit;
    }
  }
  return shift(base, 0) + (figure ? figure.base_unit : "");
}

/** Which characters of `one` and of `other` differ: all, unless they are of one length. */
function differing(one, other) {
  const same = one.length === other.length;
  return [one, other].map((text) => [...text].map((c, i) => !same || one[i] !== other[i]));
}

const plain = (digits) => digits.replace(/^-/, "");

/** `digits`, those of `marked` made conspicuous. */
function marked(digits, flags) {
  return [...digits].map((c, i) => (flags[i] ? el("b", { class: "suspect", title: t("suspect") }, c) : c));
}

