// Opens a trace of luago-run in headless Chromium, checks that its timeline works with pointer
// and keys, on wide screens and phones, and leaves screenshots.
//
//   node trace.mjs PAGE.html OUT_FOLDER
//
// Chromium is the one that CHROMIUM names, or /usr/bin/chromium. Ends with 1 if there is a fault.

import { join } from "node:path";
import { check, end, lowContrast, opened, outFolder, overflow } from "./browser.mjs";

/** Lets the page draw what it was asked to. */
const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const range = async (page) => {
  await drawn(page);
  return page.locator("#range").textContent();
};
const seen = (page) => page.evaluate(() => ({ length: span(), lane: view.lane, top: view.top, from: view.from }));

/** How many pixels of the timeline, without its axis, have each of these colours of the theme. */
const pixels = async (page, ...names) => {
  await drawn(page);
  return page.evaluate((names) => {
    const top = Math.round(AXIS * devicePixelRatio);
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, top, canvas.width, canvas.height - top);
    const wanted = names.map((name) => theme[name].match(/\d+/g).slice(0, 3).map(Number));
    const counts = names.map(() => 0);
    for (let at = 0; at < data.length; at += 4) {
      wanted.forEach((colour, n) => { if (colour.every((part, i) => Math.abs(data[at + i] - part) < 3)) counts[n] += 1; });
    }
    return counts;
  }, names);
};

/** Is a place of the timeline of this colour of the theme? */
const isColour = async (page, place, name) => {
  await drawn(page);
  return page.evaluate(([{ x, y }, name]) => {
    const copy = new OffscreenCanvas(1, 1).getContext("2d");
    copy.drawImage(canvas, -Math.round(x * devicePixelRatio), -Math.round(y * devicePixelRatio));
    const wanted = theme[name].match(/\d+/g).slice(0, 3).map(Number);
    return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3).every((part, n) => Math.abs(part - wanted[n]) < 3);
  }, [place, name]);
};

async function checkPage(page) {
  const strange = await page.locator("img, iframe, object, embed, link, base, a[href]").count();
  check(strange === 0 && (await page.locator("script").count()) === 2, "no name became part of the page");
  const nameless = await page.evaluate(() => [...document.querySelectorAll("button, input")]
    .filter((control) => !(control.textContent.trim() || control.ariaLabel || control.labels?.length)).length);
  check(nameless === 0, "all controls have names", `${nameless} have none`);
  const summary = await page.locator("#summary").textContent();
  const counts = await page.evaluate(() => {
    const { events } = JSON.parse(document.getElementById("data").textContent);
    return [new Set(events.map((event) => event.task)).size, events.length].map((n) => n.toLocaleString("en"));
  });
  check(counts.every((count) => summary.includes(`${count} `)), "the summary counts tasks and events", summary);
}

async function checkLanes(page) {
  const [running, waiting] = await pixels(page, "running", "paused-edge");
  check(running > 20 && waiting > 20, "spans that run and that wait are drawn", `${running} and ${waiting} pixels`);
  for (const [kind, name] of [[0, "running"], [1, "paused"]]) {
    const longest = await page.evaluate((kind) => {
      const spans = model.tasks.flatMap((task) => task.kind.flatMap((its, n) => (its === kind ? [[task, n]] : [])));
      const [task, n] = spans.reduce((best, it) => (it[0].to[it[1]] - it[0].from[it[1]] > best[0].to[best[1]] - best[0].from[best[1]] ? it : best));
      reveal(task, true);
      [view.from, view.to] = [task.from[n], task.to[n] + (task.to[n] - task.from[n]) / 4];
      changed();
      // Near the end, where no text is.
      return { x: xOf(task.to[n]) - 4, y: yOf(task) + 4 };
    }, kind);
    check(await isColour(page, longest, name), `the longest span of its kind has its colour: ${name}`);
  }
  await page.evaluate(() => showAll());
  const wrong = await page.evaluate(() => {
    const perGuest = new Map();
    for (const { phase, task, guest } of model.events) {
      if (phase !== "start") continue;
      const key = guest ?? null;
      perGuest.set(key, [...(perGuest.get(key) ?? []), task]);
    }
    return [...perGuest].filter(([guest, tasks]) => {
      const group = model.groups.find((group) => group.guest === guest);
      return !group || group.tasks.map((task) => task.id).join() !== tasks.join();
    }).length + (model.groups.length - perGuest.size);
  });
  check(wrong === 0, "each guest has its tasks, a lane for each, in the order of their starts");
  const sums = await page.evaluate(() => model.tasks.filter((task) => {
    const total = spent(task, RUNNING) + spent(task, PAUSED) + spent(task, HELD);
    return Math.abs(total - (task.end - task.start)) > 1e-9;
  }).length);
  check(sums === 0, "spans fill the life of each task", `not of ${sums}`);
}

async function checkSearch(page) {
  const wanted = await page.evaluate(() => model.tasks[model.tasks.length >> 1].id);
  await page.locator("#search").fill(`#${wanted}`);
  check((await page.locator("#found").textContent()) === "1 task", "a number finds one task");
  await page.locator("#search").press("Enter");
  check((await page.locator("#panel-title").textContent()).startsWith(`#${wanted} `), "Enter selects it");
  const shown = await page.evaluate(() => {
    const y = yOf(selected);
    return isShown(selected) && y >= AXIS && y + view.lane <= view.height && selected.start <= view.to && selected.end >= view.from;
  });
  check(shown, "and its lane is in view");
  const listed = await page.locator("#panel-body table tbody tr").count();
  const own = await page.evaluate(() => selected.events.length);
  check(listed === Math.min(own, 200), "its events are listed", `${listed} of ${own}`);

  const guest = await page.evaluate(() => model.groups.find((group) => group.guest).guest);
  await page.locator("#search").fill(guest);
  const total = await page.evaluate(() => found.list.length);
  check(total > 0, "a guest's name finds its tasks");
  await page.locator("#next").click();
  await page.locator("#previous").click();
  check((await page.locator("#found").textContent()).startsWith(total.toLocaleString("en")), "the previous match of the first is the last");
  await page.locator("#search").fill("no task has this name");
  check((await page.locator("#found").textContent()) === "nothing", "the search says that it finds nothing");
  await page.locator("#search").fill("");
  await page.locator("#panel-close").click();
  check(await page.locator("#panel").isHidden(), "the panel can be closed");
}

async function checkPointer(page, outFolder) {
  await page.locator("#fit").click();
  await drawn(page);
  const box = await page.locator("#lanes").boundingBox();
  const at = (x, y) => page.mouse.move(box.x + x, box.y + y);
  const all = await seen(page);
  const target = await page.evaluate(() => {
    const task = model.tasks[Math.floor(model.tasks.length * 0.55)];
    const x = Math.round(xOf((task.start + task.end) / 2)), y = Math.round(yOf(task) + view.lane / 2);
    return { row: taskAt(y).row, x, y };
  });
  await at(target.x, target.y);
  const before = await page.evaluate((x) => timeAt(x), target.x);
  await page.keyboard.down("Control");
  for (let n = 0; n < 8; n += 1) await page.mouse.wheel(0, -300);
  await page.keyboard.up("Control");
  await drawn(page);
  const near = await seen(page);
  const after = await page.evaluate((x) => timeAt(x), target.x);
  // Where all lanes fit into the view they cannot move, and a pixel can be many lanes.
  const moved = await page.evaluate(([y, row]) => (view.total <= room() ? 0 : Math.abs((taskAt(y)?.row ?? Infinity) - row)), [target.y, target.row]);
  check(near.length < all.length / 50 && near.lane >= all.lane, "Ctrl and the wheel zoom", JSON.stringify(near));
  check(Math.abs(after - before) < near.length / 100 && moved <= 1 + 1 / all.lane, "what is under the pointer stays there", `${after - before} s, ${moved} lanes`);
  await page.screenshot({ path: join(outFolder, "zoomed.png") });
  await page.mouse.down();
  await at(target.x - 200, target.y - 60);
  await page.mouse.up();
  await drawn(page);
  const dragged = await seen(page);
  check(dragged.from > near.from && dragged.length.toFixed(12) === near.length.toFixed(12), "dragging moves the view");
  const scroll = await page.evaluate(() => view.total > room());
  const top = dragged.top;
  await page.mouse.wheel(0, -40);
  await drawn(page);
  check(!scroll || top === 0 || (await seen(page)).top < top, "the wheel moves through the lanes");
  await page.locator("#fit").click();
  await drawn(page);

  // The longest task that waits: the pointer over it says for whom, and a click selects it.
  const spot = await page.evaluate(() => {
    const task = model.tasks.reduce((best, task) => (spent(task, PAUSED) > spent(best, PAUSED) ? task : best));
    reveal(task, true);
    const n = task.kind.map((kind, n) => (kind === PAUSED ? task.to[n] - task.from[n] : -1)).reduce((best, length, n, all) => (length > all[best] ? n : best), 0);
    return { x: xOf((task.from[n] + task.to[n]) / 2), y: yOf(task) + view.lane / 2, label: task.label, wait: waitText(task.waits[n]), status: task.status };
  });
  await drawn(page);
  await at(spot.x, spot.y);
  const tip = await page.locator("#tooltip").textContent();
  check(tip.includes(spot.label) && tip.includes(`: ${spot.wait}`) && (!spot.status || tip.includes(`ended: ${spot.status}`)), "the pointer over a pause says what it waits for", `${tip} for ${spot.label}: ${spot.wait}`);
  await page.screenshot({ path: join(outFolder, "hovered.png") });
  await page.mouse.down();
  await page.mouse.up();
  check((await page.locator("#panel-title").textContent()) === spot.label, "a click selects a task");
  await drawn(page);
  const links = await page.evaluate(() => linksOf(selected).length);
  check(links > 0, "and shows arrows to whom it waits for");
  await page.screenshot({ path: join(outFolder, "selected.png") });
  await page.locator("#panel-close").click();

  const heading = await page.evaluate(() => {
    showAll();
    return { y: AXIS + model.groups[0].y - view.top + HEADER / 2, height: view.total };
  });
  await at(60, heading.y);
  await page.mouse.down();
  await page.mouse.up();
  await drawn(page);
  check(await page.evaluate(() => model.groups[0].isFolded), "a click on a guest's name folds its lanes");
  await page.screenshot({ path: join(outFolder, "folded.png") });
  await page.mouse.down();
  await page.mouse.up();
  check(!(await page.evaluate(() => model.groups[0].isFolded)), "and another unfolds them");
}

async function checkKeys(page) {
  await page.locator("#lanes").focus();
  await page.keyboard.press("0");
  const all = await seen(page);
  for (const key of ["+", "+", "+"]) await page.keyboard.press(key);
  const near = await seen(page);
  check(near.length < all.length / 3, "+ zooms in");
  await page.keyboard.press("ArrowRight");
  check((await seen(page)).from > near.from, "→ moves the view");
  await page.keyboard.press("-");
  check((await seen(page)).length > near.length, "− zooms out");
  await page.keyboard.press("ArrowDown");
  const first = await page.locator("#panel-title").textContent();
  await page.keyboard.press("ArrowDown");
  const second = await page.locator("#panel-title").textContent();
  check(first !== second && first.startsWith("#"), "↓ selects one task after the other", `${first}, ${second}`);
  check((await page.locator("#said").textContent()).startsWith(second), "and a screen reader hears which");
  await page.keyboard.press("Enter");
  const close = await page.evaluate(() => span() / Math.max(selected.end - selected.start, 1e-6));
  check(close < 3, "Enter zooms to it", String(close));
  await page.keyboard.press("Escape");
  check(await page.locator("#panel").isHidden(), "Escape selects nothing");
  await page.keyboard.press("/");
  check(await page.evaluate(() => document.activeElement.id === "search"), "/ goes to the search");
  await page.locator("#fit").click();
}

async function checkActive(page) {
  const lanes = async () => Number((await range(page)).match(/([\d,]+) lanes?$/)[1].replaceAll(",", ""));
  const all = await lanes();
  await page.evaluate(() => {
    [view.from, view.to] = [model.start + (model.end - model.start) * 0.5, model.start + (model.end - model.start) * 0.51];
    changed();
  });
  await page.locator("#active").check();
  const some = await lanes();
  check(some > 0 && some < all, "lanes that do nothing in view can be hidden", `${some} of ${all}`);
  await page.screenshot({ path: join(outFolder, "active.png") });
  await page.locator("#active").uncheck();
  check((await lanes()) === all, "and shown again");
}

async function checkTable(page) {
  await page.locator("#table-button").click();
  const tasks = await page.evaluate(() => model.tasks.length);
  const rows = page.locator("#table tbody tr");
  check((await rows.count()) === Math.min(tasks, 200), "the table has the tasks", `${await rows.count()} of ${tasks}`);
  check((await page.locator("#table th:not([scope])").count()) === 0, "all its headings have a scope");
  await page.getByRole("button", { name: "Alive for" }).click();
  await page.getByRole("button", { name: "Alive for" }).click();
  const longest = await page.evaluate(() => model.tasks.reduce((best, task) => ((task.done ?? task.end) - task.start > (best.done ?? best.end) - best.start ? task : best)).id);
  check((await rows.first().locator("th").textContent()) === `#${longest}`, "it can be sorted");
  if (tasks > 200) {
    await page.locator("#rows-after").click();
    check((await page.locator("#rows").textContent()).startsWith("Rows 201 to 400 of "), "and leafed through");
  }
  await rows.first().locator("button").click();
  check(await page.locator("#panel").isVisible(), "a task of it opens beside it");
  await page.screenshot({ path: join(outFolder, "table.png") });
  check((await overflow(page)) === "", "nothing sticks out to the side", await overflow(page));
  const pale = await lowContrast(page);
  check(pale.length === 0, "all text has enough contrast", pale.slice(0, 8).join("; "));
  await page.locator("#panel-close").click();
  await page.locator("#table-button").click();
}

async function checkSpeed(page) {
  const times = await page.evaluate(() => {
    const timed = (act) => {
      const start = performance.now();
      for (let n = 0; n < 5; n += 1) {
        act(n);
        drawLanes();
        drawOverview();
      }
      return (performance.now() - start) / 5;
    };
    return {
      whole: timed(showAll),
      near: timed((n) => { view.lane = 18; view.from = model.end * 0.1 * n; view.to = view.from + model.end * 0.05; changed(); }),
      search: timed((n) => search(["w", "wo", "wor", "wo", ""][n])),
    };
  });
  for (const [what, time] of Object.entries(times)) check(time < 200, `drawing is quick: ${what}`, `${time.toFixed(0)} ms`);
  console.log(`      a frame takes ${times.whole.toFixed(1)} ms of the whole, ${times.near.toFixed(1)} ms near, ${times.search.toFixed(1)} ms for a letter in the search`);
}

async function checkTheme(page) {
  const look = async () => [await page.evaluate(() => theme.raised), ...(await pixels(page, "raised"))];
  const [light, before] = await look();
  await page.locator("#theme").click();
  const [dark, after] = await look();
  const headings = await page.evaluate(() => model.groups.length);
  check(light !== dark && (headings === 0 || (before > 1000 && after > 1000)), "the theme can be changed, and the timeline follows", `${light} to ${dark}, ${before} and ${after} pixels`);
  check((await page.locator("#theme").getAttribute("aria-pressed")) === "true", "and its button says so");
}

for (const [width, height, scheme] of [[1280, 900, "light"], [1280, 900, "dark"], [390, 844, "light"], [390, 844, "dark"]]) {
  const shot = `${width}-${scheme}`;
  console.log(`\n${width} pixels, ${scheme}`);
  const { page, said, seconds } = await opened(width, height, scheme);
  page.setDefaultTimeout(20_000);
  await drawn(page);
  const ready = await page.evaluate(() => performance.now() / 1000);
  check(seconds < 3 && ready < 3, "the page is there within 3 seconds", `${seconds} s, drawn after ${ready} s`);
  console.log(`      opened in ${seconds.toFixed(2)} s`);
  await page.screenshot({ path: join(outFolder, `${shot}.png`) });
  check((await overflow(page)) === "", "nothing sticks out to the side", await overflow(page));
  const pale = await lowContrast(page);
  check(pale.length === 0, "all text has enough contrast", pale.slice(0, 8).join("; "));
  const events = await page.evaluate(() => model.events.length);
  if (events > 0) await checkLanes(page);
  if (shot === "1280-light") {
    await checkPage(page);
    if (events > 0) {
      await checkSearch(page);
      await checkPointer(page, outFolder);
      await checkKeys(page);
      await checkActive(page);
      await checkTable(page);
      await checkSpeed(page);
    }
    await checkTheme(page);
  }
  check(said.length === 0, "the browser has nothing to complain about", said.slice(0, 5).join("; "));
  await page.context().close();
}
await end();
