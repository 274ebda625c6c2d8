// Opens review reports in chromium and uses them as people do. Every check that fails is told; the exit code is 1.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync, rmSync, statSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const program = process.env.GONGBAO;
const root = process.env.GONGBAO_ROOT;
const shots = process.env.GONGBAO_SHOTS;

/** So long may a report of 200 pages take until its index stands, and until one of its pages is open, in ms. */
const LOAD_MOST = 3000;
const OPEN_MOST = 2000;
/** Until a page of 10,000 figures is there to be read. */
const LARGE_MOST = 1000;

const folder = mkdtempSync(join(tmpdir(), "gongbao-browser-"));
const at = (name) => join(folder, name);
const gongbao = (...words) => execFileSync(program, words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });

const launch = (...more) => chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [...more, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

const browser = await launch();

/** Opens a report; whatever it says on the console or asks of the network is kept in `loud`. */
async function open(file, options = {}, from = browser) {
  const context = await from.newContext({ viewport: { width: 1400, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.loud = [];
  page.on("console", (message) => page.loud.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => page.loud.push(`error: ${error.stack}`));
  page.on("dialog", (dialog) => { page.loud.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    const url = request.url();
    if (url !== "file://" + file && !/^(data|blob):/.test(url)) page.loud.push(`request: ${url}`);
  });
  const begun = performance.now();
  await page.goto("file://" + file);
  page.took = performance.now() - begun;
  return page;
}

async function close(page) {
  assert.deepEqual(page.loud, [], "nothing on the console, nothing asked of the network");
  await page.context().close();
}

/** The text that is lit up in a pane, its blanks and line breaks taken out. */
const lit = (page, pane) =>
  page.$$eval(`#${pane}-body .selected`, (nodes) => nodes.map((node) => (node.querySelector("text") || node).textContent).join("").replace(/\s/g, ""));
const current = (page) => page.$eval("#table-body tr[aria-current]", (row) => row.dataset.id);
const chosen = (page) => page.$eval("#table-body tr[aria-current] .c-value", (cell) => cell.firstChild.textContent === null ? "" : cell.textContent);

let failed = 0;
async function test(name, run) {
  const begun = performance.now();
  try {
    const said = await run();
    console.log(`ok    ${name} (${Math.round(performance.now() - begun)} ms${said ? "; " + said : ""})`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.stack}`);
  }
}

const SAMPLES = ["gb18030", "big5-traditional", "narrow-columns", "damaged-digits", "jump-lines"].map((name) => `samples/${name}.txt`);

await test("a click lights up the same bytes in all three panes", async () => {
  gongbao("report", ...SAMPLES, "--out", at("samples.html"));
  let seen = 0;
  for (const [number, name] of SAMPLES.entries()) {
    const record = JSON.parse(gongbao("extract", name));
    const bytes = readFileSync(join(root, name));
    const decoder = new TextDecoder(record.source.encoding);
    const page = await open(at("samples.html"));
    await page.click(`#index-table tbody tr:nth-child(${number + 1}) a`);
    const every = Math.ceil(record.indicators.length / 12);
    for (const figure of record.indicators.filter((_, i) => i % every === 0)) {
      const pieces = figure.source.pieces || [figure.source];
      const printed = pieces.map((piece) => decoder.decode(bytes.subarray(piece.start, piece.end))).join("").replace(/\s/g, "");
      const mark = `#clean-body mark[data-id="${figure.id}"]`;
      await page.$eval(mark, (node) => node.scrollIntoView({ block: "center" }));
      await page.click(mark);
      assert.equal(await lit(page, "original"), printed, `${name} ${figure.id}: original`);
      assert.equal(await lit(page, "clean"), figure.mention.replace(/\s/g, ""), `${name} ${figure.id}: clean text`);
      assert.equal(await current(page), figure.id, `${name}: table`);
      assert.ok((await page.textContent("#detail")).includes(`${figure.source.start}–${figure.source.end}`), "the bytes are named");
      seen += 1;
    }
    // the other ways round: from the table, and from the original
    const last = record.indicators.at(-1);
    await page.click(`#table-body tr[data-id="${last.id}"] .pick`);
    assert.equal(await lit(page, "clean"), last.mention.replace(/\s/g, ""));
    const first = record.indicators[0];
    await page.$eval(`#original-body mark[data-id="${first.id}"]`, (node) => node.scrollIntoView({ block: "center" }));
    await page.click(`#original-body mark[data-id="${first.id}"]`);
    assert.equal(await current(page), first.id);
    await close(page);
  }
  return `${seen} indicators`;
});

await test("boxes of a scan light up", async () => {
  gongbao("report", "samples/waterworks.hocr", "--out", at("boxes.html"));
  const page = await open(at("boxes.html"));
  const record = JSON.parse(gongbao("extract", "samples/waterworks.hocr"));
  for (const figure of record.indicators) {
    await page.click(`#table-body tr[data-id="${figure.id}"] .pick`);
    const words = await lit(page, "original"); // a word may be longer than the number in it
    assert.ok(words.includes(figure.mention) || figure.mention.split("").every((c) => words.includes(c)), `${figure.mention}: ${words}`);
  }
  await page.click("#as-lines");
  assert.equal(await lit(page, "original"), record.indicators.at(-1).mention);
  await close(page);
});

await test("a hostile page is shown as text, and none of it runs", async () => {
  const evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> <!-- \"'`${alert(3)} &lt;b&gt; \u001b[31m\u202e";
  const text = `${evil}\n一、<b onclick=alert(4)>财政</b>\n全年新增企业"992"户，投资3.5亿元。</title><svg onload=alert(5)>\n`;
  mkdirSync(at("evil"));
  writeFileSync(at("evil/<img src=x onerror=alert(6)>.txt"), text);
  gongbao("report", at("evil/<img src=x onerror=alert(6)>.txt"), "samples/tiny.txt", "--out", at("hostile.html"));
  const page = await open(at("hostile.html"));
  await page.click("#index-table tbody a");
  const shown = await page.textContent("#original-body");
  for (const part of ["</script><script>alert(1)</script>", "<img src=x onerror=alert(2)>", "`${alert(3)}", "&lt;b&gt;", "<svg onload=alert(5)>", "\u241b[31m", "U+202E"]) {
    assert.ok(shown.includes(part), `${part} in ${shown}`);
  }
  assert.equal(await page.$$eval("main script, main img, main b[onclick], main svg[onload]", (nodes) => nodes.length), 0);
  await page.keyboard.press("j");
  await page.fill("#filter-text", evil);
  assert.equal(await page.evaluate(() => document.querySelectorAll("script:not([type])").length), 1);
  // and the policy holds where somebody tries all the same
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return Boolean(window.ran);
  });
  assert.equal(ran, false);
  assert.equal(page.loud.filter((line) => /Content Security Policy/.test(line)).length, 1, page.loud.join("\n"));
  page.loud = [];
  await close(page);
});

await test("keys: n to doubts, j and k through the figures, ? for help", async () => {
  gongbao("report", "samples/gb18030.txt", "--out", at("one.html"));
  const page = await open(at("one.html"));
  const record = JSON.parse(gongbao("extract", "samples/gb18030.txt"));
  const doubted = record.indicators.filter((x) => record.diagnostics.some((d) => d.severity !== "info" && d.start !== null && d.start < x.end && x.start < d.end)).map((x) => x.id);
  assert.ok(doubted.length >= 3);
  for (const id of [...doubted, doubted[0]]) {
    await page.keyboard.press("n");
    assert.equal(await current(page), id);
  }
  await page.keyboard.press("j");
  assert.equal(await current(page), "i2");
  await page.keyboard.press("k");
  assert.equal(await current(page), "i1");
  assert.match(await page.textContent("#said"), /1.*40.*3\.86亿元/);
  // the check says what adds up to what, which figure may be wrong, and what would fit
  const card = await page.textContent("#detail .check");
  for (const part of ["3.86亿元", "3.66亿元", "0.2亿元"]) assert.ok(card.includes(part), card);
  assert.equal(await page.textContent("#detail .check .whole .suspect"), "8");
  assert.equal(await page.$$eval("#detail .adopt", (nodes) => nodes.length), 3);
  await page.keyboard.press("?");
  assert.ok(await page.isVisible("#keys"));
  await page.keyboard.press("Escape");
  await page.keyboard.press("/");
  await page.keyboard.type("公路");
  const hits = record.indicators.filter((x) => x.name.includes("公路") || x.quote.includes("公路")).length;
  const rows = await page.$$eval("#table-body tr[data-id]:not([hidden])", (nodes) => nodes.length);
  assert.ok(rows >= hits && rows < record.indicators.length, `${rows} rows, ${hits} hits`);
  await page.selectOption("#filter-measure", "growth");
  await page.click("#filter-reset");
  await page.waitForFunction((all) => document.querySelectorAll("#table-body tr[data-id]:not([hidden])").length === all, record.indicators.length);
  await close(page);
});

await test("decisions are kept and exported, and extract --corrections takes them", async () => {
  const page = await open(at("one.html"));
  await page.keyboard.press("n");
  await page.click(`#detail .adopt[data-of="i1"]`); // 3.86 → 3.66
  await page.keyboard.press("j");
  await page.keyboard.press("y");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.fill("#correct-note", "看不清 \"<b>\"");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await page.click(`#table-body tr[data-id="i5"] .pick`);
  await page.keyboard.press("e");
  await page.keyboard.type("15.0");
  await page.keyboard.press("Enter");
  assert.equal(await page.textContent("#decided"), "4");
  await page.reload();
  assert.equal(await page.textContent("#decided"), "4", "kept over a reload");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
  assert.equal(download.suggestedFilename(), "corrections.json");
  await download.saveAs(at("corrections.json"));
  const file = JSON.parse(readFileSync(at("corrections.json"), "utf8"));
  assert.equal(file.schema, "gongbao-corrections/1");
  const before = JSON.parse(gongbao("extract", "samples/gb18030.txt"));
  assert.equal(file.pages[0].sha256, before.source.sha256);
  const after = JSON.parse(gongbao("extract", "--corrections", at("corrections.json"), "samples/gb18030.txt"));
  const said = after.corrections.map((c) => [c.indicator, c.decision, c.read, c.note]);
  assert.deepEqual(said, [["i1", "corrected", 3.86, null], ["i2", "right", null, null], ["i3", "wrong", null, "看不清 \"<b>\""], ["i5", "corrected", before.indicators[4].value, null]]);
  assert.equal(after.indicators[0].value, 3.66);
  assert.equal(after.checks.find((check) => check.total === "i1").status, "ok");
  assert.match(gongbao("extract", "--corrections", at("corrections.json"), "samples/gb18030.txt"), /"value": 15\.0,/, "its digits are those that were typed");
  assert.ok(!after.diagnostics.some((d) => d.code === "correction-unfit"));
  await close(page);
});

const exported = async (page) => {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
  await download.saveAs(at("exported.json"));
  return JSON.parse(readFileSync(at("exported.json"), "utf8"));
};
/** What the export has: indicators that it is of, decisions, values, notes. */
const decidedIn = (file) => file.pages.flatMap((page) => page.corrections.map((c) => [c.mention, c.decision, c.value, c.note]));
const pressed = (page) => page.$$eval("#detail [aria-pressed=true]", (nodes) => nodes.map((node) => node.dataset.decide));

await test("whatever follows what was typed, nothing is lost", async () => {
  const first = async () => {
    const page = await open(at("one.html"));
    await page.keyboard.press("n");
    return page;
  };
  const sequences = {
    "a note, then a click on wrong": [async (page) => { await page.fill("#correct-note", "核"); await page.click("[data-decide=wrong]"); }, [["3.86亿元", "wrong", null, "核"]]],
    "a value, then a click on wrong": [async (page) => { await page.fill("#correct-value", "3.66"); await page.click("[data-decide=wrong]"); }, [["3.86亿元", "wrong", null, null]]],
    "a value, then a click on adopt": [async (page) => { await page.fill("#correct-value", "3.67"); await page.click('#detail .adopt[data-of="i1"]'); }, [["3.86亿元", "corrected", "3.66", null]]],
    "a value, then a click on another row": [async (page) => {
      await page.fill("#correct-value", "3.66");
      await page.click('#table-body tr[data-id="i3"] .pick');
      assert.equal(await current(page), "i3");
    }, [["3.86亿元", "corrected", "3.66", null]]],
    "a value, Tab, a note": [async (page) => {
      await page.click("#correct-value");
      await page.keyboard.type("3.66");
      await page.keyboard.press("Tab");
      await page.keyboard.type("query the county");
      await page.keyboard.press("Enter");
    }, [["3.86亿元", "corrected", "3.66", "query the county"]]],
    "a value, then the next page": [async (page) => { await page.fill("#correct-value", "3.66"); await page.reload(); }, [["3.86亿元", "corrected", "3.66", null]]],
    "a note is no decision": [async (page) => {
      await page.fill("#correct-note", "核");
      await page.keyboard.press("Enter");
      assert.equal(await page.textContent("#decided"), "0");
      await page.reload(); // the address has what was selected
      assert.equal(await page.inputValue("#correct-note"), "核");
      await page.keyboard.press("y");
    }, [["3.86亿元", "right", null, "核"]]],
    "Escape takes back what was typed": [async (page) => {
      await page.keyboard.press("y");
      await page.keyboard.press("e");
      await page.keyboard.type("9");
      await page.keyboard.press("Escape");
      assert.equal(await page.inputValue("#correct-value"), "");
      await page.click("#correct-note");
      await page.keyboard.type("9");
      await page.keyboard.press("Escape");
    }, [["3.86亿元", "right", null, null]]],
    "an emptied value takes the decision back, not the note": [async (page) => {
      await page.fill("#correct-note", "核");
      await page.fill("#correct-value", "3.66");
      await page.keyboard.press("Enter");
      await page.fill("#correct-value", "");
      await page.keyboard.press("Enter");
      assert.equal(await page.textContent("#decided"), "0");
      assert.equal(await page.inputValue("#correct-note"), "核");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Escape");
      await page.keyboard.press("x");
    }, [["3.86亿元", "wrong", null, "核"]]],
    "keys do nothing behind the help": [async (page) => { await page.keyboard.press("y"); await page.keyboard.press("?"); await page.keyboard.press("x"); await page.keyboard.press("u"); await page.keyboard.press("j"); await page.keyboard.press("Escape"); }, [["3.86亿元", "right", null, null]]],
    "a number that gongbao cannot hold is refused": [async (page) => {
      await page.keyboard.press("y");
      await page.fill("#correct-value", "1." + "3".repeat(28));
      await page.keyboard.press("Enter");
      assert.match(await page.textContent("#said"), /27/);
    }, [["3.86亿元", "right", null, null]]],
  };
  for (const [name, [run, wanted]] of Object.entries(sequences)) {
    const page = await first();
    await run(page);
    assert.deepEqual(decidedIn(await exported(page)), wanted, name);
    await close(page);
  }
  const page = await first();
  await page.click("[data-decide=right]");
  await page.waitForSelector("[data-decide=right][aria-pressed=true]"); // drawn behind the click
  assert.deepEqual(await pressed(page), ["right"]);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.decide), "right", "the focus stays");
  assert.match(await page.textContent("#said"), /对/);
  await page.click("[data-decide=undo]");
  await page.waitForSelector("[data-decide=right][aria-pressed=false]");
  assert.deepEqual(await pressed(page), []);
  assert.equal(await page.textContent("#decided"), "0");
  await page.click('#detail .adopt[data-of="i1"]');
  await page.waitForSelector("[data-decide=corrected][aria-pressed=true]");
  assert.equal(await page.inputValue("#correct-value"), "3.66");
  assert.equal(await page.textContent('#table-body tr[data-id="i1"] .corrected'), "→ 3.66");
  await page.click("#view-checks");
  await page.keyboard.press("e");
  assert.equal(await page.evaluate(() => document.activeElement.id), "correct-value");
  await close(page);
  return `${Object.keys(sequences).length} sequences`;
});

await test("two tabs decide of one page", async () => {
  const one = await open(at("one.html"));
  const other = await one.context().newPage();
  await other.goto("file://" + at("one.html"));
  await one.keyboard.press("n");
  await one.keyboard.press("y");
  await other.waitForFunction(() => document.querySelector("#decided").textContent === "1");
  assert.ok(await other.isVisible('#table-body tr[data-id="i1"].decided'));
  await other.click('#table-body tr[data-id="i3"] .pick');
  await other.keyboard.press("x");
  await one.waitForFunction(() => document.querySelector("#decided").textContent === "2");
  await one.keyboard.press("u");
  assert.equal(decidedIn(await exported(one)).length, 1);
  await other.close();
  await close(one);
});

await test("a browser that keeps nothing says so, and what it holds of another shape does no harm", async () => {
  const page = await open(at("one.html"));
  await page.evaluate(() => { Storage.prototype.setItem = () => { throw new Error("full"); }; });
  await page.keyboard.press("n");
  await page.keyboard.press("y");
  assert.match(await page.textContent("#said.loud"), /不保存/);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  assert.equal(await page.textContent("#decided"), "2", "they are held all the same");
  await page.context().close();
  const { sha256 } = JSON.parse(gongbao("extract", "samples/gb18030.txt")).source;
  for (const odd of [[1], "text", { a: null }, { a: { decision: "constructor" } }, { a: 3 }]) {
    const page = await open(at("one.html"));
    await page.evaluate(([key, odd]) => localStorage.setItem(key, JSON.stringify(odd)), ["gongbao.review." + sha256, odd]);
    await page.reload();
    assert.equal(await page.textContent("#decided"), "0");
    await close(page);
  }
});

await test("decisions from a file go on, and those of figures that are gone can be dropped", async () => {
  const maker = await open(at("one.html"));
  await maker.keyboard.press("n");
  await maker.click('#detail .adopt[data-of="i1"]');
  await maker.keyboard.press("j");
  await maker.keyboard.press("x");
  const given = await exported(maker);
  await close(maker);
  writeFileSync(at("given.json"), JSON.stringify(given));
  gongbao("report", "samples/gb18030.txt", "--corrections", at("given.json"), "--out", at("given.html"));
  let page = await open(at("given.html"));
  assert.equal(await page.textContent("#decided"), "2");
  assert.deepEqual((await exported(page)).pages, given.pages, "they go out as they came in");
  await page.click('#table-body tr[data-id="i1"] .pick');
  await page.fill("#correct-note", "又核");
  await page.keyboard.press("Enter");
  const after = await exported(page);
  assert.deepEqual(after.pages[0].corrections[0], { ...given.pages[0].corrections[0], note: "又核" }, "read is what was read");
  await page.click('#table-body tr[data-id="i2"] .pick');
  await page.keyboard.press("u");
  assert.equal(await page.textContent("#decided"), "1");
  await page.reload();
  assert.equal(await page.textContent("#decided"), "1", "what was taken back stays so");
  await page.click('#table-body tr[data-id="i2"] .pick');
  await page.keyboard.press("y");
  assert.deepEqual(decidedIn(await exported(page)).map((c) => c[1]), ["corrected", "right"]);
  await close(page);
  // read otherwise since: what is decided anew says what is read now, and what is gone is told
  page = await open(at("one.html"));
  await page.keyboard.press("n");
  await page.keyboard.press("y");
  await page.evaluate(() => {
    const name = Object.keys(localStorage).find((key) => key.startsWith("gongbao.review."));
    const [[key, entry]] = Object.entries(JSON.parse(localStorage.getItem(name)));
    localStorage.setItem(name, JSON.stringify({ [key]: { ...entry, read: "7", unit: "x" }, gone: { ...entry, name: "<b>旧名" } }));
  });
  await page.reload();
  assert.equal(await page.textContent("#decided"), "2");
  await page.keyboard.press("x");
  const anew = (await exported(page)).pages[0].corrections.find((c) => c.decision === "wrong");
  assert.deepEqual([anew.read, anew.unit], ["3.86", "亿元"]);
  await page.click("#view-notes");
  assert.ok((await page.textContent("#notes-body")).includes("<b>旧名"));
  await page.click("#notes-body [data-drop]");
  assert.equal(await page.textContent("#decided"), "1");
  assert.equal(await page.$$eval("#notes-body [data-drop]", (nodes) => nodes.length), 0);
  await close(page);
});

await test("the index finds what is read, n goes round, and filters forget what a page has not", async () => {
  const pages = ["全年投资3.86亿元，其中公路1.45亿元、桥梁0.92亿元、渡口1.29亿元。", "全年造林\"30亩\"。", "全年新增企业992户，增长3%。"];
  const names = pages.map((text, i) => { writeFileSync(at(`f${i}.txt`), text + "\n"); return at(`f${i}.txt`); });
  gongbao("report", ...names, "--out", at("few.html"));
  const page = await open(at("few.html"));
  const found = async (text) => { await page.fill("#index-search", text); return page.$$eval("#index-table tbody tr", (rows) => rows.length); };
  assert.deepEqual([await found("base_unit"), await found("造林\"30"), await found("新增企业"), await found("")], [0, 1, 1, 3]);
  await page.click("#index-table tbody tr:nth-child(3) a");
  await page.keyboard.press("n"); // the only doubts are on the first page
  assert.match(await page.textContent("#page-name"), /1\/3/);
  assert.match(page.url(), /#p=1&i=/);
  const doubts = await page.$$eval("#table-body tr.doubted", (rows) => rows.length);
  for (let i = 0; i < doubts; i += 1) { await page.keyboard.press("y"); await page.keyboard.press("n"); }
  await page.keyboard.press("]");
  const before = page.url();
  await page.keyboard.press("n");
  assert.match(await page.textContent("#said.loud"), /没有别的疑点/);
  assert.equal(page.url(), before, "nobody is led elsewhere");
  await page.keyboard.press("]");
  await page.selectOption("#filter-measure", "growth");
  await page.keyboard.press("[");
  assert.equal(await page.$$eval("#filter-measure option[value=growth]", (nodes) => nodes.length), 0);
  assert.equal(await page.inputValue("#filter-measure"), "");
  // while text is selected, buttons are buttons
  await page.evaluate(() => getSelection().selectAllChildren(document.querySelector("#clean-body")));
  await page.$eval("#table-body .pick", (node) => node.click());
  assert.equal(await current(page), "i1");
  const unit = await page.evaluate(() => inUnit("237000000", { value: "0", base_value: "0", unit: "亿元", base_unit: "元" }));
  assert.equal(unit, "237000000元");
  await close(page);
});

await test("200 pages load and open quickly", async () => {
  const generator = join(program, "../examples/pages");
  execFileSync(generator, ["--pages", "200", "--out", at("pages")], { stdio: "ignore" });
  const list = execFileSync("find", [at("pages"), "-type", "f", "-name", "*.txt"], { encoding: "utf8" }).trim().split("\n").sort();
  assert.ok(list.length >= 200, `${list.length} pages`);
  gongbao("report", ...list.slice(0, 200), "--out", at("many.html"));
  const size = statSync(at("many.html")).size;
  const page = await open(at("many.html"));
  assert.equal(await page.$$eval("#index-table tbody tr", (rows) => rows.length), 200);
  assert.ok(page.took < LOAD_MOST, `loaded in ${page.took} ms, at most ${LOAD_MOST} are allowed`);
  const begun = performance.now();
  await page.click("#index-table tbody tr:nth-child(120) a");
  await page.waitForSelector("#clean-body p");
  const opened = performance.now() - begun;
  assert.ok(opened < OPEN_MOST, `a page opened in ${opened} ms, at most ${OPEN_MOST} are allowed`);
  await page.keyboard.press("]");
  assert.match(await page.textContent("#page-name"), /121\/200/);
  await page.goBack();
  await page.click("#to-index");
  await page.click("#index-table thead th:nth-child(6) button");
  const doubts = await page.$$eval("#index-table tbody tr td:nth-child(6)", (cells) => cells.map((cell) => Number(cell.textContent)));
  assert.deepEqual(doubts, [...doubts].sort((a, b) => b - a), "sorted by doubts");
  await close(page);
  return `${(size / 1e6).toFixed(1)} MB, loaded in ${Math.round(page.took)} ms, a page opened in ${Math.round(opened)} ms`;
});

await test("a page of 10,000 figures opens quickly, and is whole a moment later", async () => {
  const clause = (i) => `全年整修山塘${i}口`;
  const lines = [];
  for (let i = 1; i <= 10000; i += 4) lines.push([0, 1, 2, 3].map((k) => clause(i + k)).join("，") + "。");
  writeFileSync(at("large.txt"), lines.join("\n") + "\n");
  gongbao("report", at("large.txt"), "samples/tiny.txt", "--out", at("large.html"));
  const painted = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const times = [];
  for (let i = 0; i < 3; i += 1) { // the machine does other things, too: the best of three
    const page = await open(at("large.html"));
    const begun = performance.now();
    await page.click("#index-table tbody tr:nth-child(1) a");
    await page.waitForSelector("#table-body tr[data-id] .pick");
    await painted(page);
    times.push(performance.now() - begun);
    if (i < 2) await close(page);
    else {
      // the last figure is in the document, so that it can be found, heard and printed
      await page.waitForFunction(() => document.querySelectorAll("#table-body tr[data-id]").length === 10000);
      await page.waitForFunction(() => document.querySelectorAll("#original-body .line").length === 2500 && document.querySelectorAll("#clean-body mark").length === 10000);
      assert.ok(await page.evaluate(() => window.find("整修山塘9999口")), "found by the browser");
      const stepped = performance.now();
      await page.keyboard.press("k"); // to the last
      await painted(page);
      assert.ok(performance.now() - stepped < LARGE_MOST);
      assert.equal(await current(page), "i10000");
      assert.ok(await page.isVisible("#detail"));
      const [row, body] = await Promise.all(["#table-body tr[aria-current]", "#table-body"].map((what) => page.locator(what).boundingBox()));
      assert.ok(row.y >= body.y && row.y < body.y + body.height, "the row is in view");
      await page.fill("#filter-text", "山塘77口");
      const rows = await page.$$eval("#table-body tr[data-id]", (nodes) => nodes.filter((node) => node.checkVisibility()).length);
      assert.equal(rows, 1);
      await close(page);
    }
  }
  // a decision before all is there, and a page left before all is there
  const page = await open(at("large.html"));
  await page.click("#index-table tbody tr:nth-child(1) a");
  await page.keyboard.press("]");
  await page.keyboard.press("[");
  await page.keyboard.press("k");
  await page.keyboard.press("y");
  assert.equal(await current(page), "i10000");
  await page.click("#to-index");
  await close(page);
  const best = Math.min(...times);
  assert.ok(best < LARGE_MOST, `it opened in ${times.map(Math.round).join(", ")} ms, at most ${LARGE_MOST} are allowed`);
  return `opened in ${Math.round(best)} ms`;
});

await test("what is not in sight is heard and printed", async () => {
  const lines = [];
  for (let i = 1; i <= 600; i += 1) lines.push(`全年整修山塘${i}口。`);
  writeFileSync(at("middle.txt"), lines.join("\n") + "\n");
  gongbao("report", at("middle.txt"), "--out", at("middle.html"));
  const heard = await launch("--force-renderer-accessibility"); // as when a screen reader runs
  const page = await open(at("middle.html"), {}, heard);
  await page.evaluate(() => { window.dispatchEvent(new Event("beforeprint")); });
  assert.equal(await page.$$eval("#table-body tr[data-id]", (rows) => rows.length), 600, "all is made before it is printed");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Accessibility.enable");
  let rows = 0;
  for (let i = 0; rows < 601 && i < 40; i += 1) { // the tree is made bit by bit
    const { nodes } = await cdp.send("Accessibility.getFullAXTree");
    rows = nodes.filter((node) => !node.ignored && node.role.value === "row").length;
    await page.waitForTimeout(100);
  }
  assert.equal(rows, 601, "rows that a screen reader has");
  const laidOut = () => page.$eval("#table-body tbody:last-of-type", (group) => group.lastElementChild.checkVisibility({ contentVisibilityAuto: true }));
  assert.equal(await laidOut(), false);
  await page.emulateMedia({ media: "print" });
  assert.equal(await laidOut(), true, "on paper all rows are laid out");
  await close(page);
  await heard.close();
});

await test("what changed since a snapshot, old beside new", async () => {
  const folder = at("kept");
  mkdirSync(folder);
  const keep = (name, text) => writeFileSync(join(folder, name), text);
  const page1 = readFileSync(join(root, "samples/narrow-columns.txt"), "utf8");
  const evil = "<img src=x onerror=alert(7)>";
  keep("a.txt", page1);
  keep("b.txt", "全年造林30亩，育苗12亩。\n");
  keep("gone.txt", "全年造林40亩。\n");
  keep("evil.txt", `${evil}县新增企业992户。\n`);
  const snapshot = (...words) => {
    const environment = { ...process.env };
    delete environment.CI;
    return spawnSync(program, ["snapshot", folder, ...words], { encoding: "utf8", env: environment });
  };
  assert.equal(snapshot().status, 0);
  keep("a.txt", page1.replace("患 219 处", "患 291 处").replace("936 亩", "936 公顷"));
  keep("evil.txt", `${evil}</script><b>县新增企业995户。\n`);
  keep("b.txt", "全年造林30亩。\n");
  keep("new.txt", "全年造林30亩。\n");
  rmSync(join(folder, "gone.txt"));
  const { status, stdout } = snapshot("--html", at("changes.html"));
  assert.equal(status, 1);
  const page = await open(at("changes.html"));
  const named = await page.textContent("#named");
  for (const part of ["new.txt", "gone.txt", "1 indicator"]) assert.ok(named.includes(part), named);
  assert.match(await page.textContent("#compared"), /5 pages: 3 changed, 1 missing, 1 new/);
  assert.equal(await page.textContent("#index-table tbody tr:nth-child(1) td:nth-child(3)"), "2");
  await page.click("#index-table tbody tr:nth-child(1) a");
  const words = await page.$$eval("#changes-body .words", (nodes) => nodes.map((node) => node.textContent));
  assert.deepEqual(words, ["二、/（二） 排查火灾隐患: 219 → 291", "二、/（三） 面积, unit: 亩 → 公顷"]);
  for (const line of words) assert.ok(stdout.includes(line), "the words of the terminal");
  await page.click("#changes-body li:nth-child(1) .go");
  assert.equal(await lit(page, "original"), "291处");
  assert.equal(await lit(page, "clean"), "291处");
  assert.ok(await page.isVisible("#changes-body li.chosen"));
  await page.click("#view-table");
  assert.equal(await page.textContent("#table-body tr[aria-current] .c-value del"), "原为 219");
  await page.keyboard.press("c");
  assert.equal(await page.textContent("#table-body tr[aria-current] .c-value del"), "原为 亩");
  await page.selectOption("#filter-doubt", "changed");
  assert.equal(await page.$$eval("#table-body tr[data-id]:not([hidden])", (rows) => rows.length), 2);
  await page.keyboard.press("]");
  await page.click("#view-table");
  assert.deepEqual(await page.$$eval("#table-body tbody del", (nodes) => nodes.map((node) => node.textContent)), ["育苗", "12亩"], "what is gone is struck out");
  await page.keyboard.press("]");
  await page.click("#view-changes");
  assert.ok((await page.textContent("#changes-body")).includes("<img src=x onerror=alert(7)></script><b>"));
  assert.equal(await page.$$eval("main img, main script, #changes-body b", (nodes) => nodes.length), 0);
  await close(page);
});

await test("findings speak the language of the page, and keep their own words", async () => {
  gongbao("report", "samples/damaged-digits.txt", "--out", at("damaged.html"));
  const page = await open(at("damaged.html"));
  const { diagnostics } = JSON.parse(gongbao("extract", "samples/damaged-digits.txt"));
  const finding = diagnostics.find((d) => d.code === "number-damaged");
  await page.click("#view-notes");
  const said = `#notes-body li span[title="${finding.message.replaceAll('"', '\\"')}"]`;
  assert.match(await page.textContent(said), /^「.+」不像印出来的写法：/);
  await page.click("#language");
  assert.equal(await page.textContent(said), finding.message);
  await close(page);
});

await test("one pane at a time on a phone, in the dark, in English", async () => {
  const page = await open(at("one.html"), { viewport: { width: 420, height: 860 }, colorScheme: "dark" });
  assert.ok(await page.isVisible("#figures-title") || (await page.isVisible("#table-body")));
  assert.ok(!(await page.isVisible("#clean-body")));
  await page.click("#tab-clean");
  await page.click("#clean-body mark");
  assert.ok(await page.isVisible("#clean-body .selected"));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 420, `${wide} pixels wide`);
  await page.click("#language");
  assert.equal(await page.textContent("#tab-clean"), "Clean text");
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.click("#theme");
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), dark);
  await close(page);
});

if (shots) { // then: pngquant, or whatever makes a palette of their colours
  const page = await open(at("one.html"));
  await page.keyboard.press("n");
  await page.screenshot({ path: join(shots, "report.png") });
  await page.context().close();
  const scan = await open(at("boxes.html"), { viewport: { width: 1200, height: 600 } });
  await scan.click("#closer");
  await scan.click(`#table-body tr[data-id="i1"] .pick`);
  await scan.screenshot({ path: join(shots, "report-scan.png") });
  await scan.context().close();
  const changes = await open(at("changes.html"), { viewport: { width: 1200, height: 560 } });
  await changes.click("#index-table tbody a");
  await changes.keyboard.press("c");
  await changes.screenshot({ path: join(shots, "changes.png") });
  await changes.context().close();
  const narrow = await open(at("one.html"), { viewport: { width: 420, height: 760 }, colorScheme: "dark" });
  await narrow.keyboard.press("n");
  await narrow.screenshot({ path: join(shots, "report-narrow.png") });
  await narrow.context().close();
}

await browser.close();
rmSync(folder, { recursive: true, force: true });
console.log(failed ? `${failed} failed` : "all went well");
process.exitCode = failed ? 1 : 0;
