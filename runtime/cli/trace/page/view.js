
// What part of the trace is seen: a range of time, and lanes of some height from some place on.
const AXIS = 26, HEADER = 24, FOLDED = 44, HIGHEST = 24, READABLE = 13;
const view = { from: 0, to: 1, top: 0, lane: 18, width: 0, height: 0, gutter: 200, total: 0, onlyActive: false };
let selected = null, hovered = null;

const span = () => view.to - view.from;
const plotWidth = () => Math.max(1, view.width - view.gutter);
const xOf = (time) => view.gutter + ((time - view.from) / span()) * plotWidth();
const timeAt = (x) => view.from + ((x - view.gutter) / plotWidth()) * span();
const whole = () => {
  const length = Math.max(model.end - model.start, 1e-6);
  return [model.start - length * 0.01, model.end + length * 0.02];
};

/** Which lanes there are, and where each group begins. Lane heights are the same in all. */
function layOut() {
  let y = 0;
  for (const group of model.groups) {
    group.shown = view.onlyActive
      ? group.tasks.filter((task) => task.end >= view.from && task.start <= view.to)
      : group.tasks;
    for (const task of group.tasks) task.row = -1;
    for (let n = 0; n < group.shown.length; n += 1) group.shown[n].row = n;
    group.y = y;
    group.height = HEADER + (group.isFolded ? FOLDED : group.shown.length * view.lane) + 4;
    y += group.height;
  }
  view.total = y;
}

/** The upper edge of a task's lane, or of its group if that is folded, in the canvas. */
function yOf(task) {
  const top = AXIS + task.group.y - view.top;
  return task.group.isFolded || task.row < 0 ? top : top + HEADER + task.row * view.lane;
}
const isShown = (task) => task.row >= 0 && !task.group.isFolded;

function groupAt(y) {
  const at = y - AXIS + view.top;
  if (y < AXIS) return null;
  return model.groups.find((group) => at >= group.y && at < group.y + group.height) ?? null;
}

function taskAt(y) {
  const group = groupAt(y);
  if (!group || group.isFolded) return null;
  return group.shown[Math.floor((y - AXIS + view.top - group.y - HEADER) / view.lane)] ?? null;
}

const room = () => Math.max(1, view.height - AXIS);
const lanesUnfolded = () => model.groups.reduce((sum, group) => sum + (group.isFolded ? 0 : group.shown.length), 0);

/** The height at which all lanes are seen at once, if that is lower than one that can be read. */
function lowest() {
  const lanes = lanesUnfolded();
  const fixed = model.groups.reduce((sum, group) => sum + HEADER + 4 + (group.isFolded ? FOLDED : 0), 0);
  return lanes ? Math.min(18, Math.max(0.05, (room() - fixed) / lanes)) : 18;
}

function clamp() {
  const [first, last] = whole();
  const shortest = Math.max(20e-9, (last - first) * 1e-9);
  const length = Math.min(last - first, Math.max(shortest, span()));
  if (length !== span()) view.to = view.from + length;
  if (view.from < first) view.from = first;
  else if (view.from + length > last) view.from = last - length;
  view.to = view.from + length;
  layOut();
  view.lane = Math.min(HIGHEST, Math.max(lowest(), view.lane));
  layOut();
  view.top = Math.min(Math.max(0, view.total - room()), Math.max(0, view.top));
}

function changed() {
  clamp();
  redraw();
}

function zoomTime(factor, x = view.gutter + plotWidth() / 2) {
  const still = timeAt(x);
  view.from = still - (still - view.from) * factor;
  view.to = still + (view.to - still) * factor;
  changed();
}

function zoomLanes(factor, y = AXIS + room() / 2) {
  const group = groupAt(y) ?? model.groups[model.groups.length - 1];
  if (!group) return;
  const inside = y - AXIS + view.top - group.y - HEADER;
  const lane = Math.min(HIGHEST, Math.max(lowest(), view.lane * factor));
  const moved = group.isFolded || inside < 0 ? 0 : inside * (lane / view.lane - 1);
  const before = group.y;
  view.lane = lane;
  layOut();
  view.top += group.y - before + moved;
  changed();
}

function zoom(factor, x, y) {
  zoomLanes(1 / factor, y);
  zoomTime(factor, x);
}

function moveBy(dx, dy) {
  const time = (dx / plotWidth()) * span();
  view.from += time;
  view.to += time;
  view.top += dy;
  changed();
}

function showAll() {
  [view.from, view.to] = whole();
  layOut();
  view.lane = lowest();
  view.top = 0;
  changed();
}

/** Moves as little as it takes to see a task, and zooms to it if asked to. */
function reveal(task, closely) {
  task.group.isFolded = false;
  const length = Math.max(task.end - task.start, (model.end - model.start) * 1e-6, 1e-7);
  if (closely) {
    view.from = task.start - length * 0.25;
    view.to = task.end + length * 0.25;
  } else if (task.end < view.from || task.start > view.to) {
    const middle = task.start + Math.min(length, span()) / 2 - span() / 2;
    [view.from, view.to] = [middle, middle + span()];
  }
  clamp();
  view.lane = Math.max(view.lane, READABLE + 5);
  layOut();
  const y = task.group.y + HEADER + Math.max(0, task.row) * view.lane;
  if (closely || y < view.top + HEADER || y + view.lane > view.top + room()) view.top = y - room() / 2;
  changed();
}

function select(task, how = {}) {
  selected = task;
  showPanel(task);
  if (task && how.reveal) reveal(task, how.closely);
  redraw();
}
