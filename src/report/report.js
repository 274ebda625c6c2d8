
// The index, a page and what is done with it: filters, choosing, keys.

// ---- the index ----

const COLUMNS = [
  ["page", (page) => page.name], ["title", (page) => page.title || ""], ["region", (page) => page.region || ""],
  ["period", (page) => periodOf(page.period)], ["figures", (page) => page.indicators], ["doubts", (page) => page.doubts],
  ["mismatches", (page) => page.mismatches], ["mended", (page) => page.mended], ["decided", decidedOn],
];
if (index.summary !== null) COLUMNS.splice(1, 0, ["how", (page) => code("how", page.how)], ["changes", (page) => page.changes]);
const COUNTED = new Set(["changes", "figures", "doubts", "mismatches", "mended", "decided"]);

function showIndex() {
  commit();
  later.steps = [];
  state.page = -1;
  state.view = null;
  $("page-view").hidden = true;
  $("pager").hidden = true;
  $("index-view").hidden = false;
  const sum = (key) => index.pages.reduce((all, page) => all + page[key], 0);
  $("totals").textContent = t("totals", index.pages.length, sum("indicators"), sum("doubts"), sum("mismatches"));
  $("compared").textContent = index.summary || "";
  $("compared").hidden = index.summary === null;
  $("named").replaceChildren(...index.named.map(({ name, how, words }) => el("li", null, el("b", null, ...shown(name)), ` ${code("how", how)} `, el("span", { class: "quiet" }, ...shown(words)))));
  $("unread").replaceChildren(...index.unread.map((message) => el("li", null, el("b", null, t("unread")), " ", ...shown(message))));
  const head = COLUMNS.map(([key]) => {
    const sorted = state.sort && state.sort.key === key ? (state.sort.down ? "descending" : "ascending") : null;
    const button = el("button", { type: "button", title: t("sort_by"), onclick: () => sortBy(key) }, t(key));
    return el("th", { scope: "col", "aria-sort": sorted, class: COUNTED.has(key) ? "count" : null }, button);
  });
  $("index-table").tHead.replaceChildren(el("tr", null, head));
  showRows();
  document.title = t("brand") + " · gongbao";
}

function sortBy(key) {
  const down = state.sort && state.sort.key === key ? !state.sort.down : COUNTED.has(key);
  state.sort = { key, down };
  showIndex();
}

/** What the index finds of a page: in lower case, what a reader sees of it. */
const searched = new Map();
function searchedOf(number) {
  if (!searched.has(number)) {
    const page = index.pages[number];
    const { text, indicators } = dataOf(number);
    const said = [...COLUMNS.filter(([key]) => !COUNTED.has(key)).map(([, of]) => of(page)), text, ...indicators.map((figure) => figure.name)];
    searched.set(number, said.join("\n").toLowerCase());
  }
  return searched.get(number);
}

function showRows() {
  const wanted = $("index-search").value.trim().toLowerCase();
  const numbers = index.pages.map((_, i) => i).filter((i) => !wanted || searchedOf(i).includes(wanted));
  if (state.sort) {
    const of = COLUMNS.find(([key]) => key === state.sort.key)[1];
    const order = state.sort.down ? -1 : 1;
    numbers.sort((a, b) => {
      const [one, other] = [of(index.pages[a]), of(index.pages[b])];
      return order * (typeof one === "number" ? one - other : one.localeCompare(other, "zh")) || a - b;
    });
  }
  $("index-table").tBodies[0].replaceChildren(...numbers.map((i) => {
    const page = index.pages[i];
    const cells = COLUMNS.map(([key, of], column) => {
      const value = of(page);
      if (column === 0) return el("th", { scope: "row" }, el("a", { href: `#p=${i + 1}` }, ...shown(value)));
      if (!COUNTED.has(key)) return el("td", null, ...shown(value));
      const alarming = (key === "doubts" || key === "mismatches") && value > 0;
      return el("td", { class: "count" + (alarming ? " alarm" : value ? "" : " none") }, String(value));
    });
    return el("tr", null, cells);
  }));
}

// ---- a page ----

function openPage(number, id) {
  if (!$("page-" + number)) return showIndex();
  if (state.page !== number) {
    commit();
    state.page = number;
    state.view = taken(dataOf(number));
    state.selected = null;
    state.open = null;
    $("index-view").hidden = true;
    $("page-view").hidden = false;
    $("pager").hidden = false;
    showPage();
  }
  if (id && state.view.by.has(id)) select(id);
}

function showPage() {
  later.steps = [];
  const view = state.view;
  const several = index.pages.length > 1;
  $("page-name").replaceChildren(...shown(view.name), several ? el("small", null, ` ${state.page + 1}/${index.pages.length}`) : "");
  $("page-name").title = `${view.name}\n${view.format}, ${view.encoding}${view.reader ? ", " + view.reader : ""}\nSHA-256 ${view.sha256}`;
  $("page-before").hidden = $("page-after").hidden = !several;
  $("page-before").disabled = state.page === 0;
  $("page-after").disabled = state.page + 1 === index.pages.length;
  document.title = `${view.name} · ${t("brand")}`;
  showAbout();
  showChips();
  showOriginal();
  showClean();
  showOutline();
  showTable();
  showChanges();
  showChecks();
  showNotes();
  showFilters();
  applyFilters();
  showPane();
  showTab();
}

function showAbout() {
  const { title, issuer, region, period, published, page } = state.view.document;
  const parts = [issuer !== title && issuer, region && region.name + (region.code ? ` ${region.code}` : ""), periodOf(period), published && t("published", published), page];
  $("about").replaceChildren(
    el("strong", null, ...shown(title || issuer || state.view.name)),
    ...parts.filter(Boolean).map((part) => el("span", null, ...shown(part))),
  );
}

function showChips() {
  const view = state.view;
  const doubts = view.indicators.filter(isDoubted).length;
  const failed = view.checks.filter((check) => check.status === "mismatch").length;
  const mended = view.indicators.filter((figure) => !isDoubted(figure) && isMended(figure)).length;
  const chip = (count, key, cls, act) => el("button", { type: "button", class: `chip ${count ? cls : "none"}`, onclick: act }, el("b", null, String(count)), " ", t(key));
  const only = (value) => () => { $("filter-doubt").value = value; showView("table"); applyFilters(); };
  $("chips").replaceChildren(
    ...(view.changes ? [chip(view.changes.all.length, "changes", "amber", () => showView("changes"))] : []),
    chip(view.indicators.length, "figures", "", only("")),
    chip(doubts, "doubts", "alarm", only("doubt")),
    chip(failed, "mismatches", "alarm", () => showView("checks")),
    chip(mended, "mended", "amber", only("mended")),
  );
}

/** Remembers that `node` shows an indicator in a pane. */
function remember(pane, id, node) {
  const known = state.marks[pane].get(id);
  if (known) known.push(node);
  else state.marks[pane].set(id, [node]);
}

/** A stretch of text in which `ranges` are marked. */
function stretch(pane, text, ranges) {
  const figures = ranges.filter((range) => range.figure);
  const classes = ranges.map((range) => range.class).filter((name) => name !== "unused" || /\S/.test(text));
  if (!classes.length) return shown(text);
  const inner = figures[figures.length - 1];
  const title = ranges.map((range) => range.title).filter(Boolean).join("\n");
  const node = el(inner ? "mark" : "span", { class: classes.join(" "), title: title || null }, ...shown(text));
  if (inner) {
    node.dataset.id = inner.figure.id;
    for (const { figure } of figures) remember(pane, figure.id, node);
  }
  return [node];
}

function classOf(figure) {
  return ["fig", "m-" + figure.measure, isChanged(figure) && "changed", isDoubted(figure) && "doubted", isMended(figure) && "mended"].filter(Boolean).join(" ");
}

function titleOf(figure) {
  const doubts = figure.doubts.map((i) => "⚠ " + messageOf(state.view.findings[i]));
  return [`${figure.name} · ${code("measure", figure.measure)}`, ...doubts].join("\n");
}

// What fails to come out is drawn, which says more than the sentence.
const wordsOf = (finding) => (finding.code === "check-failed" ? t("see_check") : sentenceOf(finding));

/** What a finding says, in the language chosen. */
function sentenceOf(finding) {
  const sentence = SENTENCES[finding.code];
  if (language || !sentence) return finding.message;
  const text = finding.start === null ? "" : state.view.chars.slice(finding.start, Math.min(finding.end, finding.start + 24));
  return fill(sentence, text ? `「${text}」` : t("here"));
}

const messageOf = (finding) => `${code("finding", finding.code)}: ${wordsOf(finding)}`;
const whyOf = (repair) => `${repair.from} → ${repair.to}: ${code("repair", repair.why)}`;

// ---- filters ----

const FILTERS = ["text", "concept", "measure", "check", "doubt"];

function showFilters() {
  const view = state.view;
  const count = (values) => {
    const all = new Map();
    for (const value of values) all.set(value, (all.get(value) || 0) + 1);
    return all;
  };
  const set = (id, any, options) => {
    const node = $("filter-" + id);
    const before = node.value;
    const known = options.some(([value]) => value === before);
    node.replaceChildren(...[["", t(any)], ...options].map(([value, label]) => el("option", { value }, label)));
    node.value = known ? before : "";
  };
  const counted = (all, name) => [...all].map(([value, number]) => [value, `${name(value)} (${number})`]);
  set("concept", "any_concept", counted(count(view.indicators.map((x) => x.concept || "-")), (id) => (id === "-" ? t("no_concept") : `${conceptOf(id)} ${id}`)).sort((a, b) => (a[0] < b[0] ? -1 : 1)));
  const measures = count(view.indicators.map((x) => x.measure));
  set("measure", "any_measure", counted(measures, (key) => code("measure", key)));
  const checks = count(view.indicators.flatMap((x) => (x.checks.length ? [...new Set(outcomes(x))] : ["-"])));
  set("check", "any_check", counted(checks, (key) => (key === "-" ? t("no_check") : code("outcome", key))));
  set("doubt", "any_doubt", [["doubt", t("with_doubt")], ["mended", t("with_repair")], ["none", t("without_doubt")], ["decided", t("with_decision")], ["undecided", t("without_decision")], ...(view.changes ? [["changed", t("with_change")]] : [])]);
}

const DOUBTS = {
  doubt: isDoubted,
  mended: isMended,
  changed: isChanged,
  none: (figure) => !isDoubted(figure) && !isMended(figure),
  decided: (figure) => decisionOf(figure.sha256, figure) !== null,
  undecided: (figure) => decisionOf(figure.sha256, figure) === null,
};

function fits(figure) {
  const [text, concept, measure, check, doubt] = FILTERS.map((id) => $("filter-" + id).value);
  if (measure && figure.measure !== measure) return false;
  if (concept && (figure.concept || "-") !== concept) return false;
  if (check && !(check === "-" ? !figure.checks.length : outcomes(figure).includes(check))) return false;
  if (doubt && !DOUBTS[doubt](figure)) return false;
  const wanted = text.trim().toLowerCase();
  const said = () => [figure.name, figure.mention, figure.quote, figure.concept || "", figure.concept ? conceptOf(figure.concept) : "", sectionPath(figure), figure.id].join("\n").toLowerCase();
  return !wanted || said().includes(wanted);
}

function applyFilters() {
  const view = state.view;
  if (!view) return;
  state.order = view.indicators.filter(fits).map((figure) => figure.id);
  const open = new Set(state.order);
  state.open = open;
  const filtered = FILTERS.some((id) => $("filter-" + id).value);
  if (filtered) makeAll();
  for (const [id, row] of state.marks.table) row.hidden = !open.has(id);
  for (const group of $("table-body").querySelectorAll("tbody")) sized(group);
  for (const pane of ["original", "clean"]) {
    for (const [id, nodes] of state.marks[pane]) for (const node of nodes) node.classList.toggle("faint", !open.has(id));
  }
  const all = view.indicators.length;
  $("shown").textContent = filtered ? t("shown", state.order.length, all) : "";
  $("filter-reset").hidden = !filtered;
  if ($("none-shown")) $("none-shown").hidden = state.order.length > 0;
  if (state.selected && !open.has(state.selected)) deselect();
  else showDetail();
}

// ---- selecting ----

function deselect() {
  for (const pane of ["original", "clean"]) {
    for (const node of state.marks[pane].get(state.selected) || []) node.classList.remove("selected");
  }
  const row = state.marks.table.get(state.selected);
  if (row) row.removeAttribute("aria-current");
  state.selected = null;
  showDetail();
  markChanges();
}

/** Lights an indicator up in all panes; the third `stays` what it shows, or shows the table. */
function select(id, stays) {
  const view = state.view;
  const figure = view.by.get(id);
  if (!figure) return;
  if (state.selected !== id) deselect();
  makeAll();
  state.selected = id;
  if (!state.open.has(id)) { $("filters").reset(); applyFilters(); }
  if (!stays) showView("table");
  const row = state.marks.table.get(id);
  row.setAttribute("aria-current", "true");
  showDetail();
  markChanges();
  reveal($("table-body"), row, 0.25);
  for (const pane of ["original", "clean"]) {
    const nodes = state.marks[pane].get(id) || [];
    for (const node of nodes) node.classList.add("selected");
    if (nodes.length) reveal($(pane + "-body"), nodes[0], 0.4);
  }
  const doubt = isDoubted(figure) ? t("comma") + t("said_doubt") : "";
  say(t("said", state.order.indexOf(id) + 1, state.order.length, figure.name, figure.mention + doubt));
  remark();
}

/** Scrolls `body` so that `node` is seen, `part` of the way down unless it is seen already. What was not laid out
 *  yet may turn out larger than thought, so it is looked at again. */
function reveal(body, node, part) {
  bring(body, node, part);
  requestAnimationFrame(() => node.isConnected && bring(body, node, part));
}

function bring(body, node, part) {
  const [outer, inner] = [body.getBoundingClientRect(), node.getBoundingClientRect()];
  if (!outer.height) return;
  const room = Math.min(60, outer.height / 8);
  if (inner.top < outer.top + room || inner.bottom > outer.bottom - room) body.scrollTop += inner.top - outer.top - outer.height * part;
  if (inner.left < outer.left || inner.right > outer.right) body.scrollLeft += inner.left - outer.left - outer.width * 0.3;
}

function step(by) {
  const { order } = state;
  if (!order.length) return;
  const at = order.indexOf(state.selected);
  const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(Math.max(at + by, 0), order.length - 1);
  select(order[next]);
}

/** To the next doubt that nobody has decided: of the page, then of the pages behind it and before it. */
function nextDoubt() {
  const { view, order } = state;
  const isOpen = (of) => (figure) => isDoubted(figure) && !decisionOf(of.sha256, figure);
  const isOpenHere = (id) => isOpen(view)(view.by.get(id));
  const at = order.indexOf(state.selected);
  const next = order.find((id, i) => i > at && isOpenHere(id));
  if (next) return select(next);
  for (let by = 1; by < index.pages.length; by += 1) {
    const number = (state.page + by) % index.pages.length;
    if (!index.pages[number].doubts) continue;
    const data = dataOf(number);
    const figure = data.indicators.find(isOpen(data));
    if (figure) return openPage(number, figure.id);
  }
  const first = order.find(isOpenHere);
  if (first) return select(first);
  say(t("no_more_doubts"), true);
}

// ---- panes, views, language, keys ----

const narrow = matchMedia("(max-width: 900px)");

function showPane(name) {
  if (name) { state.pane = name; store.set("pane", name); }
  for (const pane of ["original", "clean", "figures"]) {
    $(pane).classList.toggle("open", pane === state.pane);
    $("tab-" + pane).setAttribute("aria-pressed", String(pane === state.pane));
  }
  if (name && state.selected) {
    for (const pane of ["original", "clean"]) {
      const nodes = state.marks[pane].get(state.selected);
      if (nodes) reveal($(pane + "-body"), nodes[0], 0.4);
    }
    const row = state.marks.table.get(state.selected);
    if (row) reveal($("table-body"), row, 0.25);
  }
}

const VIEWS = ["table", "changes", "checks", "notes"];

function showView(name) {
  state.tab = name;
  showTab();
}

function showTab() {
  const row = state.marks.table.get(state.selected);
  for (const view of VIEWS) {
    $(view + "-body").hidden = view !== state.tab;
    $("view-" + view).setAttribute("aria-pressed", String(view === state.tab));
  }
  if (row) reveal($("table-body"), row, 0.25);
}

/** Puts the words of the frame into the language chosen. */
function label() {
  root.dataset.ui = root.lang = language ? "en" : "zh";
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of document.querySelectorAll("[data-title]")) node.title = t(node.dataset.title);
  for (const node of document.querySelectorAll("[data-holder]")) node.placeholder = t(node.dataset.holder);
  $("language").textContent = language ? "中文" : "EN";
  $("keys-body").replaceChildren(el("dl", null, KEYS.flatMap(([key, words]) => [el("dt", null, key.split(/\s+/).map((k) => el("kbd", null, k))), el("dd", null, words[language])])));
}

/** Shows once more what is open. */
function again() {
  const selected = state.selected;
  if (!state.view) return showIndex();
  showPage();
  if (selected) select(selected);
}

function wear(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
}

function turnTheme() {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const next = dark ? "light" : "dark";
  wear(next);
  store.set("theme", next);
}

function turnPage(by) {
  const next = state.page + by;
  if (state.page >= 0 && next >= 0 && next < index.pages.length) openPage(next);
  remark();
}

/** The address says what is open, so that going back works. */
function remark() {
  const wanted = state.page < 0 ? "" : `#p=${state.page + 1}${state.selected ? "&i=" + state.selected : ""}`;
  if (location.hash === wanted) return;
  const turned = (hash) => hash.split("&")[0];
  const way = turned(location.hash) === turned(wanted) ? "replaceState" : "pushState";
  try { history[way](null, "", wanted || location.pathname + location.search); } catch { /* some browsers let no file do so */ }
}

function followAddress() {
  const found = /^#p=(\d+)(?:&i=(\w+))?$/.exec(location.hash);
  if (found) openPage(Number(found[1]) - 1, found[2]);
  else if (isAlone()) openPage(0);
  else showIndex();
}

function toIndex() {
  if (isAlone()) return deselect();
  showIndex();
  remark();
}

function onKey(event) {
  if ($("keys").open) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    if ($("outline").open) { $("outline").open = false; return; }
    if (typing) { forget(event.target); return event.target.blur(); }
    return state.selected ? deselect() : toIndex();
  }
  if (typing) return;
  const figure = state.view && state.view.by.get(state.selected);
  const pressed = {
    "?": () => $("keys").showModal(),
    "/": () => (state.view ? $("filter-text") : $("index-search")).focus(),
    j: () => step(1), k: () => step(-1), n: nextDoubt, c: () => index.summary !== null && nextChange(),
    "[": () => turnPage(-1), "]": () => turnPage(1),
    1: () => focusPane("original"), 2: () => focusPane("clean"), 3: () => focusPane("figures"),
    y: () => figure && decide(figure, { decision: "right" }),
    x: () => figure && decide(figure, { decision: "wrong" }),
    e: () => figure && editValue(),
    u: () => figure && decide(figure, { decision: null }),
  }[event.key];
  if (!pressed || (!state.view && !["?", "/"].includes(event.key))) return;
  event.preventDefault();
  pressed();
}

/** To the field of the right value. */
function editValue() {
  if (narrow.matches) showPane("figures");
  showView("table");
  if ($("correct-value")) $("correct-value").focus();
}

/** Shows printed pages larger or smaller, one of the sizes that the style has. */
function zoom(by) {
  state.zoom = Math.min(Math.max(state.zoom + by, 1), 4);
  for (const node of document.querySelectorAll(".sheets")) node.dataset.zoom = state.zoom;
  const nodes = state.marks.original.get(state.selected);
  if (nodes) reveal($("original-body"), nodes[0], 0.4);
}

function focusPane(name) {
  showPane(name);
  $(name).focus({ preventScroll: true });
}

function onClick(event) {
  const adopt = event.target.closest("[data-adopt]");
  if (adopt) {
    select(adopt.dataset.of);
    decide(state.view.by.get(adopt.dataset.of), { decision: "corrected", value: adopt.dataset.adopt });
    // the button may be gone with what it stood in
    if (!adopt.checkVisibility()) state.marks.table.get(adopt.dataset.of).querySelector(".pick").focus({ preventScroll: true });
    return;
  }
  const node = event.target.closest("[data-go], mark[data-id], g[data-id], tr[data-id]");
  if (!node) return;
  if (String(getSelection()).length && !event.target.closest("button")) return; // text is being copied
  select(node.dataset.go || node.dataset.id, node.closest("#checks-body, #changes-body") !== null);
}

document.addEventListener("keydown", onKey);
$("page-view").addEventListener("click", onClick);
$("filters").addEventListener("input", applyFilters);
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filters").addEventListener("reset", () => setTimeout(applyFilters));
$("index-search").addEventListener("input", showRows);
$("to-index").addEventListener("click", toIndex);
$("page-before").addEventListener("click", () => turnPage(-1));
$("page-after").addEventListener("click", () => turnPage(1));
$("export").addEventListener("click", exportCorrections);
$("theme").addEventListener("click", turnTheme);
$("help").addEventListener("click", () => $("keys").showModal());
$("language").addEventListener("click", () => { language = 1 - language; store.set("language", language ? "en" : "zh"); label(); again(); });
$("as-sheet").addEventListener("click", () => { state.sheet = true; again(); });
$("as-lines").addEventListener("click", () => { state.sheet = false; again(); });
$("closer").addEventListener("click", () => zoom(1));
$("farther").addEventListener("click", () => zoom(-1));
for (const pane of ["original", "clean", "figures"]) $("tab-" + pane).addEventListener("click", () => showPane(pane));
for (const view of VIEWS) $("view-" + view).addEventListener("click", () => showView(view));
addEventListener("pointerdown", press, true);
for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, release);
addEventListener("storage", follow);
addEventListener("pagehide", commit);
addEventListener("beforeprint", makeAll);
addEventListener("popstate", followAddress);
addEventListener("beforeunload", (event) => { if (!store.works && allDecided()) event.preventDefault(); });

wear(store.get("theme"));
label();
showCount();
followAddress();
