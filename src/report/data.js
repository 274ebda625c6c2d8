
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

/** What is held of a page beside its data. */
function taken(view) {
  view.chars = new Text(view.text);
  view.by = new Map(view.indicators.map((figure) => [figure.id, figure]));
  view.sectionBy = new Map(view.sections.map((section) => [section.id, section]));
  for (const figure of view.indicators) {
    figure.checks = [];
    figure.suspects = [];
    figure.changes = [];
    figure.key = [figure.start, figure.end, figure.mention, figure.name, figure.measure].join("|");
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
  const labels = index.concepts[id];
  return labels ? labels[language] : id;
}

// ---- decisions ----

const decisions = new Map(); // digest of the page → key of the indicator → correction
for (const page of index.pages) {
  const kept = store.get("review." + page.sha256);
  if (kept) decisions.set(page.sha256, new Map(Object.entries(kept)));
}

const decisionOf = (view, figure) => (decisions.get(view.sha256) || new Map()).get(figure.key) || null;

function decide(figure, changes) {
  const view = state.view;
  const ofPage = decisions.get(view.sha256) || new Map();
  const before = ofPage.get(figure.key);
  if (changes === null) ofPage.delete(figure.key);
  else {
    const { start, end, mention, name, measure, unit, value: read, bytes } = figure;
    const source = { start: bytes.start, end: bytes.end, pieces: bytes.pieces };
    const fresh = { start, end, mention, name, measure, unit, read, source, decision: "right", value: null, note: null };
    const next = { ...(before || fresh), ...changes };
    if (next.decision !== "corrected") next.value = null;
    ofPage.set(figure.key, next);
  }
  decisions.set(view.sha256, ofPage);
  store.set("review." + view.sha256, ofPage.size ? Object.fromEntries(ofPage) : null);
  showCount();
  const row = state.marks.table.get(figure.id);
  if (row) row.replaceWith(tableRow(figure));
  showDetail();
}

const decidedOn = (page) => (decisions.get(page.sha256) || new Map()).size;
const allDecided = () => index.pages.reduce((sum, page) => sum + decidedOn(page), 0);

function showCount() {
  $("decided").textContent = String(allDecided());
}

/** The file of corrections, pages and corrections in their order. */
function corrections() {
  const pages = index.pages.filter((page, i) => decidedOn(page) && index.pages.findIndex((p) => p.sha256 === page.sha256) === i);
  return {
    schema: "gongbao-corrections/1",
    writer: "gongbao " + index.version,
    pages: pages.map((page) => ({
      name: page.name,
      sha256: page.sha256,
      corrections: [...decisions.get(page.sha256).values()].sort((a, b) => a.start - b.start || (a.name < b.name ? -1 : 1)),
    })),
  };
}

function exportCorrections() {
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

