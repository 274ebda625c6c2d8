
// What a page shows: original, clean text, table, checks, notes.

// ---- the original ----

function showOriginal() {
  const view = state.view;
  state.marks.original.clear();
  const drawn = view.files.some((file) => file.boxes.length);
  $("original-switch").hidden = !drawn;
  $("closer").hidden = $("farther").hidden = !drawn || !state.sheet;
  $("as-sheet").setAttribute("aria-pressed", String(state.sheet));
  $("as-lines").setAttribute("aria-pressed", String(!state.sheet));
  $("original-name").replaceChildren(...shown(`${view.format} · ${view.encoding}`));
  const several = view.files.length > 1;
  const parts = view.files.map((file, i) => {
    const title = several ? el("h3", { class: "file" }, ...shown(file.name)) : null;
    if (file.missing !== null) return [title, el("div", { class: "notice" }, el("p", null, t("missing")), el("p", { class: "quiet" }, ...shown(file.missing)))];
    const isDrawn = drawn && state.sheet && file.boxes.length;
    return [title, isDrawn ? sheets(file, i) : lines(file, i)];
  });
  $("original-body").replaceChildren(...parts.flat().filter(Boolean));
}

/** What stands where in a file. */
function rangesOf(file) {
  const view = state.view;
  const all = (items, range) => items.flatMap((item, i) => item.at.filter(([of]) => of === file).map(([, start, end]) => ({ start, end, ...range(item, i) })));
  const used = all([...view.paragraphs, ...view.indicators, ...view.repairs], () => ({})).sort((a, b) => a.start - b.start);
  const unused = [];
  let from = 0;
  for (const { start, end } of used) {
    if (start > from) unused.push({ start: from, end: start, class: "unused", title: t("unused") });
    from = Math.max(from, end);
  }
  unused.push({ start: from, end: Infinity, class: "unused", title: t("unused") });
  return [
    ...unused,
    ...all(view.jumps, (jump) => ({ class: "jump", title: `${code("jump", jump.kind)} ${jump.page || ""}` })),
    ...all(view.repairs, (repair) => ({ class: "repaired", title: whyOf(repair) })),
    ...all(view.indicators, (figure) => ({ class: classOf(figure), figure, title: titleOf(figure) })),
  ];
}

function lines(file, number) {
  const text = new Text(file.text);
  const touching = spread(file.lines, rangesOf(number));
  const row = ([start, end, line], i) => {
    const pieces = segments(start, end, touching[i]).flatMap(([from, to, ranges]) => stretch("original", text.slice(from, to), ranges));
    return el("div", { class: "line", "data-line": line }, el("span", { class: "no", "aria-hidden": "true" }, String(line)), el("span", { class: "ink" }, pieces));
  };
  return fillIn(el("div", { class: "lines" }), file.lines, 200, (some, from) => some.map((line, i) => row(line, from + i)));
}

/** The printed pages: a picture where there is one, else the words in their boxes. */
function sheets(file, number) {
  const text = new Text(file.text);
  const boxes = file.boxes.map(([start, end, sheet, x0, y0, x1, y1]) => ({ start, end, sheet, x0, y0, x1, y1 }));
  boxes.sort((a, b) => a.start - b.start);
  const ranges = rangesOf(number).filter((range) => range.figure);
  const touching = spread(boxes.map((box) => [box.start, box.end]), ranges);
  const bySheet = file.sheets.map(() => []);
  boxes.forEach((box, at) => bySheet[box.sheet] && bySheet[box.sheet].push([box, touching[at]]));
  return el("div", { class: "sheets", "data-zoom": state.zoom }, file.sheets.map((sheet, i) => {
    const own = bySheet[i];
    const far = (of) => own.reduce((most, [box]) => Math.max(most, of(box)), 1);
    const size = [sheet.width || far((box) => box.x1) * 1.03, sheet.height || far((box) => box.y1) * 1.03];
    const out = svg("svg", { viewBox: `0 0 ${size[0]} ${size[1]}`, class: "sheet", role: "img", "aria-label": t("original") });
    if (sheet.picture) out.append(svg("image", { href: sheet.picture, width: size[0], height: size[1], preserveAspectRatio: "none" }));
    for (const [box, figures] of own) out.append(word(box, text.slice(box.start, box.end), figures, Boolean(sheet.picture)));
    return out;
  }));
}

function word(box, text, figures, onPicture) {
  const [width, height] = [Math.max(box.x1 - box.x0, 1), Math.max(box.y1 - box.y0, 1)];
  const inner = figures[figures.length - 1];
  const group = svg("g", { class: inner ? "word " + inner.class : "word" });
  if (inner) {
    group.dataset.id = inner.figure.id;
    for (const { figure } of figures) remember("original", figure.id, group);
    group.append(svg("title", {}, inner.title));
  }
  group.append(svg("rect", { x: box.x0, y: box.y0, width, height, rx: height / 10 }));
  if (!onPicture) {
    const size = Math.min(height * 0.82, 1.15 * width / Math.max(text.length * 0.55, 1));
    group.append(svg("text", { x: box.x0, y: box.y0 + height * 0.8, "font-size": size, textLength: width, lengthAdjust: "spacingAndGlyphs" }, text));
  }
  return group;
}

// ---- the clean text ----

function cleanRanges() {
  const view = state.view;
  const out = [];
  for (const section of view.sections) {
    const [label, title] = [new Text(section.label).length, new Text(section.title).length];
    const end = section.start + label + title;
    out.push({ start: section.start, end: section.start + label, class: "label" });
    if (view.chars.slice(section.start + label, end) === section.title) out.push({ start: section.start + label, end, class: "title" });
  }
  view.findings.forEach((finding) => {
    if (finding.start === null || finding.start === finding.end) return;
    out.push({ start: finding.start, end: finding.end, class: "found s-" + finding.severity, title: messageOf(finding) });
  });
  view.repairs.forEach((repair) => {
    out.push({ start: repair.start, end: repair.end, class: "repaired", title: whyOf(repair), repair });
  });
  for (const figure of view.indicators) {
    out.push({ start: figure.start, end: figure.end, class: classOf(figure), figure, title: titleOf(figure) });
    for (const candidate of figure.suspects) {
      const at = figure.mention.indexOf(plain(figure.value));
      const [own] = differing(plain(figure.value), plain(candidate));
      if (at >= 0 && own.length === plain(candidate).length) {
        own.forEach((differs, i) => differs && out.push({ start: figure.start + at + i, end: figure.start + at + i + 1, class: "suspect", title: t("suspect") }));
      }
    }
  }
  return out;
}

function showClean() {
  const view = state.view;
  state.marks.clean.clear();
  const spans = view.paragraphs.map((paragraph) => [paragraph.start, paragraph.end]);
  const touching = spread(spans, cleanRanges());
  const heads = new Map(view.sections.map((section) => [section.start, section]));
  const shownParagraph = (paragraph, i) => {
    const section = heads.get(paragraph.start);
    const level = view.sectionBy.has(paragraph.section) ? view.sectionBy.get(paragraph.section).level : 0;
    const pieces = segments(paragraph.start, paragraph.end, touching[i]).flatMap(([from, to, ranges]) => {
      const begun = ranges.filter((range) => range.repair && range.start === from);
      const struck = begun.map(({ repair }) => el("del", { title: whyOf(repair) }, ...shown(repair.from || "∅")));
      return [...struck, ...stretch("clean", view.chars.slice(from, to), ranges)];
    });
    const whole = section && paragraph.end - paragraph.start <= new Text(section.label + section.title).length + 1;
    const id = section ? "s-" + section.id : null;
    return el("p", { id, class: `level-${Math.min(level, 4)}${whole ? " heading" : ""}`, "data-start": paragraph.start }, pieces);
  };
  $("clean-body").replaceChildren();
  fillIn($("clean-body"), view.paragraphs, 100, (some, from) => some.map((paragraph, i) => shownParagraph(paragraph, from + i)));
}

function showOutline() {
  const view = state.view;
  $("outline").hidden = !view.sections.length;
  $("outline").open = false;
  const go = (section) => () => { $("outline").open = false; goTo(section.start); };
  const items = view.sections.map((section) => {
    const count = view.indicators.filter((figure) => figure.start >= section.start && figure.end <= section.end);
    const doubts = count.filter(isDoubted).length;
    const button = el("button", { type: "button", onclick: go(section) }, el("b", null, section.label), " ", ...shown(section.title || view.chars.slice(section.start + section.label.length, section.start + section.label.length + 16) + "…"));
    return el("li", { class: `level-${Math.min(section.level, 4)}` }, button, doubts ? el("span", { class: "badge alarm" }, String(doubts)) : null);
  });
  $("outline").querySelector("nav").replaceChildren(el("ol", null, items));
}

/** Shows the place of the clean text where code point `start` is. */
function goTo(start) {
  makeAll();
  const paragraphs = [...$("clean-body").children].filter((node) => Number(node.dataset.start) <= start);
  if (!paragraphs.length) return;
  const node = paragraphs[paragraphs.length - 1];
  if (narrow.matches) showPane("clean");
  reveal($("clean-body"), node, 0.1);
  flash(node);
  const paragraph = state.view.paragraphs[paragraphs.length - 1];
  const place = paragraph.at[0];
  if (place && place[0] === 0) showLine(place[1]);
}

/** Shows the line of the first file in which code point `start` stands. */
function showLine(start) {
  makeAll();
  const file = state.view.files[0];
  const at = file.lines.findIndex(([from, to]) => from <= start && start <= to);
  const node = $("original-body").querySelectorAll(".line")[at];
  if (node) { reveal($("original-body"), node, 0.3); flash(node); }
}

function flash(node) {
  node.classList.remove("flash");
  void node.getBoundingClientRect();
  node.classList.add("flash");
}

// ---- the table of indicators ----

// So many rows are laid out together, once they are near to what is seen.
const ROWS = 50;

const COLUMNS_OF_FIGURES = ["name", "value", "measure", "period", "doubt"];

function showTable() {
  const view = state.view;
  state.marks.table.clear();
  if (!view.indicators.length) return $("table-body").replaceChildren(el("p", { class: "notice" }, t("no_figures")));
  const head = COLUMNS_OF_FIGURES.map((key) => el("th", { scope: "col", class: "c-" + key, role: "columnheader" }, key === "name" ? `${t("name")} · ${t("concept")}` : t(key)));
  const none = el("p", { class: "notice", id: "none-shown", hidden: true }, t("none_shown"));
  const table = el("table", { class: "figures", role: "table" }, el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, head)), goneRows());
  fillIn(table, view.indicators, ROWS, (some) => [sized(el("tbody", { role: "rowgroup" }, some.map(tableRow)))]);
  $("table-body").replaceChildren(table, none);
}

/** Indicators that the snapshot has and the page has not any more, struck out. */
function goneRows() {
  const { changes } = state.view;
  const gone = changes === null ? [] : changes.all.filter((change) => change.field === "removed");
  if (!gone.length) return null;
  return sized(el("tbody", { role: "rowgroup" }, gone.map((change) => el("tr", { role: "row", class: "changed" },
    el("th", { role: "rowheader", scope: "row", class: "c-name" }, el("del", null, ...shown(change.label))),
    el("td", { role: "cell", class: "c-value" }, el("del", null, ...shown(change.old))),
    el("td", { role: "cell", class: "gone" }, t("gone"))))));
}

/** Says how many rows a group shows, so that one that is not laid out has about its height. */
function sized(group) {
  let rows = 0;
  for (const row of group.children) rows += row.hidden ? 0 : 1;
  group.style.setProperty("--rows", rows);
  return group;
}

/** A value as it is printed, the digits that may be misread made conspicuous. */
function valueOf(figure) {
  const at = figure.value ? figure.mention.indexOf(plain(figure.value)) : -1;
  if (at < 0 || !figure.suspects.length) return shown(figure.mention);
  const digits = plain(figure.value);
  const flags = digits.split("").map(() => false);
  for (const candidate of figure.suspects) {
    differing(digits, plain(candidate))[0].forEach((differs, i) => { flags[i] = flags[i] || differs; });
  }
  return [...shown(figure.mention.slice(0, at)), ...marked(digits, flags), ...shown(figure.mention.slice(at + digits.length))];
}

function tableRow(figure) {
  const concept = figure.concept ? el("span", { class: "concept", title: figure.concept }, ...shown(conceptOf(figure.concept)), el("i", null, figure.concept)) : null;
  const row = el("tr", { role: "row", "data-id": figure.id, class: [isDoubted(figure) && "doubted", isChanged(figure) && "changed"].filter(Boolean).join(" ") || null },
    el("th", { role: "rowheader", scope: "row", class: "c-name" }, was(figure, "name"), el("button", { type: "button", class: "pick" }, ...shown(figure.name)), concept),
    el("td", { role: "cell", class: "c-value" }),
    el("td", { role: "cell", class: "c-measure" }, was(figure, "measure"), el("span", { class: "tag m-" + figure.measure }, code("measure", figure.measure))),
    el("td", { role: "cell", class: "c-period" }, was(figure, "period"), periodOf(figure.period), figure.status !== "actual" ? el("span", { class: "status" }, code("status", figure.status)) : null),
    el("td", { role: "cell", class: "c-doubt" }),
  );
  fillRow(row, figure);
  row.hidden = state.open !== null && !state.open.has(figure.id);
  if (figure.id === state.selected) row.setAttribute("aria-current", "true");
  state.marks.table.set(figure.id, row);
  return row;
}

/** What of a row a decision changes: value and signs. */
function fillRow(row, figure) {
  const view = state.view;
  const decision = decisionOf(figure.sha256, figure);
  const signs = [];
  const failed = outcomes(figure).includes("mismatch");
  const words = figure.doubts.map((i) => messageOf(view.findings[i])).join("\n");
  if (decision) {
    const said = isGiven(figure) ? appliedOf(figure) : t(decision.decision);
    signs.push(el("span", { class: "sign d-" + decision.decision, title: said }, SIGNS[decision.decision], el("span", { class: "only-heard" }, said)));
  }
  if (isDoubted(figure)) signs.push(el("span", { class: "sign alarm", title: words }, failed ? "≠" : "?", el("span", { class: "only-heard" }, words)));
  else if (isMended(figure)) signs.push(el("span", { class: "sign amber", title: t("mended") }, "~"), el("span", { class: "amber" }, t("mended")));
  const doubtWords = [...new Set(figure.doubts.map((i) => code("finding", view.findings[i].code)))];
  const corrected = decision && decision.value !== null ? el("span", { class: "corrected" }, "→ " + decision.value) : "";
  row.classList.toggle("decided", decision !== null && !isGiven(figure));
  row.querySelector(".c-value").replaceChildren(...was(figure, "value"), ...valueOf(figure), corrected);
  row.querySelector(".c-doubt").replaceChildren(...signs, doubtWords.length ? el("span", { class: "why" }, doubtWords.join(t("comma"))) : "");
}

/** True where what is decided of a figure is what was decided before the report was written. */
const isGiven = (figure) => figure.reviewed !== null && !kept.get(figure.sha256).has(figure.key);

// ---- what a decision changes is drawn in place, and never while a button of the mouse is down: a click ends on
// what it began on ----

const undrawn = new Set();
let pressing = false;

function redraw(figure) {
  undrawn.add(figure);
  if (!pressing) drawDecisions();
}

function drawDecisions() {
  for (const figure of undrawn) {
    const row = state.view && state.view.by.get(figure.id) === figure && state.marks.table.get(figure.id);
    if (!row) continue;
    fillRow(row, figure);
    if (figure.id === state.selected && $("detail")) fillForm($("detail"), figure);
  }
  undrawn.clear();
}

function press() {
  pressing = true;
}

function release() {
  setTimeout(() => { pressing = false; drawDecisions(); }); // behind the click
}

/** Takes what is being typed about a figure, before the fields go away. */
function commit() {
  if (document.activeElement && document.activeElement.matches("#detail input")) document.activeElement.blur();
}

// Which column shows that a field changed; of the others the details tell.
const COLUMN_OF = { value: "value", unit: "value", mention: "value", precision: "value", "base value": "value", renamed: "name", measure: "measure", period: "period", status: "period" };

/** What stood in a column before, struck out. */
function was(figure, column) {
  return figure.changes.filter((change) => change.old !== null && COLUMN_OF[change.field] === column)
    .map((change) => el("del", { class: "was", title: t("was") }, el("span", { class: "only-heard" }, t("was") + " "), ...shown(change.old)));
}

/** The changes of an indicator, each in words. */
function changesOf(figure) {
  if (!isChanged(figure)) return null;
  return el("ul", { class: "changes" }, figure.changes.map((change) => el("li", null, el("b", null, t("change")), " ", wordsOfChange(change))));
}

/** All that is known of the selected indicator, below its row. */
function showDetail() {
  const old = $("detail");
  const figure = state.view && state.view.by.get(state.selected);
  const row = figure && state.marks.table.get(figure.id);
  if (old && row && old.previousElementSibling === row) return; // somebody may be typing in it
  if (old) {
    commit();
    old.remove();
  }
  if (!row || !row.isConnected) return;
  const item = (key, ...value) => [el("dt", null, t(key)), el("dd", null, ...value)];
  const view = state.view;
  const facts = [
    ...item("quote", quoteOf(figure)),
    ...(sectionPath(figure) ? item("section", ...shown(sectionPath(figure))) : []),
    ...item("where", `${lineOf(figure.bytes)} · ${t("bytes", figure.bytes.start, figure.bytes.end)}`),
  ];
  if (figure.base_value && figure.base_value !== figure.value) facts.push(...item("in_base", figure.base_value + " " + figure.base_unit));
  if (figure.precision !== "exact") facts.push(...item("bounds", `${code("precision", figure.precision)} ${figure.lower ?? "…"} – ${figure.upper ?? "…"}`));
  if (figure.basis) facts.push(...item("basis", code("basis", figure.basis)));
  if (figure.period) facts.push(...item("period", `${figure.period.start}…${figure.period.end}`, figure.period.text ? `（${figure.period.text}${figure.period.inherited ? t("comma") + t("inherited") : ""}）` : ""));
  if (figure.of && view.by.has(figure.of)) facts.push(...item("relation", related(figure)));
  if (figure.reviewed) facts.push(el("dt", { class: "d-" + figure.reviewed.decision }, appliedOf(figure)), el("dd", null, ...shown(figure.reviewed.note || figure.reviewed.origin)));
  const drawn = outcomes(figure).includes("mismatch");
  for (const i of oneOfEach(figure.doubts).filter((i) => !drawn || view.findings[i].code !== "check-failed")) facts.push(el("dt", { class: "alarm" }, code("finding", view.findings[i].code)), el("dd", { title: view.findings[i].message }, ...shown(wordsOf(view.findings[i]))));
  if (figure.repair) facts.push(...item("mended", el("del", null, ...shown(figure.repair.from)), " → ", ...shown(figure.mention), " ", el("span", { class: "quiet" }, code("repair", figure.repair.why))));
  const checks = figure.checks.map((check) => checkCard(check));
  row.after(el("tr", { id: "detail", class: "detail", role: "row" }, el("td", { role: "cell", colspan: COLUMNS_OF_FIGURES.length }, changesOf(figure), decisionForm(figure), el("dl", null, facts), checks)));
}

/** Findings at `places`, of those that say the same the first. */
function oneOfEach(places) {
  const said = places.map((i) => messageOf(state.view.findings[i]));
  return places.filter((_, at) => said.indexOf(said[at]) === at);
}

/** What a reviewer decided before the record was written. */
function appliedOf(figure) {
  return t("applied_" + figure.reviewed.decision, figure.reviewed.read);
}

/** The clause, its own number made conspicuous. */
function quoteOf(figure) {
  const at = figure.quote.indexOf(figure.mention);
  if (at < 0) return el("q", null, ...shown(figure.quote));
  return el("q", null, ...shown(figure.quote.slice(0, at)), el("b", null, ...shown(figure.mention)), ...shown(figure.quote.slice(at + figure.mention.length)));
}

function sectionPath(figure) {
  const path = new Set(); // a record may be of anybody: none is gone through twice
  for (let section = state.view.sectionBy.get(figure.section); section && !path.has(section); section = state.view.sectionBy.get(section.parent)) path.add(section);
  return [...path].reverse().map((section) => section.label + section.title).join(" / ");
}

function related(figure) {
  const [before, after] = t("relation_" + figure.relation, "\u0000").split("\u0000");
  return el("span", null, before, link(state.view.by.get(figure.of)), after);
}

/** A button that leads to an indicator. */
function link(figure, ...content) {
  const text = content.length ? content : shown(`${figure.name} ${figure.mention}`);
  return el("button", { type: "button", class: "link", "data-go": figure.id }, ...text);
}

function decisionForm(figure) {
  const button = (kind) => el("button", { type: "button", class: "decide d-" + kind, "data-decide": kind, onclick: () => decideBy(figure, kind) }, SIGNS[kind] + " " + t(kind));
  const value = el("input", {
    id: "correct-value", inputmode: "decimal", autocomplete: "off", size: 9, "aria-label": t("correct_value", figure.unit), title: t("correct_value", figure.unit),
    placeholder: figure.value || "", onchange: () => corrected(figure, value),
  });
  const note = el("input", { id: "correct-note", class: "note", autocomplete: "off", "aria-label": t("note"), placeholder: t("note"), onchange: () => decide(figure, { note: note.value.trim() || null }) });
  const undo = el("button", { type: "button", class: "link", "data-decide": "undo", onclick: () => decide(figure, { decision: null }) }, t("clear"));
  const form = el("div", { class: "decisions", role: "group", "aria-label": t("decision") },
    el("span", { class: "quiet" }, t("decision")), button("right"), button("wrong"),
    figure.value !== null ? el("span", { class: "give" }, button("corrected"), value, el("span", { class: "unit" }, ...shown(figure.unit))) : null,
    note, undo);
  fillForm(form, figure);
  return form;
}

/** Presses one of the buttons: what is decided so already is taken back. */
function decideBy(figure, kind) {
  if (kind === "corrected") return $("correct-value").focus();
  const decision = decisionOf(figure.sha256, figure);
  decide(figure, { decision: decision && decision.decision === kind ? null : kind });
}

/** Lets the form show what is decided; a field in which somebody types is left alone. */
function fillForm(form, figure) {
  const entry = entryOf(figure.sha256, figure) || { decision: null, value: null, note: null };
  for (const button of form.querySelectorAll("[data-decide]")) {
    const kind = button.dataset.decide;
    if (kind !== "undo") button.setAttribute("aria-pressed", String(entry.decision === kind));
    else {
      if (button === document.activeElement && entry.decision === null) form.querySelector("[data-decide]").focus();
      button.hidden = entry.decision === null;
    }
  }
  for (const [id, text] of [["value", entry.value], ["note", entry.note]]) {
    const input = form.querySelector("#correct-" + id);
    if (input && input !== document.activeElement) input.value = text || "";
  }
}

/** Forgets what was typed into a field of the form and not yet taken. */
function forget(input) {
  const figure = input.closest("#detail") && state.view.by.get(state.selected);
  if (!figure) return;
  const entry = entryOf(figure.sha256, figure);
  input.setCustomValidity("");
  input.value = (entry && (input.id === "correct-value" ? entry.value : entry.note)) || "";
}

/** Takes the value that was typed, as the page would print it. */
function corrected(figure, input) {
  const value = input.value.trim().normalize("NFKC").replace(/[,\s]/g, "").replace(/^\+/, "").replace(/^-?\./, (dot) => dot.replace(".", "0."));
  if (!value) {
    const decision = decisionOf(figure.sha256, figure);
    if (decision && decision.decision === "corrected") decide(figure, { decision: null });
    return;
  }
  const refusal = refusalOf(figure, value);
  if (refusal === null) return decide(figure, { decision: "corrected", value });
  input.setCustomValidity(refusal);
  input.reportValidity();
  say(refusal, true);
  input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
}

// So many digits has a number that is taken back in at most.
const DIGITS = 27;

/** Why gongbao would not take this value of a figure; null where it would. */
function refusalOf(figure, value) {
  if (!/^-?\d+(\.\d+)?$/.test(value)) return t("not_a_number");
  if (value.replace(/\D/g, "").length > DIGITS) return t("too_long", DIGITS);
  const { precision, lower, upper } = figure;
  const outside = (lower !== null && compare(value, lower) < 0) || (upper !== null && compare(value, upper) > 0);
  return precision === "range" && outside ? t("outside", lower === null ? "…" : lower, upper === null ? "…" : upper) : null;
}

// ---- checks: what adds up to what ----

const WORST = ["mismatch", "partial", "rounding", "ok"];

function showChecks() {
  const checks = [...state.view.checks].sort((a, b) => WORST.indexOf(a.status) - WORST.indexOf(b.status));
  const cards = checks.map(checkCard);
  $("checks-body").replaceChildren(...(cards.length ? cards : [el("p", { class: "notice" }, t("no_checks"))]));
}

function checkCard(check) {
  const view = state.view;
  const total = view.by.get(check.total);
  const parts = check.parts.map((id) => view.by.get(id)).filter(Boolean);
  const size = (digits) => Math.abs(Number(digits)) || 0;
  const adds = check.kind === "sum" || check.kind === "shares";
  const whole = adds ? check.expected : null;
  const most = Math.max(size(whole), size(adds ? check.actual : 0), ...parts.map((part) => size(part.base_value)), 1e-30);
  const bar = (digits, cls, before) => {
    const out = el("i", { class: "bar " + (cls || "") });
    out.style.setProperty("--size", `${(100 * size(digits)) / most}%`);
    out.style.setProperty("--before", `${(100 * (before || 0)) / most}%`);
    return el("span", { class: "track", "aria-hidden": "true" }, out);
  };
  const suspects = new Set(check.candidates.map((candidate) => candidate.id));
  const row = (figure, digits, cls, before) => el("tr", { class: cls },
    el("th", { scope: "row" }, link(figure, ...shown(figure.name))), el("td", { class: "c-value" + (suspects.has(figure.id) ? " suspected" : "") }, valueOf(figure)), el("td", null, digits ? bar(digits, cls === "whole" ? "whole" : "", before) : null));
  const rows = [];
  if (adds) rows.push(total ? row(total, check.expected, "whole") : el("tr", { class: "whole" }, el("th", { scope: "row" }, t("hundred")), el("td", { class: "c-value" }, "100%"), el("td", null, bar("100", "whole"))));
  else if (total) rows.push(row(total, null, "whole"));
  let before = 0;
  for (const part of parts) {
    rows.push(row(part, part.base_value, "", adds ? before : 0));
    before += Number(part.base_value) || 0;
    for (const term of (adds && part.components) || []) {
      rows.push(el("tr", null, el("th"), el("td", { class: "c-value" }, term + "%"), el("td", null, bar(term, "", before))));
      before += Number(term) || 0;
    }
  }
  const failed = check.status === "mismatch";
  const gap = check.difference && size(check.difference) > 0 ? check.difference : null;
  if (adds && gap) {
    const less = gap.startsWith("-");
    rows.push(el("tr", { class: failed ? "gap-row alarm" : "gap-row" }, el("th", { scope: "row" }, t(less ? "gap_less" : "gap_more")), el("td", { class: "c-value" }, inUnit(plain(gap), total || { value: "1", base_value: "1", unit: "%", base_unit: "%" })), el("td", null, bar(gap, "hatched", less ? size(check.actual) : size(check.expected)))));
  }
  const unit = total || { value: "1", base_value: "1", unit: "%", base_unit: "%" };
  const says = total ? [t("page_says"), " ", el("b", null, inUnit(check.expected, unit)), t("comma")] : [];
  const sums = el("p", { class: "sums" }, says, t("parts_give"), " ", el("b", { class: failed ? "alarm" : null }, inUnit(check.actual, unit)));
  return el("article", { class: "check o-" + check.status },
    el("h3", null, el("span", { class: "outcome" }, failed ? "≠ " : check.status === "partial" ? "⊂ " : "= ", code("outcome", check.status)), el("span", { class: "quiet" }, code("check", check.kind))),
    el("table", null, el("tbody", null, rows)), sums, failed ? suggestions(check) : null);
}

/** The values of one term that would mend a check, what differs made conspicuous. */
function suggestions(check) {
  const items = check.candidates.map((candidate) => {
    const figure = state.view.by.get(candidate.id);
    if (!figure) return null;
    const value = figure.value || (figure.components || []).join(":");
    const [own, other] = differing(plain(value), plain(candidate.value));
    const adopt = el("button", { type: "button", class: "adopt", "data-adopt": candidate.value, "data-of": figure.id }, t("adopt"));
    return el("li", null, link(figure, ...shown(figure.name)), " ", el("span", { class: "from" }, marked(plain(value), own)), " → ", el("span", { class: "to" }, marked(plain(candidate.value), other)), ...shown(figure.unit), figure.value ? adopt : null);
  }).filter(Boolean);
  if (!items.length) return el("p", { class: "hint" }, t("nothing_fits"));
  return el("div", { class: "hint" }, el("p", null, t("would_fit")), el("ul", null, items));
}

// ---- changes: what is not as the snapshot has it ----

const nodeOf = { "": (text) => text, old: (text) => el("del", null, text), new: (text) => el("ins", null, text) };

/** A change as the terminal tells it: what it is of, then what was and is. */
function wordsOfChange(change) {
  const parts = change.parts.map(([kind, text]) => nodeOf[kind](shownText(text)));
  return el("span", { class: "words" }, ...shown(change.label), ": ", parts);
}

function showChanges() {
  const { changes } = state.view;
  $("view-changes").hidden = changes === null;
  if (changes === null) return $("changes-body").replaceChildren();
  const seen = (head, at) => (at ? el("p", { class: "seen" }, el("span", { class: "quiet" }, `${t(head)} ${t("line", at.line)} `), ...shown(at.text)) : null);
  const items = changes.all.map((change) => {
    const there = change.id !== null && state.view.by.has(change.id);
    const words = wordsOfChange(change);
    const button = there ? el("button", { type: "button", class: "go", "data-go": change.id }, words)
      : change.start !== null ? el("button", { type: "button", class: "go", onclick: () => goToItem({ start: change.start, end: change.start + 1, at: [] }) }, words) : words;
    const same = change.before && change.after && change.before.text === change.after.text && change.before.line === change.after.line;
    return el("li", { class: change.note ? "settled" : null, "data-of": there ? change.id : null },
      button, el("span", { class: "kind" }, change.kind, change.note ? t("comma") + code("verdict", change.note) : ""),
      same ? seen("at_line", change.before) : [seen("old_line", change.before), seen("new_line", change.after)]);
  });
  $("changes-body").replaceChildren(el("h3", null, code("how", changes.how)), el("ol", { class: "changes" }, items));
}

/** Marks the changes of the chosen indicator, and shows the first. */
function markChanges() {
  let first = null;
  for (const item of $("changes-body").querySelectorAll("li")) {
    const chosen = state.selected !== null && item.dataset.of === state.selected;
    item.classList.toggle("chosen", chosen);
    if (chosen && !first) first = item;
  }
  if (first) reveal($("changes-body"), first, 0.25);
}

/** To the next changed indicator of the page, from the last on to the next page. */
function nextChange() {
  const { view, order } = state;
  const at = order.indexOf(state.selected);
  const next = order.find((id, i) => i > at && isChanged(view.by.get(id)));
  if (next) return select(next, state.tab === "changes");
  const page = index.pages.findIndex((other, i) => i > state.page && other.changes > 0);
  if (page < 0) return say(t("no_more_changes"), true);
  openPage(page);
}

// ---- notes: what was mended and found ----

function showNotes() {
  const view = state.view;
  const go = (item) => el("button", { type: "button", class: "link", onclick: () => goToItem(item) }, item.line ? t("line", item.line) : "—");
  const list = (key, items) => (items.length ? [el("h3", null, t(key), el("span", { class: "badge" }, String(items.length))), el("ul", { class: "notes" }, items)] : []);
  const findings = [...view.findings].sort((a, b) => (a.severity === b.severity ? 0 : ["error", "warning", "info"].indexOf(a.severity) - ["error", "warning", "info"].indexOf(b.severity)));
  const lost = lostOf(view.sha256);
  const drop = (key) => el("button", { type: "button", class: "link", "data-drop": key, onclick: () => dropLost(view.sha256, key) }, t("drop"));
  const nodes = [
    ...list("lost", lost.map(([key, entry]) => el("li", { class: "s-warning" }, el("b", null, ...shown(entry.name)), " ", ...shown(entry.mention), ` ${t(entry.decision)} ${entry.value || ""} `, drop(key)))),
    ...list("findings", findings.map((finding) => el("li", { class: "s-" + finding.severity }, el("b", null, code("finding", finding.code)), " ", el("span", { title: finding.message }, ...shown(sentenceOf(finding))), " ", go(finding)))),
    ...list("repairs", view.repairs.map((repair) => el("li", null, el("del", null, ...shown(repair.from || "∅")), " → ", el("ins", null, ...shown(repair.to)), " ", el("span", { class: "quiet" }, code("repair", repair.why)), " ", go(repair)))),
    ...list("jumps", view.jumps.map((jump) => el("li", null, el("b", null, code("jump", jump.kind)), " ", ...shown(jump.text), " ", go(jump)))),
  ];
  $("notes-body").replaceChildren(...(nodes.length ? nodes : [el("p", { class: "notice" }, t("no_notes"))]));
  const label = (key, count, alarming) => [t(key), " ", el("span", { class: "badge" + (alarming ? " alarm" : "") }, String(count))];
  $("view-table").replaceChildren(...label("figures", view.indicators.length));
  $("view-checks").replaceChildren(...label("checks", view.checks.length, view.checks.some((check) => check.status === "mismatch")));
  if (view.changes) $("view-changes").replaceChildren(...label("changes", view.changes.all.length));
  $("view-notes").replaceChildren(...label("notes", lost.length + view.findings.length + view.repairs.length + view.jumps.length));
}

/** Leads to a finding, repair or jump line: to its indicator where it has one. */
function goToItem(item) {
  const figure = item.start !== undefined && item.start !== null && state.view.indicators.find((x) => x.start < item.end && item.start < x.end);
  if (figure) return select(figure.id);
  if (item.start !== undefined && item.start !== null) return goTo(item.start);
  if (item.at.length && item.at[0][0] === 0) {
    if (narrow.matches) showPane("original");
    showLine(item.at[0][1]);
  }
}

