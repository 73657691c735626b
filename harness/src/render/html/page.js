
"use strict";
// All that scripts printed is inserted as text nodes, never as HTML.
const report = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const VERDICTS = {
  "same": ["✓", "same"],
  "known": ["≈", "known difference"],
  "different": ["✗", "different"],
  "unexpected-pass": ["!", "unexpected pass"],
  "undecided": ["?", "undecided"],
};
const isFailure = (verdict) => verdict === "different" || verdict === "unexpected-pass";
// Characters that cannot be seen or that change the order of others.
const UNSEEN = /[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g;
const nameOf = (c) => {
  const code = c.charCodeAt(0).toString(16);
  return code.length < 3 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
};
const visible = (text) => text.replace(UNSEEN, nameOf);

function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

function button(text, onclick, properties = {}) {
  return el("button", { type: "button", onclick, ...properties }, text);
}

function decimal(value) {
  if (typeof value !== "number") return "–";
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return value.toFixed(0);
  const places = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : Math.min(9, 2 - Math.floor(Math.log10(size)));
  return value.toFixed(places);
}

function bytes(count) {
  if (count < 1024) return `${count} B`;
  return count < 1048576 ? `${decimal(count / 1024)} KiB` : `${decimal(count / 1048576)} MiB`;
}

function table(caption, heads, rows) {
  const head = el("tr", {}, ...heads.map(([text, kind]) => el("th", { scope: "col", className: kind }, text)));
  const body = rows.map((cells) => el("tr", {}, ...cells.map((cell, index) => {
    const className = heads[index][1];
    const inside = typeof cell === "string" ? visible(cell) : cell;
    return index === 0 ? el("th", { scope: "row", className }, inside) : el("td", { className }, inside);
  })));
  return el("table", {}, el("caption", { className: "aside" }, caption), el("thead", {}, head), el("tbody", {}, ...body));
}

// The theme: that of the system until the reader chooses.
const system = matchMedia("(prefers-color-scheme: dark)");
const stored = () => { try { return localStorage.getItem("luago-theme"); } catch { return null; } };
const isDark = () => (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
function showTheme(theme) {
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  byId("theme").ariaPressed = String(isDark());
}
byId("theme").onclick = () => {
  const theme = isDark() ? "light" : "dark";
  showTheme(theme);
  try { localStorage.setItem("luago-theme", theme); } catch { /* remembered until the page is left */ }
};
system.onchange = () => showTheme();
showTheme(stored());

// Differences between two texts, line by line.
const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The fewest removals and additions that make `b` of `a`, by Myers, with what stays between them. */
function edits(a, b) {
  // The work grows with the square of the edits; a bound keeps the page quick.
  const bound = Math.min(a.length + b.length, 1000);
  const reach = new Int32Array(2 * bound + 3), middle = bound + 1, trace = [];
  const goesDown = (v, k, d) => k === -d || (k !== d && v[middle + k - 1] < v[middle + k + 1]);
  const arrives = () => {
    for (let d = 0; d <= bound; d++) {
      trace.push(reach.slice());
      for (let k = -d; k <= d; k += 2) {
        let x = goesDown(reach, k, d) ? reach[middle + k + 1] : reach[middle + k - 1] + 1;
        while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
        reach[middle + k] = x;
        if (x >= a.length && x - k >= b.length) return true;
      }
    }
    return false;
  };
  if (!arrives()) return [...a.map((line) => [line, null]), ...b.map((line) => [null, line])];
  const found = [];
  let x = a.length, y = b.length;
  for (let d = trace.length - 1; d >= 0; d--) {
    const down = goesDown(trace[d], x - y, d), k = x - y + (down ? 1 : -1);
    const fromX = d === 0 ? 0 : trace[d][middle + k], fromY = d === 0 ? 0 : fromX - k;
    while (x > fromX && y > fromY) found.push([a[--x], b[--y]]);
    if (d > 0) found.push(down ? [null, b[--y]] : [a[--x], null]);
  }
  return found.reverse();
}

/** Pairs of lines `[left, right]`; where one has no counterpart, it is null. */
function aligned(left, right) {
  let start = 0, end = 0;
  const shorter = Math.min(left.length, right.length);
  while (start < shorter && left[start] === right[start]) start++;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const a = left.slice(start, left.length - end), b = right.slice(start, right.length - end);
  const pairs = left.slice(0, start).map((line) => [line, line]);
  let removed = [], added = [];
  const flush = () => {
    const count = Math.max(removed.length, added.length);
    for (let n = 0; n < count; n++) pairs.push([removed[n] ?? null, added[n] ?? null]);
    removed = []; added = [];
  };
  for (const [mine, other] of edits(a, b)) {
    if (mine !== null && other !== null) { flush(); pairs.push([mine, other]); }
    else if (mine !== null) removed.push(mine);
    else added.push(other);
  }
  flush();
  return pairs.concat(left.slice(left.length - end).map((line) => [line, line]));
}

function appendText(node, text, limit) {
  const rest = text.length - limit;
  let last = 0;
  if (rest > 0) text = text.slice(0, limit);
  for (const match of text.matchAll(UNSEEN)) {
    node.append(text.slice(last, match.index), el("span", { className: "unseen" }, nameOf(match[0])));
    last = match.index + 1;
  }
  node.append(text.slice(last));
  if (rest > 0) node.append(el("span", { className: "unseen" }, ` … ${rest} more characters`));
}

/** One line; what differs from `other` is marked in it. */
function row(line, other, sign, limit) {
  if (line === null) return el("span", { className: "row gap" });
  const node = el("span", { className: "row" });
  const text = line.replace(/\n$/, ""), against = other?.replace(/\n$/, "");
  if (other === undefined || line === other) {
    appendText(node, text, limit);
    return node;
  }
  node.classList.add("changed");
  node.dataset.sign = sign;
  let start = 0, end = 0;
  const shorter = Math.min(text.length, against?.length ?? 0);
  while (start < shorter && text[start] === against[start]) start++;
  while (end < shorter - start && text.at(-1 - end) === against.at(-1 - end)) end++;
  const same = text.slice(0, start), changed = text.slice(start, text.length - end);
  if (same.length > limit) {
    node.append(el("span", { className: "unseen" }, `${same.length - 80} characters the same … `));
    appendText(node, same.slice(-80), limit);
  } else appendText(node, same, limit);
  if (changed !== "" && other !== null) {
    const mark = el("mark");
    appendText(mark, changed, limit);
    node.append(mark);
  } else appendText(node, changed, limit);
  appendText(node, text.slice(text.length - end), limit);
  if (other !== null && line.endsWith("\n") !== other.endsWith("\n") && !line.endsWith("\n")) {
    node.append(el("span", { className: "unseen" }, " (no line end)"));
  }
  return node;
}

const LINES = 500, CHARACTERS = 2000;

function block(rows, label, plain) {
  return el("pre", { className: plain ? "plain" : "", tabIndex: 0, role: "group", ariaLabel: label },
    el("code", { className: "lines" }, ...rows));
}

/** Shows text made by `make(lines, characters)`, first a part of it if it is long. */
function bounded(total, make) {
  const node = el("div", {}, make(LINES, CHARACTERS));
  if (total.lines > LINES || total.longest > CHARACTERS) {
    const rest = total.lines > LINES ? `Show all ${total.lines} lines` : "Show whole lines";
    node.append(button(rest, () => node.replaceChildren(make(Infinity, Infinity))));
  }
  return node;
}
const sizeOf = (...texts) => {
  const all = texts.map(linesOf);
  return { lines: Math.max(...all.map((l) => l.length)), longest: all.flat().reduce((n, l) => Math.max(n, l.length), 0) };
};
const source = (text, label) => bounded(sizeOf(text), (lines, characters) =>
  block(linesOf(text).slice(0, lines).map((line) => row(line, undefined, "", characters)), label, true));

/** Without most of the lines that are the same: a number stands for so many of them. */
function nearChanges(pairs) {
  const shown = [];
  let last = -Infinity;
  const near = pairs.map(([a, b], n) => { if (a !== b) last = n; return n - last <= 10; });
  last = Infinity;
  for (let n = pairs.length - 1; n >= 0; n--) {
    if (pairs[n][0] !== pairs[n][1]) last = n;
    if (near[n] || last - n <= 10) shown.push(pairs[n]);
    else if (typeof shown.at(-1) === "number") shown[shown.length - 1]++;
    else shown.push(1);
  }
  return shown.reverse();
}

function comparison(left, right, name, titles) {
  const pairs = aligned(linesOf(left), linesOf(right));
  const total = { ...sizeOf(left, right), lines: pairs.length };
  return bounded(total, (lines, characters) => {
    const shown = pairs.length > lines ? nearChanges(pairs).slice(0, lines) : pairs;
    const sides = [[0, left, "−"], [1, right, "+"]].map(([side, text, sign]) => {
      const rows = shown.map((pair) => typeof pair === "number"
        ? el("span", { className: "row unseen" }, `… ${pair} lines the same`)
        : row(pair[side], pair[1 - side], sign, characters));
      const pre = block(rows, `${name}, ${titles[side]}`, false);
      return el("div", {}, el("p", {}, titles[side], text === "" ? " (nothing)" : ""), text === "" ? null : pre);
    });
    const [a, b] = sides.map((side) => side.querySelector("pre"));
    const follow = (from, to) => from.addEventListener("scroll", () => { to.scrollTop = from.scrollTop; }, { passive: true });
    if (a && b) { follow(a, b); follow(b, a); }
    return el("div", { className: "sides" }, ...sides);
  });
}

async function copy(text, control) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { value: text, readOnly: true });
    control.after(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
    control.focus();
  }
  control.textContent = done ? "Copied" : "Copying failed";
  setTimeout(() => { control.textContent = "Copy"; }, 2000);
}

// The dialog for one difference.
let openList = [], openIndex = 0;
function open(list, index) {
  [openList, openIndex] = [list, index];
  const { id, pair, verdict, reason, found, input } = list[index];
  const titles = [pair.split("=")[0], pair.split("=").slice(1).join("=") || "subject"].map(visible);
  byId("detail-title").textContent = visible(id);
  const [symbol, name] = VERDICTS[verdict];
  const body = [el("p", {}, el("span", { className: `tag ${verdict}` }, `${symbol} ${name}`), ` ${visible(pair)}`)];
  if (reason) body.push(el("p", {}, `Expected to differ: ${visible(reason)}`));
  if (input != null) body.push(el("h3", {}, "Input"), source(input, "Input"));
  if (found) {
    const parts = ["end", "stdout", "stderr"];
    const order = [...parts.filter((part) => found.fields.includes(part)), ...parts.filter((part) => !found.fields.includes(part))];
    for (const part of order) {
      const [left, right] = [found.reference[part], found.subject[part]];
      if (found.fields.includes(part)) body.push(el("h3", {}, `${part} differs`), comparison(left, right, part, titles));
      else if (left !== right) body.push(el("details", {}, el("summary", {}, `${part} does not count as different`), comparison(left, right, part, titles)));
      else if (left === "") body.push(el("p", { className: "note" }, `${part}: nothing from both`));
      else body.push(el("details", {}, el("summary", {}, `${part} is the same`), source(left, part)));
    }
    const copier = button("Copy", () => copy(found.repeat, copier), { ariaLive: "polite" });
    body.push(el("h3", {}, "Repeat"), el("div", { className: "command" }, source(found.repeat, "Command"), copier));
    body.push(el("h3", {}, "Script"), source(found.script, "Script"));
  } else {
    body.push(el("p", {}, verdict === "undecided" ? "Both ran into the same bound of time, memory or output." : "Both did the same."));
  }
  byId("detail-body").replaceChildren(...body);
  byId("detail-body").scrollTop = 0;
  byId("previous").disabled = index === 0;
  byId("next").disabled = index === list.length - 1;
  if (byId("detail").open) return;
  byId("detail").showModal();
  byId("detail-body").focus();
}
byId("previous").onclick = () => open(openList, openIndex - 1);
byId("next").onclick = () => open(openList, openIndex + 1);
byId("close").onclick = () => byId("detail").close();
byId("detail").onclick = (event) => { if (event.target === byId("detail")) byId("detail").close(); };
byId("detail").onclose = () => openList[openIndex].control?.focus();

// The grid of cases and pairs.
const matrix = report.matrix;
const filter = { text: "", verdicts: new Set(), pairs: new Set() };
let chapters = [], current = null;

function cellButton(item) {
  const [symbol, name] = VERDICTS[item.verdict];
  const control = el("button", { type: "button", className: `cell ${item.verdict}`, tabIndex: -1,
    ariaLabel: visible(`${name}: ${item.id}, ${item.pair}`), title: `${name}, ${visible(item.pair)}` }, symbol);
  item.control = control;
  control.item = item;
  return el("td", {}, control);
}

function makeGrid() {
  const pairs = matrix.pairs;
  const heads = pairs.map((pair) => {
    const [reference, ...rest] = pair.split("=");
    return el("th", { scope: "col" }, el("span", {}, visible(reference), rest.length ? el("b", {}, visible(`= ${rest.join("=")}`)) : null));
  });
  const grid = byId("grid");
  grid.append(el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Case"), ...heads)));
  const folders = new Map();
  for (const { id, cells } of matrix.cases) {
    const slash = id.lastIndexOf("/");
    const folder = slash < 0 ? "Without a chapter" : id.slice(0, slash);
    if (!folders.has(folder)) folders.set(folder, []);
    const items = pairs.map((pair) => {
      const cell = cells.find((cell) => cell.pair === pair);
      return cell && { id, ...cell };
    });
    const row = el("tr", { className: "case" }, el("th", { scope: "row" }, visible(id.slice(slash + 1))),
      ...items.map((item) => item ? cellButton(item) : el("td")));
    folders.get(folder).push({ row, items, name: id.toLowerCase() });
  }
  const many = matrix.cases.length > 60;
  for (const [folder, cases] of folders) {
    const failing = cases.some(({ items }) => items.some((item) => item && isFailure(item.verdict)));
    const chapter = { cases, folded: many && !failing, first: many && !failing };
    chapter.control = button(visible(folder), () => { chapter.folded = !chapter.folded; showRows(); });
    const counts = pairs.map((pair, n) => {
      const items = cases.map(({ items }) => items[n]).filter(Boolean);
      const bad = items.filter((item) => isFailure(item.verdict)).length;
      const className = bad ? "failing" : "";
      const title = `${items.length} cases, ${bad} not as expected`;
      return el("td", { className, title }, items.length === 0 ? "" : bad ? `✗ ${bad}` : String(items.length));
    });
    chapter.row = el("tr", { className: "chapter" }, el("th", { scope: "rowgroup" }, chapter.control), ...counts);
    grid.append(el("tbody", {}, chapter.row, ...cases.map(({ row }) => row)));
    chapters.push(chapter);
  }
}

const allRows = () => chapters.flatMap(({ cases }) => cases);
const isShown = (item) => item && (filter.pairs.size === 0 || filter.pairs.has(item.pair));
const passes = (item) => isShown(item) && (filter.verdicts.size === 0 || filter.verdicts.has(item.verdict));

/** Applies the filter to columns, rows and cells. */
function applyFilter() {
  const active = filter.text !== "" || filter.verdicts.size > 0;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const hidden = matrix.pairs.map((pair) => filter.pairs.size > 0 && !filter.pairs.has(pair));
  for (const row of byId("grid").rows) hidden.forEach((hide, n) => { row.cells[n + 1].hidden = hide; });
  // A case that no pair was meant for has no cells that could pass.
  const all = filter.verdicts.size + filter.pairs.size === 0;
  for (const chapter of chapters) {
    for (const entry of chapter.cases) {
      entry.matches = words.every((word) => entry.name.includes(word)) && (all || entry.items.some(passes));
      entry.items.forEach((item) => item?.control.parentNode.classList.toggle("dim", !passes(item)));
    }
    chapter.folded = active ? false : chapter.first;
  }
  byId("clear").disabled = !active && filter.pairs.size === 0;
  showRows();
}

function showRows() {
  let count = 0;
  for (const { cases, folded, control, row } of chapters) {
    const matching = cases.filter(({ matches }) => matches).length;
    count += matching;
    row.hidden = matching === 0;
    control.ariaExpanded = String(!folded);
    for (const entry of cases) entry.row.hidden = folded || !entry.matches;
  }
  byId("shown").textContent = `${count} of ${matrix.cases.length} cases`;
  byId("nothing").hidden = count > 0;
  byId("grid-box").hidden = count === 0;
  // Of all cells only one is reached by the tab key; the arrow keys go on from there.
  if (!current || !current.offsetParent) {
    const rows = allRows().filter(({ row }) => !row.hidden);
    setCurrent(rows.flatMap(({ items }) => items).find(isShown)?.control ?? null);
  }
}

function setCurrent(control) {
  if (current) current.tabIndex = -1;
  current = control;
  if (current) current.tabIndex = 0;
}

function moveCurrent(event) {
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  const step = steps[event.key], item = event.target.item;
  if (!step || !item) return;
  event.preventDefault();
  const rows = allRows().filter(({ row }) => !row.hidden);
  let y = rows.findIndex(({ items }) => items.includes(item)), x = rows[y].items.indexOf(item);
  for (;;) {
    [y, x] = [y + step[0], x + step[1]];
    if (!rows[y] || x < 0 || x >= matrix.pairs.length) return;
    if (isShown(rows[y].items[x])) break;
  }
  setCurrent(rows[y].items[x].control);
  current.focus();
}

function chip(group, set, value, label, count) {
  const control = button(visible(label), () => {
    if (!set.delete(value)) set.add(value);
    control.ariaPressed = String(set.has(value));
    applyFilter();
  }, { ariaPressed: "false" });
  if (count !== undefined) control.append(" ", el("span", { className: "count" }, String(count)));
  byId(group).append(control);
}

function showMatrix() {
  makeGrid();
  const all = allRows().flatMap(({ items }) => items).filter(Boolean);
  for (const [verdict, [symbol, name]] of Object.entries(VERDICTS)) {
    chip("verdicts", filter.verdicts, verdict, `${symbol} ${name}`, all.filter((item) => item.verdict === verdict).length);
  }
  for (const pair of matrix.pairs) chip("pairs", filter.pairs, pair, pair);
  byId("search").oninput = () => { filter.text = byId("search").value.trim(); applyFilter(); };
  const form = document.querySelector(".filter");
  form.onsubmit = (event) => event.preventDefault();
  form.onreset = () => {
    filter.text = "";
    filter.verdicts.clear();
    filter.pairs.clear();
    for (const control of form.querySelectorAll("[aria-pressed]")) control.ariaPressed = "false";
    applyFilter();
  };
  for (const [id, folded] of [["fold", true], ["unfold", false]]) {
    byId(id).onclick = () => { for (const chapter of chapters) chapter.folded = folded; showRows(); };
  }
  const grid = byId("grid");
  grid.addEventListener("keydown", moveCurrent);
  grid.addEventListener("click", ({ target }) => {
    if (!target.item) return;
    setCurrent(target);
    // With a filter for verdicts the dialog goes through those, else through all differences.
    const items = allRows().filter(({ matches }) => matches).flatMap((entry) => entry.items).filter(passes);
    const list = items.filter((item) => item === target.item || (filter.verdicts.size > 0 || isFailure(item.verdict)));
    open(list, list.indexOf(target.item));
  });
  applyFilter();
}

function showGo({ toolchains, pairs, cases }) {
  const problems = toolchains.filter(({ problem }) => problem);
  byId("go-problems").append(...problems.map(({ asked, problem }) =>
    el("li", {}, `Not run with ${asked === "own" ? "the machine's Go" : `Go ${visible(asked)}`}: ${visible(problem)}`)));
  byId("go-problems").hidden = problems.length === 0;
  if (pairs.length === 0) return;
  const names = pairs.map((pair) => pair.split("=").slice(1).join("=").replace("sandbox:", "Lua ").replace("+go", ", Go "));
  const heads = [["Scenario", "name"], ...names.map((name) => [visible(name), ""])];
  const list = [];
  byId("go-box").append(table("Scenarios by version of Lua and Go", heads, cases.map(({ id, cells }) => [id.replace(/^go\//, ""),
    ...pairs.map((pair) => {
      const cell = cells.find((cell) => cell.pair === pair);
      if (!cell) return "";
      const item = { id, ...cell }, [symbol, name] = VERDICTS[cell.verdict], index = list.push(item) - 1;
      item.control = button(symbol, () => open(list, index), { className: `cell ${cell.verdict}`, title: name,
        ariaLabel: visible(`${name}: ${id}, ${pair}`) });
      return item.control;
    })])));
}

function showGenerated() {
  const heads = [["Pair", "name"], ["Programs", "number"], ["Different", "number"], ["Undecided", "number"]];
  byId("generated-box").append(table("Generated programs by pair", heads, matrix.generated.map((row) => [
    row.pair, String(row.programs), el("span", { className: row.different ? "worse" : "" }, row.different ? `✗ ${row.different}` : "0"), String(row.undecided)])));
  for (const { pair, different, failures } of matrix.generated) {
    if (failures.length === 0) continue;
    const list = failures.map((failure) => ({ ...failure, pair, verdict: "different" }));
    const links = list.map((item, n) => item.control = button(visible(item.id.replace(/^generated\//, "")), () => open(list, n)));
    if (different > list.length) links.push(el("span", { className: "aside" }, `and ${different - list.length} more`));
    byId("generated").append(el("h3", {}, `Different: ${visible(pair)}`), el("div", { className: "links" }, ...links));
  }
}

const interval = ({ median, low, high }, unit = "") => el("span", {}, median === null ? "– " : `${decimal(median)}${unit} `,
  el("span", { className: "interval" }, `[${decimal(low)}, ${decimal(high)}]`));

function showPerf({ rows, means, rounds }) {
  const list = means.map(({ reference, target, ratio }) => el("li", {},
    el("strong", {}, `${decimal(ratio)}×`), ` ${visible(target)} compared with ${visible(reference)}`));
  byId("perf-means").append(el("p", {}, `Medians of ${rounds} rounds. Geometric means over the programs, without start-up:`), el("ul", {}, ...list));
  byId("perf-means").hidden = means.length === 0;
  const heads = [["Program", "name"], ["Reference", "name"], ["ms", "number"], ["Target", "name"], ["ms", "number"],
    ["Ratio", "number"], ["Baseline", "number"], ["Peak memory", "number"]];
  byId("perf-box").append(table("Times and memory by program", heads, rows.flatMap((row) => row.subjects.map((subject) => {
    const ratio = interval(subject.ratio, "×");
    if (subject.regressed) { ratio.className = "worse"; ratio.prepend("▲ "); }
    return [row.program, row.reference, interval(row.milliseconds), subject.target, interval(subject.milliseconds), ratio,
      subject.baseline == null ? "–" : `${decimal(subject.baseline)}×`, `${bytes(row.peak_memory)} → ${bytes(subject.peak_memory)}`];
  }))));
}

function showShadow(shadow) {
  const { script, old, new: next, passed, breaches, steps, smallest, different_inputs: inputs } = shadow;
  byId("shadow-verdict").append(
    el("p", { className: `verdict ${passed ? "pass" : "fail"}` }, el("span", { ariaHidden: "true" }, passed ? "✓" : "✗"),
      el("span", {}, `${visible(next)} ${passed ? "can" : "cannot"} take the place of ${visible(old)} for ${visible(script)}`)),
    el("ul", {}, ...breaches.map((breach) => el("li", {}, visible(breach)))));
  const heads = [["Mirrored", "name"], ["Requests", "number"], ["Of them mirrored", "number"], ["Different", "number"],
    ["p50 ms, old → new", "number"], ["p99 ms, old → new", "number"], ["Peak memory, old → new", "number"]];
  byId("shadow-box").append(table("Steps of the rehearsal", heads, steps.map((step) => [
    `${Number(decimal(step.fraction * 100))} %`, String(step.requests), String(step.mirrored),
    el("span", { className: step.different ? "worse" : "" }, String(step.different)),
    ...[[decimal, "p50"], [decimal, "p99"], [bytes, "peak_memory"]].map(([show, name]) =>
      `${show(step.old[name])} → ${step.mirrored > 0 ? show(step.new[name]) : "–"}`)])));
  if (smallest) {
    const size = `${smallest.input.length} characters of ${smallest.original_bytes} bytes`;
    const item = { id: `${smallest.file}, ${size}`, pair: `${old}=${next}`, verdict: "different", found: smallest.found, input: smallest.input };
    item.control = button(`✗ Smallest input that differs: ${visible(item.id)}`, () => open([item], 0));
    byId("shadow-inputs").append(el("p", {}, item.control));
  }
  if (inputs.length > 0) {
    byId("shadow-inputs").append(el("details", {}, el("summary", {}, `Inputs that differ (${inputs.length})`),
      el("ul", {}, ...inputs.map((input) => el("li", {}, el("code", {}, visible(input)))))));
  }
}

const parts = [
  ["matrix", matrix && matrix.cases.length > 0, showMatrix],
  ["go", matrix && matrix.go, showGo],
  ["generated", matrix && matrix.generated.length > 0, showGenerated],
  ["perf", report.perf, showPerf],
  ["shadow", report.shadow, showShadow],
  ["about", true, () => {}],
];
for (const [id, present, show] of parts) {
  if (!present) continue;
  byId(id).hidden = false;
  show(present);
  byId("parts").append(el("a", { href: `#${id}` }, document.querySelector(`#${id} h2`).textContent));
}
