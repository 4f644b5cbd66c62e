// Looks at pages in a real browser as a person would: with the mouse, the keyboard, on paper, on a
// phone, without scripts. `tests/page.rs` writes the pages into a folder and calls
//
//     node check.mjs FOLDER CHROMIUM [strict]
//
// Each check says what it has seen; the first that fails ends it with 1. `strict` holds the times
// against what is promised rather than against what a busy machine may take.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [folder, executablePath, mode] = process.argv.slice(2);
const strict = mode === "strict";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** In milliseconds. */
const OPENS = strict ? 2000 : 20000;
const FILTERS = strict ? 100 : 2000;

// A browser that hangs must not hang its callers.
setTimeout(() => {
  console.error("FAILED: no end after ten minutes");
  process.exit(1);
}, 600_000).unref();

const browser = await chromium.launch({
  executablePath,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

/** Opens a page, does something with it, and holds it to what is true of every page. */
async function look(name, options, act) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const address = pathToFileURL(join(folder, name)).href;
  const requests = [];
  const complaints = [];
  const expected = [];
  context.on("request", (request) => requests.push(request.url()));
  const page = await context.newPage();
  page.on("console", (message) => {
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !expected.some((part) => text.includes(part))) {
      complaints.push(text);
    }
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(address);
  await act(page, expected);
  assert.deepEqual(complaints, [], `${name}: the console is silent`);
  // What the policy stops is still announced as a request; the check that provokes it listens itself.
  const left = requests.filter((url) => url.split("#")[0] !== address && !url.startsWith("data:"));
  if (!expected.length) assert.deepEqual(left, [], `${name}: no request leaves`);
  await context.close();
}

const visible = (page, selector) => page.locator(`${selector}:visible`).count();
const count = (page) => page.locator("#clause-count").textContent();

async function check(title, name, options, act) {
  try {
    await look(name, options, act);
  } catch (error) {
    console.error(`FAILED ${title}`);
    throw error;
  }
  console.log(`ok ${title}`);
}

await check("the clauses can be filtered", "sample.html", {}, async (page) => {
  const total = await page.locator("tbody.clause").count();
  const shown = () => visible(page, "tbody.clause");
  assert.equal(await shown(), total);
  assert.ok((await count(page)).includes(String(total)));
  assert.equal(await page.locator("#clause-count").getAttribute("role"), "status");

  await page.locator("label.chip.unsatisfied").click();
  const unsatisfied = await page.locator("tbody.clause.unsatisfied").count();
  assert.ok(unsatisfied > 0 && unsatisfied < total);
  assert.equal(await shown(), unsatisfied);
  assert.ok((await count(page)).includes(String(unsatisfied)), await count(page));
  await page.locator("label.chip.needs-review").click();
  assert.equal(await shown(), unsatisfied + (await page.locator("tbody.clause.needs-review").count()));

  await page.locator("#clause-filters button[type=reset]").click();
  await page.waitForFunction((n) => document.querySelectorAll("tbody.clause:not([hidden])").length === n, total);

  await page.selectOption("select[name=group]", { label: "乙银行运维" });
  const numbers = await page.locator("tbody.clause:visible th[scope=row]").allTextContents();
  assert.deepEqual(numbers, ["11", "13", "18", "29", "44"]);
  assert.equal(await page.locator("#c11 .slot[data-group='0']:not([hidden])").count(), 0);
  assert.ok((await page.locator("#calendar [data-group='0']:visible").count()) === 0, "the calendar follows");
  await page.selectOption("select[name=grade]", "3");
  assert.deepEqual(await page.locator("tbody.clause:visible th[scope=row]").allTextContents(), ["11", "13", "18", "44"]);
  await page.selectOption("select[name=group]", "");
  await page.selectOption("select[name=grade]", "0");

  await page.fill("#clause-filters input[type=search]", "保密协议 甲医院");
  assert.deepEqual(await page.locator("tbody.clause:visible th[scope=row]").allTextContents(), ["11"]);
  await page.fill("#clause-filters input[type=search]", "世上没有的字");
  assert.equal(await shown(), 0);
  assert.ok(await page.locator("#no-clause").isVisible());

  // A clause on the map is shown whatever the filters hide.
  await page.locator("a.tile[href='#c11']").click();
  await page.waitForFunction(() => document.querySelector("#c11 details").open);
  assert.ok(await page.locator("#c11 mark.error").first().isVisible());
  assert.equal(await shown(), total);
  // A verdict beside the bar chooses its clauses.
  await page.locator(".counts a[data-verdict=waived]").click();
  assert.deepEqual(await page.locator("tbody.clause:visible th[scope=row]").allTextContents(), ["42"]);
});

await check("the files can be filtered", "files-300.html", {}, async (page) => {
  const rows = () => page.locator("#file-table tbody tr").count();
  assert.equal(await rows(), 100);
  await page.locator("#more-files").click();
  assert.equal(await rows(), 200);
  const focused = await page.evaluate(() => document.activeElement.closest("tr").rowIndex);
  assert.equal(focused, 101, "the keyboard goes on where the new rows begin");
  await page.fill("#file-filters input[type=search]", "0299");
  assert.equal(await rows(), 1);
  await page.fill("#file-filters input[type=search]", "29.inspection");
  assert.ok((await rows()) > 1);
  await page.fill("#file-filters input[type=search]", "");
  await page.selectOption("select[name=use]", "unmatched");
  const left = await page.locator("#file-count").textContent();
  assert.equal(await page.locator("#file-table tbody .serves a").count(), 0, left);
  await page.locator("#c29 summary").first().click();
  await page.locator("a[data-find='29.inspection']").first().click();
  assert.equal(await page.inputValue("#file-filters input[type=search]"), "29.inspection");
});

await check("the keyboard reaches and works everything", "sample.html", {}, async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  assert.ok((await page.locator(".skip").boundingBox()).y >= 0, "the skip link shows itself");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.name), "text");
  await page.keyboard.type("保密");
  const few = await visible(page, "tbody.clause");
  assert.equal(few, 1);
  await page.keyboard.press("Escape");
  assert.ok((await visible(page, "tbody.clause")) > few);

  await page.locator("input[name=verdict]:enabled").first().focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  assert.equal(await page.locator("input[name=verdict]:checked").count(), 1);
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement.closest("label")).outlineStyle);
  assert.equal(outline, "solid", "the focus is seen");
  await page.keyboard.press("Space");

  await page.locator("#c11 summary").focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("#c11 .detail").isVisible());
  // Nothing that can be focused is without a visible focus.
  await page.locator("a.tile").first().focus();
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press("Tab");
    const style = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === document.body) return "solid";
      return getComputedStyle(at.matches("label.chip input") ? at.parentElement : at).outlineStyle;
    });
    assert.notEqual(style, "none");
  }
});

for (const colorScheme of ["light", "dark"]) {
  for (const name of ["sample.html", "sample-en.html", "hostile.html", "clean.html"]) {
    await check(`axe finds nothing serious in ${name}, ${colorScheme}`, name, { colorScheme }, async (page) => {
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      await page.evaluate(axe);
      const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      assert.ok(result.passes.length > 10, "axe has looked");
      const grave = result.violations.filter((violation) => ["serious", "critical"].includes(violation.impact));
      const said = grave.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html} ${node.failureSummary}`).join("\n")}`);
      assert.deepEqual(said, []);
    });
  }
}

await check("paper shows what is folded away", "sample.html", { colorScheme: "dark" }, async (page) => {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  assert.equal(await visible(page, ":is(.nav, .filters, button)"), 0);
  assert.ok(!(await page.evaluate(() => document.querySelector("#c11 details").open)));
  const box = await page.locator("#c11 .detail").boundingBox();
  assert.ok(box && box.height > 100, "without a script too");
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
  assert.ok(pdf.length > 20_000);
});

await check("a phone shows it without scrolling sideways", "sample.html", { viewport: { width: 390, height: 800 } }, async (page) => {
  await page.locator("#open-all").click();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
});

await check("without scripts clauses and findings are read all the same", "sample.html", { javaScriptEnabled: false }, async (page) => {
  assert.equal(await visible(page, ".filters"), 0);
  assert.ok(await page.locator("noscript p").isVisible());
  assert.ok((await page.locator("#c11 .gists").textContent()).includes("未体现"));
  await page.locator("#c11 summary").click();
  assert.ok(await page.locator("#c11 .finding").first().isVisible());
  assert.ok((await visible(page, ".calendar .cell.missing")) > 0);
  assert.ok((await visible(page, "#hygiene .rows li")) > 0);
});

await check("a hostile name stays text", "hostile.html", {}, async (page) => {
  await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.equal(await page.locator("script").count(), 2);
  assert.equal(await page.locator("img, iframe, object, embed, base, link[rel=stylesheet], body style").count(), 0);
  assert.ok((await page.locator("h1").textContent()).includes("<script>window.pwned=1</script>"));
  const body = await page.locator("body").innerText();
  for (const text of ["<img src=x onerror=window.pwned=1>", "{{ 7 * 7 }}", "\\u{202e}"]) {
    assert.ok(body.includes(text), text);
  }
  assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(body), "nothing turns the text around");
  const links = await page.locator("a[href]").evaluateAll((all) =>
    all.map((link) => ({ href: link.href, raw: link.getAttribute("href"), target: link.target, rel: link.rel })),
  );
  const evidence = pathToFileURL(join(folder, "evidence")).href;
  for (const { href, raw, target, rel } of links.filter((link) => !link.raw.startsWith("#"))) {
    assert.ok(href.startsWith(`${evidence}/`), raw);
    assert.equal(`${target} ${rel}`, "_blank noopener", raw);
  }
  const attributes = await page.evaluate(() =>
    [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes].map((one) => one.name)),
  );
  assert.deepEqual(attributes.filter((name) => name.startsWith("on") || name === "style"), []);
});

await check("links lead to the files, whatever their names", "links.html", {}, async (page) => {
  const names = JSON.parse(readFileSync(join(folder, "links.json"), "utf8"));
  const hrefs = await page.locator("#file-table a.file").evaluateAll((all) => all.map((link) => link.href));
  assert.equal(hrefs.length, names.length);
  const files = hrefs.map((href) => fileURLToPath(href.split("#")[0]));
  for (const name of names) assert.ok(files.includes(join(folder, "evidence", name)), name);
  for (const file of files) assert.ok(existsSync(file), file);
});

await check("the policy stops what does not belong", "sample.html", {}, async (page, expected) => {
  expected.push("Content Security Policy");
  let heard = 0;
  const listener = createServer((_, response) => {
    heard += 1;
    response.end();
  });
  await new Promise((done) => listener.listen(0, "127.0.0.1", done));
  const stopped = await page.evaluate(async (address) => {
    const stopped = [];
    document.addEventListener("securitypolicyviolation", (event) => stopped.push(event.effectiveDirective));
    const add = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
    add("script", { textContent: "window.pwned = 1" });
    add("script", { src: `${address}x.js` });
    add("style", { textContent: "body { display: none }" });
    add("img", { src: `${address}x.png` });
    add("iframe", { src: address });
    await fetch(address).catch(() => {});
    await new Promise((done) => setTimeout(done, 500));
    return stopped;
  }, `http://127.0.0.1:${listener.address().port}/`);
  listener.closeAllConnections();
  listener.close();
  assert.equal(heard, 0, "nothing leaves");
  for (const directive of ["script-src-elem", "style-src-elem", "img-src", "frame-src", "connect-src"]) {
    assert.ok(stopped.includes(directive), `${directive} of ${stopped}`);
  }
  assert.equal(await page.evaluate(() => window.pwned), undefined);
});

for (const name of ["files-300.html", "files-20000.html"]) {
  await check(`${name} opens and filters at once`, name, {}, async (page) => {
    // The second time, so that it is not the browser's own start that is measured.
    const begun = Date.now();
    await page.reload({ waitUntil: "load" });
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))));
    const opens = await page.evaluate(painted);
    const walked = Date.now() - begun;
    const filters = await page.evaluate(async () => {
      const times = [];
      const steps = [
        ["#clause-filters", "text", "巡检"],
        ["#clause-filters", "text", ""],
        ["#clause-filters", "grade", "3"],
        ["#clause-filters", "grade", "0"],
        ["#file-filters", "text", "7"],
        ["#file-filters", "text", "71"],
        ["#file-filters", "use", "unmatched"],
        ["#file-filters", "text", ""],
        ["#file-filters", "use", ""],
      ];
      for (const [form, field, value] of steps) {
        const begun = performance.now();
        const input = document.querySelector(form).elements.namedItem(field);
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(Math.round(performance.now() - begun));
      }
      return times;
    });
    console.log(`   opened in ${Math.round(opens)} ms (${walked} by the clock), filtered in ${filters.join(", ")} ms`);
    assert.ok(Math.max(opens, walked) <= OPENS, `opens within ${OPENS} ms`);
    assert.ok(Math.max(...filters) <= FILTERS, `filters within ${FILTERS} ms`);
  });
}

await browser.close();
