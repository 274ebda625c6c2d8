
// What is held: the pages as they are opened, and what a reviewer decides of them.

// ---- the data ----

const index = JSON.parse($("index").textContent);
const state = {
  page: -1, // which of the pages is open
  view: null, // what it holds
  selected: null, // id of an indicator
  order: [], // ids that the filters let through
  open: null, // the same as a set; none before they are looked through
  marks: { original: new Map(), clean: new Map(), table: new Map() },
  pane: store.get("pane") || "figures",
  tab: index.summary === null ? "table" : "changes",
  sheet: true,
  zoom: 1, // of the printed page
  sort: null,
};

/** The data of a page. */
const dataOf = (number) => JSON.parse($("page-" + number).textContent);

/** What is held of a page beside its data. */
function taken(view) {
  view.chars = new Text(view.text);
  view.by = new Map(view.indicators.map((figure) => [figure.id, figure]));
  view.sectionBy = new Map(view.sections.map((section) => [section.id, section]));
  for (const figure of view.indicators) {
    figure.checks = [];
    figure.suspects = [];
    figure.changes = [];
    figure.key = keyOf(figure);
    figure.sha256 = view.sha256;
  }
  for (const check of view.checks) {
    for (const id of new Set([check.total, ...check.parts])) {
      if (view.by.has(id)) view.by.get(id).checks.push(check);
    }
    for (const candidate of check.candidates) {
      const figure = view.by.get(candidate.id);
      if (figure && figure.value) figure.suspects.push(candidate.value);
    }
  }
  for (const change of view.changes ? view.changes.all : []) {
    if (change.field !== null && view.by.has(change.id)) view.by.get(change.id).changes.push(change);
  }
  return view;
}

const isChanged = (figure) => figure.changes.length > 0;

/** True where one page is all that there is to see. */
const isAlone = () => index.pages.length === 1 && !index.unread.length && !index.named.length;

const isDoubted = (figure) => figure.doubts.length > 0;
const isMended = (figure) => Boolean(figure.repair) || figure.repairs.length > 0;

/** How a figure's checks came out, worst first. */
const outcomes = (figure) => figure.checks.map((check) => check.status);

function lineOf(place) {
  return place.end_line > place.line ? t("lines", place.line, place.end_line) : t("line", place.line);
}

function periodOf(period) {
  if (!period) return "";
  const [start, end] = Array.isArray(period) ? period : [period.start, period.end];
  if (start === end) return start;
  const [year, month, day] = start.split("-");
  if (start === `${year}-01-01` && end === `${year}-12-31`) return year;
  const last = String(new Date(Date.UTC(+year, +month, 0)).getUTCDate());
  if (day === "01" && end === `${year}-${month}-${last.padStart(2, "0")}`) return `${year}-${month}`;
  if (start === `${year}-01-01` && end.startsWith(year)) return `${year}-01…${end.slice(5, 7)}`;
  return `${start}…${end}`;
}

function conceptOf(id) {
  return Object.hasOwn(index.concepts, id) ? index.concepts[id][language] : id;
}

// ---- decisions ----

const SIGNS = { right: "✓", wrong: "✗", corrected: "✎" };

const isPlain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isWords = (value) => value === null || typeof value === "string";

/** What is known of a figure and its place; the decision is `null` where there is only a note, or where one of
 *  the file of corrections was taken back. */
function isEntry(entry) {
  return isPlain(entry) && Number.isInteger(entry.start) && Number.isInteger(entry.end) && isPlain(entry.source)
    && [entry.mention, entry.name, entry.measure, entry.unit].every((text) => typeof text === "string")
    && [entry.read, entry.value, entry.note].every(isWords)
    && (entry.decision === null || Object.hasOwn(SIGNS, entry.decision));
}

/** What the browser keeps of the page with this digest: key of the indicator → entry. */
function keptOf(sha256) {
  const kept = store.get("review." + sha256);
  return new Map(isPlain(kept) ? Object.entries(kept).filter(([, entry]) => isEntry(entry)) : []);
}

const digests = [...new Set(index.pages.map((page) => page.sha256))];
const kept = new Map(digests.map((sha256) => [sha256, keptOf(sha256)]));
/** Digests of the pages that a reviewer decided of before they were written here. */
const reviewed = new Set(index.pages.filter((page) => page.reviewed).map((page) => page.sha256));

const keyOf = (figure) => [figure.start, figure.end, figure.mention, figure.name, figure.measure].join("|");

/** The figures of a page by their keys: of those with a decision before, the entry. */
const known = new Map();
function knownOf(sha256) {
  if (!known.has(sha256)) {
    const of = new Map();
    index.pages.forEach((page, i) => {
      if (page.sha256 !== sha256) return;
      for (const figure of dataOf(i).indicators) of.set(keyOf(figure), givenOf(figure));
    });
    known.set(sha256, of);
  }
  return known.get(sha256);
}

/** A figure as a correction names it. */
function placeOf(figure) {
  const { start, end, mention, name, measure, unit, bytes } = figure;
  const read = figure.reviewed && figure.reviewed.read !== null ? figure.reviewed.read : figure.value;
  return { start, end, mention, name, measure, unit, read, source: { start: bytes.start, end: bytes.end, pieces: bytes.pieces } };
}

/** What was decided of a figure before the report was written. */
function givenOf(figure) {
  if (!figure.reviewed) return null;
  const { decision, note } = figure.reviewed;
  return { ...placeOf(figure), decision, value: decision === "corrected" ? figure.value : null, note };
}

/** The entry of a figure of a page with this digest. */
function entryOf(sha256, figure) {
  return kept.get(sha256).get(keyOf(figure)) || givenOf(figure);
}

/** What is decided of a figure; null where nothing is. */
function decisionOf(sha256, figure) {
  const entry = entryOf(sha256, figure);
  return entry && entry.decision !== null ? entry : null;
}

/** Holds what was decided of a figure; a note without a decision waits for one. */
function decide(figure, changes) {
  const { sha256 } = figure;
  // another tab may have decided since
  const ofPage = store.works ? keptOf(sha256) : kept.get(sha256);
  kept.set(sha256, ofPage);
  const before = entryOf(sha256, figure) || { decision: null, value: null, note: null };
  const next = { ...placeOf(figure), decision: before.decision, value: before.value, note: before.note, ...changes };
  if (next.decision !== "corrected") next.value = null;
  if (next.decision === null && next.note === null && !figure.reviewed) ofPage.delete(keyOf(figure));
  else ofPage.set(keyOf(figure), next);
  if (next.decision !== before.decision || next.value !== before.value) {
    const words = next.decision === null ? t("taken_back") : t(next.decision) + (next.value === null ? "" : " " + next.value + figure.unit);
    say(t("said_decided", figure.name, words));
  } else if (next.decision === null && next.note !== null) say(t("note_waits"), true);
  keep(sha256);
  redraw(figure);
}

/** Gives what is decided of a page to the browser. */
function keep(sha256) {
  const worked = store.works;
  const ofPage = kept.get(sha256);
  store.set("review." + sha256, ofPage.size ? Object.fromEntries(ofPage) : null);
  if (worked && !store.works) say(t("not_kept"), true);
  showCount();
}

/** Takes over what another tab decided. */
function follow(event) {
  const changed = digests.filter((sha256) => event.key === null || event.key === "gongbao.review." + sha256);
  for (const sha256 of changed) {
    const before = kept.get(sha256);
    kept.set(sha256, keptOf(sha256));
    if (!state.view || state.view.sha256 !== sha256) continue;
    const said = (of, figure) => JSON.stringify(of.get(figure.key));
    for (const figure of state.view.indicators) if (said(before, figure) !== said(kept.get(sha256), figure)) redraw(figure);
    showNotes();
  }
  if (!changed.length) return;
  showCount();
  if (!state.view) showRows();
}

/** Decisions of a page whose figures are not read there any more, with their keys. */
function lostOf(sha256) {
  const ofPage = [...kept.get(sha256)].filter(([, entry]) => entry.decision !== null);
  return ofPage.length ? ofPage.filter(([key]) => !knownOf(sha256).has(key)) : [];
}

function dropLost(sha256, key) {
  kept.get(sha256).delete(key);
  keep(sha256);
  showNotes();
}

/** All decisions of a page, those of figures that are gone too. */
function decisionsOf(sha256) {
  const given = reviewed.has(sha256) ? [...knownOf(sha256)] : [];
  const all = new Map([...given, ...kept.get(sha256)]);
  return [...all.values()].filter((entry) => entry !== null && entry.decision !== null);
}

const decidedOn = (page) => decisionsOf(page.sha256).length;
const allDecided = () => digests.reduce((sum, sha256) => sum + decisionsOf(sha256).length, 0);

function showCount() {
  $("decided").textContent = String(allDecided());
}

/** The file of corrections, pages and corrections in their order. */
function corrections() {
  const pages = digests.map((sha256) => [index.pages.find((page) => page.sha256 === sha256).name, sha256, decisionsOf(sha256)]);
  return {
    schema: "gongbao-corrections/1",
    writer: "gongbao " + index.version,
    pages: pages.filter(([, , decided]) => decided.length).map(([name, sha256, decided]) => ({
      name, sha256, corrections: decided.sort((a, b) => a.start - b.start || (a.name < b.name ? -1 : 1)),
    })),
  };
}

function exportCorrections() {
  commit();
  if (!allDecided()) return say(t("export_none"), true);
  const text = JSON.stringify(corrections(), null, 2) + "\n";
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  el("a", { href: address, download: "corrections.json" }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
  say(t("exported"), true);
}

let saying = 0;

/** Tells screen readers, and everybody when it is `loud`. */
function say(text, loud) {
  $("said").textContent = text;
  $("said").classList.toggle("loud", Boolean(loud));
  clearTimeout(saying);
  if (loud) saying = setTimeout(() => $("said").classList.remove("loud"), 4000);
}

