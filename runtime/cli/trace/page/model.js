
"use strict";
// What the events say: tasks with their spans, in groups by guest. Names are a guest's own: they
// are shown as text, and looked up in maps only.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

const RUNNING = 0, PAUSED = 1, HELD = 2;
const BADGES = new Map([
  ["error", ["E", "bad"]], ["panic", ["P", "bad"]], ["dead", ["D", "bad"]], ["leaked", ["L", "bad"]],
  ["cancelled", ["C", "odd"]], ["timed-out", ["T", "odd"]], ["goexit", ["G", "odd"]],
]);

// Characters that cannot be seen or that change the order of others.
const UNSEEN = /[\0-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]/g;
const nameOf = (c) => {
  const code = c.charCodeAt(0).toString(16);
  return code.length < 3 ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
};
const LONGEST = 300;
const visible = (text) => {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return shown.replace(UNSEEN, nameOf);
};

function newTask(id) {
  return {
    id, name: "", guest: null, parent: null, coroutine: null, goroutine: null,
    events: [], from: [], to: [], kind: [], waits: [], children: [], waiters: [],
    start: 0, done: null, status: null, end: 0, row: -1, group: null, text: "", label: "",
  };
}

/** Reads the events in one go. A trace can end anywhere, and what it lacks is made up for. */
function modelOf(events) {
  const tasks = [], byNumber = new Map(), groups = new Map();
  const taskOf = (id) => {
    let task = byNumber.get(id);
    if (!task) byNumber.set(id, (task = newTask(id)));
    return task;
  };
  const begin = (task, time, kind, wait) => {
    task.from.push(time);
    task.to.push(time);
    task.kind.push(kind);
    task.waits.push(wait);
  };
  const finish = (task, time) => {
    const last = task.to.length - 1;
    if (last >= 0) task.to[last] = time;
    task.end = time;
  };
  for (const event of events) {
    const task = taskOf(event.task), time = event.time;
    if (task.events.length === 0) {
      tasks.push(task);
      task.start = time;
      task.guest = event.guest ?? null;
      if (event.phase === "resume" || event.phase === "pause") begin(task, time, RUNNING, null);
    }
    task.events.push(event);
    task.parent ??= event.parent ?? null;
    task.coroutine ??= event.coroutine ?? null;
    task.goroutine ??= event.goroutine ?? null;
    if (event.name != null) task.name ||= event.name;
    finish(task, time);
    if (event.phase === "start" || event.phase === "resume") begin(task, time, RUNNING, null);
    else if (event.phase === "pause") begin(task, time, PAUSED, event);
    else if (event.phase === "done") {
      task.done = time;
      task.status = event.status;
      begin(task, time, HELD, null);
    }
  }
  const end = events.length ? events[events.length - 1].time : 0;
  const start = events.length ? events[0].time : 0;
  for (const task of tasks) {
    task.open = task.events[task.events.length - 1].phase !== "released";
    if (task.open) finish(task, end);
    task.label = `#${task.id} ${visible(task.name) || "(no name)"}`;
    task.text = `#${task.id} ${task.name} ${task.guest ?? "lua"} ${stateOf(task)}`.toLowerCase();
    const key = task.guest === null ? "lua" : `go ${task.guest}`;
    if (!groups.has(key)) {
      const title = task.guest === null ? "Lua" : `Go: ${visible(task.guest) || "(no name)"}`;
      groups.set(key, { title, guest: task.guest, tasks: [], shown: [], isFolded: false, y: 0 });
    }
    task.group = groups.get(key);
    task.group.tasks.push(task);
    if (task.parent !== null) byNumber.get(task.parent)?.children.push(task);
    for (const wait of task.waits) {
      const other = wait?.waits_for_task;
      if (other !== undefined && other !== task.id) byNumber.get(other)?.waiters.push(task);
    }
  }
  const ordered = [...groups.values()].sort((a, b) => (a.guest !== null) - (b.guest !== null));
  return { events, tasks, byNumber, groups: ordered, start, end, most: mostAlive(events) };
}

/** How many tasks were alive at once, at most. */
function mostAlive(events) {
  let alive = 0, most = 0;
  for (const { phase } of events) {
    if (phase === "start") most = Math.max(most, (alive += 1));
    else if (phase === "done") alive -= 1;
  }
  return most;
}

function stateOf(task) {
  if (task.status) return task.status;
  return task.kind[task.kind.length - 1] === PAUSED ? "paused" : "running";
}

/** How long a task was in a kind of span. */
function spent(task, kind) {
  let sum = 0;
  for (let n = 0; n < task.kind.length; n += 1) if (task.kind[n] === kind) sum += task.to[n] - task.from[n];
  return sum;
}

/** The first span that ends after a time. */
function spanAfter(task, time) {
  let low = 0, high = task.to.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (task.to[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function waitText(wait) {
  if (!wait) return "";
  const other = model.byNumber.get(wait.waits_for_task);
  const task = other ? other.label : `#${wait.waits_for_task}`;
  switch (wait.waits_for) {
    case "task": return `awaits ${task}`;
    case "call": return `called ${task}`;
    case "timer": return "timer";
    case "host": return `host: ${visible(wait.waits_for_name ?? "")}`;
    case "goroutines": return "goroutines";
    case undefined: return "";
    default: return visible(String(wait.waits_for));
  }
}

/** For each of `width` equal parts of a time, how many tasks run and how many are paused in it,
 * on average. */
function profileOf(tasks, from, to, width) {
  const result = [new Float64Array(width + 1), new Float64Array(width + 1)];
  const whole = [new Float64Array(width + 1), new Float64Array(width + 1)];
  const scale = width / (to - from);
  for (const task of tasks) {
    if (task.end < from || task.start > to) continue;
    for (let n = spanAfter(task, from); n < task.from.length && task.from[n] < to; n += 1) {
      const kind = task.kind[n];
      if (kind === HELD) continue;
      const left = Math.max(0, (task.from[n] - from) * scale), right = Math.min(width, (task.to[n] - from) * scale);
      const first = Math.floor(left), last = Math.floor(right);
      if (first === last) {
        result[kind][first] += right - left;
      } else {
        result[kind][first] += first + 1 - left;
        result[kind][last] += right - last;
        whole[kind][first + 1] += 1;
        whole[kind][last] -= 1;
      }
    }
  }
  for (const kind of [RUNNING, PAUSED]) {
    let sum = 0;
    for (let x = 0; x < width; x += 1) {
      sum += whole[kind][x];
      result[kind][x] += sum;
    }
  }
  return result;
}

const UNITS = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];
/** A time with three or four digits that mean something. */
function duration(seconds) {
  if (seconds === 0) return "0 s";
  const [size, unit] = unitOf(seconds);
  const value = seconds / size, whole = Math.abs(value);
  return `${value.toFixed(whole >= 100 || unit === "ns" ? 0 : whole >= 10 ? 1 : 2)} ${unit}`;
}

const unitOf = (seconds) => UNITS.find(([size]) => Math.abs(seconds) >= size * 0.9995) ?? UNITS[3];
const placesFor = (step, unit) => Math.min(9, Math.max(0, -Math.floor(Math.log10(step / unit[0]) + 1e-9)));
/** A point of time, exact enough to tell it from another that is `step` away. */
function moment(seconds, step = 1e-6) {
  if (seconds === 0) return "0 s";
  const unit = unitOf(seconds);
  return `${(seconds / unit[0]).toFixed(unit[1] === "ns" ? 0 : placesFor(step, unit))} ${unit[1]}`;
}

const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
const model = modelOf(data.events);
