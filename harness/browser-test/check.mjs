// Opens a report of luago-harness in headless Chromium, checks that it works for readers with
// wide screens, phones and keyboards, and leaves screenshots.
//
//   node check.mjs PAGE.html OUT_FOLDER
//
// Chromium is the one that CHROMIUM names, or /usr/bin/chromium. Ends with 1 if there is a fault.

import { join } from "node:path";
import { check, end, lowContrast, opened, outFolder, overflow } from "./browser.mjs";

/** Texts in charts that are cut off, that lie over each other or that are too small. */
const badTexts = (page) => page.evaluate(() => {
  for (const details of document.querySelectorAll("main details")) details.open = true;
  const bad = [];
  for (const svg of document.querySelectorAll("svg")) {
    const outer = svg.getBoundingClientRect();
    if (outer.width === 0) continue;
    const boxes = [...svg.querySelectorAll("text")].map((text) => [text.textContent.trim(), text.getBoundingClientRect()]);
    for (const [text, box] of boxes) {
      if (box.left < outer.left - 0.5 || box.right > outer.right + 0.5 || box.top < outer.top - 1 || box.bottom > outer.bottom + 1) bad.push(`cut off: ${text}`);
      if (box.height < 10) bad.push(`too small: ${text}`);
      for (const [other, its] of boxes) {
        const apart = box.right <= its.left || its.right <= box.left || box.bottom <= its.top + 2 || its.bottom <= box.top + 2;
        if (box !== its && !apart && text < other) bad.push(`${text} over ${other}`);
      }
    }
  }
  for (const details of document.querySelectorAll("main details")) details.open = false;
  return bad;
});

async function checkSections(page) {
  const wrong = await page.evaluate(() => {
    const report = JSON.parse(document.getElementById("data").textContent);
    const present = {
      matrix: (report.matrix?.cases.length ?? 0) > 0,
      go: Boolean(report.matrix?.go),
      generated: (report.matrix?.generated.length ?? 0) > 0,
      perf: Boolean(report.perf),
      shadow: Boolean(report.shadow),
    };
    return Object.keys(present).filter((id) => document.getElementById(id).hidden === present[id]);
  });
  check(wrong.length === 0, "the parts that the report has are shown, no others", wrong.join(", "));
  check((await page.locator(".top .verdict").innerText()).trim().length > 5, "there is a verdict");
  const strange = await page.locator("img, iframe, object, embed, link, base, a[href^=http]").count();
  check(strange === 0 && (await page.locator("script").count()) === 2, "no script's output became part of the page");
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input")]
    .filter((control) => !(control.textContent.trim() || control.ariaLabel || control.labels?.length)).length);
  check(nameless === 0, "all controls have names", `${nameless} have none`);
  const headless = await page.locator("th:not([scope])").count();
  check(headless === 0, "all table headings have a scope", `${headless} have none`);
}

async function checkMatrix(page) {
  const visibleCases = () => page.locator("#grid tr.case:visible").count();
  const all = await page.locator("#grid tr.case").count();
  const name = await page.locator("#grid tr.case th").last().textContent();
  await page.locator("#unfold").click();
  check((await visibleCases()) === all, "unfolding shows all cases", `${await visibleCases()} of ${all}`);
  await page.locator("#fold").click();
  check((await visibleCases()) === 0, "folding hides all cases");
  const chapter = page.locator("#grid .chapter button").first();
  await chapter.focus();
  await page.keyboard.press("Enter");
  check((await chapter.getAttribute("aria-expanded")) === "true" && (await visibleCases()) > 0, "Enter unfolds a chapter");

  await page.locator("#search").fill(name);
  const found = await page.locator("#grid tr.case:visible th").allTextContents();
  check(found.length > 0 && found.every((text) => text.includes(name)), "the filter finds a case by its name", found.join(", "));
  await page.locator("#search").fill("no case has this name");
  check(await page.locator("#nothing").isVisible(), "the filter says that it finds nothing");
  await page.locator("#clear").click();
  check((await page.locator("#search").inputValue()) === "" && (await page.locator("#nothing").isHidden()), "the filter can be cleared");

  for (const chip of await page.locator("#verdicts button").all()) {
    const count = Number(await chip.locator(".count").textContent());
    const text = await chip.textContent();
    await chip.click();
    const bright = await page.locator("#grid td:not(.dim) > .cell").count();
    const shown = await page.locator("#grid tr.case:visible td:not(.dim) > .cell").count();
    check(bright === count && shown === count, `the filter for verdicts shows those: ${text}`, `${shown} shown`);
    await chip.click();
  }
  const pairs = page.locator("#pairs button");
  const first = await pairs.first().textContent();
  await pairs.first().click();
  check((await page.locator("#grid thead th:visible").count()) === 2, "the filter for pairs leaves one column", first);
  await page.locator("#clear").click();
  check((await page.locator("#grid thead th:visible").count()) === (await pairs.count()) + 1, "all columns are back");

  const time = await page.evaluate(() => {
    const start = performance.now();
    const search = document.getElementById("search");
    for (const text of ["e", "er", ""]) {
      search.value = text;
      search.dispatchEvent(new Event("input"));
      document.body.getBoundingClientRect();
    }
    return (performance.now() - start) / 3;
  });
  check(time < 300, "the filter is quick", `${time.toFixed(0)} ms for a letter`);
  console.log(`      ${time.toFixed(0)} ms for a letter in the filter, ${all} cases`);
}

async function checkKeys(page) {
  await page.locator("#unfold").click();
  check((await page.locator("#grid .cell[tabindex='0']").count()) === 1, "the tab key reaches one cell of the grid");
  const cell = page.locator("#grid .cell[tabindex='0']");
  await cell.focus();
  const before = await page.evaluate(() => document.activeElement.ariaLabel);
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"]) await page.keyboard.press(key);
  const after = await page.evaluate(() => document.activeElement.ariaLabel);
  const cells = await page.locator("#grid .cell").count();
  check(cells < 3 || before !== after, "arrow keys move from cell to cell", `${before} and ${after}`);
  await page.keyboard.press("Enter");
  check(await page.locator("#detail").isVisible(), "Enter opens a cell");
  await page.keyboard.press("Escape");
  check(await page.locator("#detail").isHidden(), "Escape closes it");
  check((await page.evaluate(() => document.activeElement.ariaLabel)) === after, "and the cell has the focus again");
}

/** Opens differences and checks what is shown of them. */
async function checkDetails(page, shot) {
  const worst = page.locator("#grid .cell.different, #generated .links button, #shadow-inputs > p button, #grid .cell.known");
  const kept = await worst.evaluateAll((controls) => controls.flatMap((control, n) => (control.item && !control.item.found ? [] : [n])));
  const count = Math.min(kept.length, 6);
  if (await page.locator("#matrix").isVisible()) await page.locator("#unfold").click();
  for (let n = 0; n < count; n += 1) {
    await worst.nth(kept[n]).click();
    const dialog = page.locator("#detail");
    const sides = await dialog.locator(".sides").first().locator("> div").evaluateAll((divs) => divs.map((div) => div.getBoundingClientRect().toJSON()));
    const narrow = page.viewportSize().width < 640;
    const placed = sides.length === 2 && (narrow ? sides[1].top >= sides[0].bottom : sides[1].left >= sides[0].right);
    check(placed, `${n + 1}: the observations are ${narrow ? "below" : "beside"} each other`);
    check((await dialog.locator(".row.changed").count()) > 0, `${n + 1}: lines that differ are marked`);
    const inside = await dialog.evaluate((node) => node.scrollWidth <= node.clientWidth && node.querySelector("#detail-body").scrollWidth <= node.querySelector("#detail-body").clientWidth);
    check(inside, `${n + 1}: nothing sticks out of the dialog`);
    if (n === 0) {
      await page.screenshot({ path: join(outFolder, `${shot}-detail.png`) });
      await dialog.locator(".command button").click();
      await page.waitForTimeout(100);
      check((await dialog.locator(".command button").textContent()) === "Copied", "the command can be copied");
    }
    const more = dialog.getByRole("button", { name: /^Show (all|whole)/ });
    if (await more.count()) {
      await more.first().click();
      check(await dialog.isVisible(), `${n + 1}: long output can be shown whole`);
    }
    await dialog.locator("#close").click();
  }
}

async function checkTheme(page) {
  const back = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await back();
  await page.locator("#theme").click();
  const after = await back();
  check(before !== after, "the theme can be changed", before);
  check((await page.locator("#theme").getAttribute("aria-pressed")) === "true", "and its button says so");
  await page.reload();
  check((await back()) === after, "and is remembered");
}

for (const [width, height, scheme] of [[1280, 900, "light"], [1280, 900, "dark"], [390, 844, "light"], [390, 844, "dark"], [360, 740, "light"]]) {
  const shot = `${width}-${scheme}`;
  console.log(`\n${width} pixels, ${scheme}`);
  const { page, said, seconds } = await opened(width, height, scheme);
  page.setDefaultTimeout(20_000);
  console.log(`      opened in ${seconds.toFixed(1)} s`);
  await page.screenshot({ path: join(outFolder, `${shot}.png`) });
  check((await overflow(page)) === "", "nothing sticks out to the side", await overflow(page));
  for (const id of ["generated", "perf", "shadow", "about"]) {
    const section = page.locator(`#${id}`);
    if (await section.isVisible()) await section.screenshot({ path: join(outFolder, `${shot}-${id}.png`) });
  }
  const texts = await badTexts(page);
  check(texts.length === 0, "all text in charts can be read", texts.slice(0, 8).join("; "));
  if (await page.locator("#matrix").isVisible()) await page.locator("#unfold").click();
  const pale = await lowContrast(page);
  check(pale.length === 0, "all text has enough contrast", pale.slice(0, 8).join("; "));
  check((await overflow(page)) === "", "nothing sticks out when all is unfolded", await overflow(page));
  await checkDetails(page, shot);
  if (shot === "1280-light") {
    await checkSections(page);
    if (await page.locator("#matrix").isVisible()) {
      await checkMatrix(page);
      await checkKeys(page);
      await page.locator("#matrix").screenshot({ path: join(outFolder, `${shot}-matrix.png`) });
    }
    await checkTheme(page);
  }
  check(said.length === 0, "the browser has nothing to complain about", said.slice(0, 5).join("; "));
  await page.context().close();
}
await end();
