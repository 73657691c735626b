
// What is said in words: the panel of a task, the table of all, and what a search finds.
const found = { text: "", list: [], set: new Set(), at: -1 };

function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

const link = (task, text = task.label) => el("button", { type: "button", className: "task", onclick: () => visit(task) }, text);

/** Shows a task where the reader is: in the timeline, or beside the table. */
function visit(task) {
  select(task, { reveal: true });
  byId("panel").focus();
}

function statusCell(task) {
  return el("td", { className: BADGES.get(task.status)?.[1] ?? "" }, visible(stateOf(task)));
}

function tableOf(caption, heads, rows) {
  const head = el("tr", {}, ...heads.map(([text, kind, more]) => el("th", { scope: "col", className: kind, ...more }, text)));
  return el("table", {}, el("caption", {}, caption), el("thead", {}, head), el("tbody", {}, ...rows));
}

function facts(task) {
  const parent = model.byNumber.get(task.parent);
  const held = task.open ? null : spent(task, HELD);
  const list = [
    ["Runs in", task.guest === null ? "Lua" : `Go guest ${visible(task.guest)}`],
    ["Started by", parent ? link(parent) : task.parent === null ? "the host" : `#${task.parent}`],
    ["Coroutine", task.coroutine],
    ["Goroutine", task.goroutine],
    ["State", task.status ? `done: ${visible(task.status)}` : `${stateOf(task)} when the trace ends`],
    ["Began at", moment(task.start)],
    ["Alive for", duration((task.done ?? task.end) - task.start)],
    ["Running", duration(spent(task, RUNNING))],
    ["Paused", duration(spent(task, PAUSED))],
    ["Released", held === null ? "not yet" : `${duration(held)} after it was done`],
  ];
  return el("dl", {}, ...list.flatMap(([name, value]) => (value == null ? [] : [el("dt", {}, name), el("dd", {}, value)])));
}

function links(title, tasks) {
  const unlike = [...new Set(tasks)], most = 100;
  if (unlike.length === 0) return [];
  const more = unlike.length > most ? el("li", {}, `and ${count(unlike.length - most, "more task")}`) : null;
  return [el("h3", {}, `${title} (${unlike.length.toLocaleString("en")})`),
    el("ul", {}, ...unlike.slice(0, most).map((task) => el("li", {}, link(task), ` ${task.guest === null ? "Lua" : visible(task.guest)}`)), more)];
}

function eventRows(task, most) {
  return task.events.slice(0, most).map((event) => {
    const other = model.byNumber.get(event.waits_for_task);
    const detail = event.phase === "done" ? visible(event.status ?? "")
      : event.phase !== "pause" ? ""
        : other ? el("span", {}, event.waits_for === "task" ? "awaits " : "called ", link(other)) : waitText(event);
    return el("tr", {}, el("td", { className: "number" }, String(event.seq)),
      el("td", { className: "number" }, duration(event.time - task.start)), el("td", { className: "short" }, visible(event.phase)), el("td", {}, detail));
  });
}

function showPanel(task) {
  const panel = byId("panel");
  panel.hidden = !task;
  byId("said").textContent = task ? `${task.label}, ${task.guest === null ? "Lua" : visible(task.guest)}, ${stateOf(task)}` : "";
  if (!task) return;
  byId("panel-title").textContent = task.label;
  const most = 200, body = byId("panel-body");
  const heads = [["Event", "number"], ["After", "number"], ["Phase", "short"], ["", ""]];
  const events = tableOf(`${count(task.events.length, "event")}; times count from its start`, heads, eventRows(task, most));
  const all = task.events.length > most ? el("button", {
    type: "button",
    onclick: () => {
      events.tBodies[0].replaceChildren(...eventRows(task, Infinity));
      all.remove();
    },
  }, `Show all ${count(task.events.length, "event")}`) : null;
  body.replaceChildren(facts(task), events, ...(all ? [all] : []), ...links("Started", task.children), ...links("Waits for it", task.waiters));
  panel.scrollTop = 0;
}

function search(text) {
  found.text = text.trim().toLowerCase();
  const exact = /^#\d+$/.test(found.text);
  found.list = found.text === "" ? [] : model.tasks.filter((task) => (exact ? `#${task.id}` === found.text : task.text.includes(found.text)));
  found.set = new Set(found.list);
  found.at = -1;
  byId("previous").disabled = byId("next").disabled = found.list.length === 0;
  sayFound();
  table.first = 0;
  fillTable();
  redraw();
}

function sayFound() {
  const total = found.list.length;
  byId("found").textContent = found.text === "" ? "" : total === 0 ? "nothing" : found.at < 0
    ? count(total, "task") : `${(found.at + 1).toLocaleString("en")} of ${total.toLocaleString("en")}`;
}

/** Goes to the next task that was found, or to the one before. */
function step(way) {
  if (found.list.length === 0) return;
  found.at = found.at < 0 && way < 0 ? found.list.length - 1 : (found.at + way + found.list.length) % found.list.length;
  sayFound();
  select(found.list[found.at], { reveal: true });
}

// The table of tasks is there for those who cannot see or use the timeline.
const ROWS = 200;
const table = { first: 0, by: "Task", down: false };
const COLUMNS = [
  ["Task", "", (task) => task.id],
  ["Name", "name", (task) => task.name],
  ["Runs in", "name", (task) => task.guest ?? ""],
  ["Started by", "number", (task) => task.parent ?? -1],
  ["Began at", "number", (task) => task.start],
  ["Alive for", "number", (task) => (task.done ?? task.end) - task.start],
  ["Running", "number", (task) => spent(task, RUNNING)],
  ["Paused", "number", (task) => spent(task, PAUSED)],
  ["State", "", stateOf],
];

function tableRow(task) {
  const number = (text) => el("td", { className: "number" }, text);
  return el("tr", {}, el("th", { scope: "row" }, link(task, `#${task.id}`)), el("td", { className: "name" }, visible(task.name)),
    el("td", { className: "name" }, task.guest === null ? "Lua" : `Go: ${visible(task.guest)}`), number(task.parent === null ? "" : `#${task.parent}`),
    number(moment(task.start)), number(duration((task.done ?? task.end) - task.start)),
    number(duration(spent(task, RUNNING))), number(duration(spent(task, PAUSED))), statusCell(task));
}

function fillTable() {
  if (byId("table").hidden) return;
  const key = COLUMNS.find(([name]) => name === table.by)[2], way = table.down ? -1 : 1;
  const tasks = (found.text === "" ? model.tasks : found.list).map((task) => [key(task), task])
    .sort(([a], [b]) => (a < b ? -way : a > b ? way : 0)).map(([, task]) => task);
  const last = Math.min(tasks.length, table.first + ROWS);
  const heads = COLUMNS.map(([name, kind]) => [
    el("button", {
      type: "button",
      onclick: () => {
        table.down = table.by === name ? !table.down : false;
        table.by = name;
        table.first = 0;
        fillTable();
        [...byId("table").querySelectorAll("thead button")].find((button) => button.textContent === name)?.focus();
      },
    }, name), kind,
    table.by === name ? { "aria-sort": table.down ? "descending" : "ascending" } : {},
  ]);
  const box = byId("table").querySelector(".box");
  box.replaceChildren(tableOf("Tasks", heads, tasks.slice(table.first, last).map(tableRow)));
  box.scrollTop = 0;
  byId("rows").textContent = tasks.length === 0 ? "No task is found." : `Rows ${(table.first + 1).toLocaleString("en")} to ${last.toLocaleString("en")} of ${tasks.length.toLocaleString("en")}`;
  byId("rows-before").disabled = table.first === 0;
  byId("rows-after").disabled = last === tasks.length;
}

function showTable(shown) {
  byId("table").hidden = !shown;
  byId("timeline").hidden = shown;
  byId("table-button").setAttribute("aria-pressed", String(shown));
  if (shown) fillTable();
  else redraw();
}
