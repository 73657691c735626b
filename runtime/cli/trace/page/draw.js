
// The canvas. Only what is in view is drawn, and what falls into one pixel is drawn once.
const canvas = byId("lanes"), overview = byId("overview");
const paint = canvas.getContext("2d"), small = overview.getContext("2d");
const FONT = "12px ";
let theme = {}, scheduled = false, profile = null;

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const names = ["back", "raised", "ink", "muted", "line", "faint", "accent", "pick", "running", "running-ink",
    "paused", "paused-edge", "paused-ink", "held", "bad", "bad-ink", "odd", "odd-ink"];
  // A custom property keeps `light-dark()`; as the colour of an element it is what is meant now.
  const probe = document.createElement("i");
  document.body.append(probe);
  theme = { sans: style.getPropertyValue("--sans") };
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    theme[name] = getComputedStyle(probe).color;
  }
  probe.remove();
}

function redraw() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    drawLanes();
    drawOverview();
    sayRange();
  });
}

function sized(element, context) {
  const scale = window.devicePixelRatio || 1, width = element.clientWidth, height = element.clientHeight;
  if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return [width, height];
}

/** A text that fits, or nothing. */
function put(context, text, x, y, width) {
  if (width < 14) return;
  let shown = text;
  const full = context.measureText(text.slice(0, 400)).width;
  // A character of two halves is not cut in the middle.
  if (full > width) shown = `${text.slice(0, Math.max(0, Math.floor((text.length * width) / full) - 1)).replace(/[\ud800-\udbff]$/, "")}…`;
  if (shown.length > 1) context.fillText(shown, x, y);
}

/** A step of 1, 2 or 5 that gives about one label for 120 pixels. */
function tickStep() {
  const rough = (span() * 120) / plotWidth(), power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= rough);
}

function drawAxis() {
  const step = tickStep(), unit = unitOf(view.to), places = placesFor(step, unit);
  paint.fillStyle = theme.back;
  paint.fillRect(0, 0, view.width, AXIS);
  paint.font = FONT + theme.sans;
  paint.textBaseline = "middle";
  paint.textAlign = "center";
  for (let n = Math.ceil(view.from / step); n * step <= view.to; n += 1) {
    if (n < 0) continue;
    const x = Math.round(xOf(n * step)) + 0.5;
    if (x < view.gutter) continue;
    paint.fillStyle = theme.line;
    paint.fillRect(x, AXIS - 5, 1, view.height);
    paint.fillStyle = theme.muted;
    const text = `${((n * step) / unit[0]).toFixed(places)} ${unit[1]}`, half = paint.measureText(text).width / 2;
    if (x - half > view.gutter && x + half < view.width) paint.fillText(text, x, AXIS / 2 - 1);
  }
  paint.textAlign = "left";
  paint.fillStyle = theme.line;
  paint.fillRect(0, AXIS - 1, view.width, 1);
}

/** The spans of one lane. Where several fall into one pixel, its colour is as strong as the
 * share of it that the task runs. */
function drawSpans(task, y, height, fade) {
  const bar = height >= 8 ? height - 3 : height >= 3 ? height - 1 : Math.max(height, 1.4);
  const pale = height >= 8 ? theme.paused : theme["paused-edge"];
  const top = height >= 8 ? y + 1.5 : y;
  const texts = height >= READABLE;
  let column = -1, busy = 0, idle = 0;
  const flush = () => {
    if (column < 0) return;
    const strength = busy / Math.max(busy + idle, 1e-9);
    paint.fillStyle = pale;
    if (idle > 0) paint.fillRect(column, top, 1.5, bar);
    if (busy > 0) {
      paint.globalAlpha = fade * (0.4 + 0.6 * strength);
      paint.fillStyle = theme.running;
      paint.fillRect(column, top, 1.5, bar);
      paint.globalAlpha = fade;
    }
    column = -1;
    busy = idle = 0;
  };
  paint.globalAlpha = fade;
  for (let n = spanAfter(task, view.from); n < task.from.length && task.from[n] <= view.to; n += 1) {
    const kind = task.kind[n], left = Math.max(xOf(task.from[n]), view.gutter - 1), right = Math.min(xOf(task.to[n]), view.width + 1);
    if (kind === HELD) {
      flush();
      paint.fillStyle = theme.held;
      paint.fillRect(left, top + bar / 2 - 1, right - left, Math.min(bar, 2));
      continue;
    }
    if (right - left < 1.5) {
      if (Math.floor(left) !== column) flush();
      column = Math.floor(left);
      if (kind === RUNNING) busy += Math.max(right - left, 0.01);
      else idle += right - left;
      continue;
    }
    flush();
    paint.fillStyle = kind === RUNNING ? theme.running : pale;
    paint.fillRect(left, top, right - left, bar);
    if (kind === PAUSED && height >= 8) {
      paint.fillStyle = theme["paused-edge"];
      paint.fillRect(left, top + bar - 2, right - left, 2);
    }
    const room = right - left - 8;
    if (texts && room > 20) {
      paint.fillStyle = kind === RUNNING ? theme["running-ink"] : theme["paused-ink"];
      put(paint, kind === RUNNING ? visible(task.name) : waitText(task.waits[n]), left + 4, y + height / 2, room);
    }
  }
  flush();
  paint.globalAlpha = 1;
}

/** How a task ended, if that was not well. */
function drawBadge(task, y, height, fade) {
  const badge = BADGES.get(task.status);
  if (!badge || task.done < view.from || task.done > view.to) return;
  const x = xOf(task.done);
  paint.globalAlpha = fade;
  paint.fillStyle = theme[badge[1]];
  if (height < READABLE) {
    const size = Math.max(2, Math.min(5, height));
    paint.fillRect(x - 1, y + (height - size) / 2, Math.max(3, size), size);
  } else {
    const size = Math.min(15, height - 2);
    paint.beginPath();
    paint.roundRect(x + 2, y + (height - size) / 2, size, size, 3);
    paint.fill();
    paint.fillStyle = theme[`${badge[1]}-ink`];
    paint.font = `bold ${Math.round(size * 0.75)}px ${theme.sans}`;
    paint.textAlign = "center";
    paint.fillText(badge[0], x + 2 + size / 2, y + height / 2 + 0.5);
    paint.textAlign = "left";
    paint.font = FONT + theme.sans;
  }
  paint.globalAlpha = 1;
}

function drawProfile(context, [busy, idle], x0, y, width, height, most) {
  for (let x = 0; x < width; x += 1) {
    const low = (busy[x] / most) * height, high = ((busy[x] + idle[x]) / most) * height;
    if (high <= 0) continue;
    context.fillStyle = theme["paused-edge"];
    context.globalAlpha = 0.45;
    context.fillRect(x0 + x, y + height - high, 1, high - low);
    context.globalAlpha = 1;
    context.fillRect(x0 + x, y + height - high, 1, Math.min(1, high));
    if (low <= 0) continue;
    context.fillStyle = theme.running;
    context.fillRect(x0 + x, y + height - Math.max(low, 1), 1, Math.max(low, 1));
  }
}

const tallest = ([busy, idle]) => busy.reduce((most, value, x) => Math.max(most, value + idle[x]), 1);

function drawGroup(group, top) {
  if (!group.isFolded) {
    const above = AXIS + HEADER - top, first = Math.max(0, Math.floor(above / view.lane) - Math.ceil(HEADER / view.lane) - 1);
    const last = Math.min(group.shown.length, Math.ceil((view.height - top - HEADER) / view.lane));
    const lanes = group.shown.slice(first, last);
    const bare = found.text !== "";
    const strong = (task) => !bare || found.set.has(task) || task === selected;
    for (const task of lanes) {
      const y = yOf(task);
      if (task === selected || task === hovered) {
        paint.fillStyle = theme.pick;
        paint.fillRect(0, y, view.width, Math.max(view.lane, 1));
      } else if (view.lane >= READABLE && task.row % 2) {
        paint.fillStyle = theme.faint;
        paint.globalAlpha = 0.5;
        paint.fillRect(view.gutter, y, plotWidth(), view.lane);
        paint.globalAlpha = 1;
      }
    }
    paint.save();
    paint.beginPath();
    paint.rect(view.gutter, AXIS, plotWidth(), view.height);
    paint.clip();
    // What was found is drawn over what was not.
    for (const over of [false, true]) {
      for (const task of lanes) {
        if (strong(task) !== over || task.end < view.from || task.start > view.to) continue;
        drawSpans(task, yOf(task), view.lane, over ? 1 : 0.2);
      }
    }
    for (const task of lanes) drawBadge(task, yOf(task), view.lane, strong(task) ? 1 : 0.25);
    paint.restore();
    drawLabels(lanes, strong);
  } else {
    const parts = Math.floor(plotWidth()), shape = profileOf(group.tasks, view.from, view.to, parts);
    drawProfile(paint, shape, view.gutter, top + HEADER + 2, parts, FOLDED - 6, tallest(shape));
  }
}

function drawLabels(lanes, strong) {
  if (view.lane < READABLE) {
    for (const task of found.text ? lanes : []) {
      if (!found.set.has(task)) continue;
      paint.fillStyle = theme.accent;
      paint.fillRect(view.gutter - 8, yOf(task), 6, Math.max(2, view.lane));
    }
    return;
  }
  for (const task of lanes) {
    const y = yOf(task) + view.lane / 2;
    const isPicked = task === selected || (found.text && found.set.has(task));
    paint.fillStyle = isPicked ? theme.accent : strong(task) ? theme.ink : theme.muted;
    paint.font = (isPicked ? "bold " : "") + FONT + theme.sans;
    const side = task.end < view.from ? "◂" : task.start > view.to ? "▸" : "";
    put(paint, task.label, 10, y, view.gutter - 34);
    paint.fillStyle = theme.muted;
    paint.fillText(side, view.gutter - 14, y);
  }
  paint.font = FONT + theme.sans;
}

/** The heading of a group stays in view as long as any lane of it is. */
function drawHeader(group, top) {
  const y = Math.max(AXIS, Math.min(top, top + group.height - HEADER - 4));
  paint.fillStyle = theme.raised;
  paint.fillRect(0, y, view.width, HEADER);
  paint.fillStyle = theme.line;
  paint.fillRect(0, y, view.width, 1);
  paint.fillRect(0, y + HEADER - 1, view.width, 1);
  paint.fillStyle = theme.ink;
  paint.font = `bold ${FONT}${theme.sans}`;
  const mark = group.isFolded ? "▸" : "▾";
  const shown = group.shown.length === group.tasks.length ? "" : `${group.shown.length.toLocaleString("en")} of `;
  put(paint, `${mark} ${group.title} · ${shown}${count(group.tasks.length, "task")}`, 10, y + HEADER / 2, view.width - 20);
  paint.font = FONT + theme.sans;
}

function drawLanes() {
  [view.width, view.height] = sized(canvas, paint);
  view.gutter = view.width < 640 ? 112 : 210;
  clamp();
  drawAxis();
  paint.textBaseline = "middle";
  paint.fillStyle = theme.line;
  paint.fillRect(view.gutter - 1, AXIS, 1, view.height);
  paint.save();
  paint.beginPath();
  paint.rect(0, AXIS, view.width, view.height);
  paint.clip();
  const seen = model.groups.map((group) => [group, AXIS + group.y - view.top])
    .filter(([group, top]) => top < view.height && top + group.height > AXIS);
  for (const [group, top] of seen) drawGroup(group, top);
  drawLinks();
  for (const [group, top] of seen) drawHeader(group, top);
  paint.restore();
  drawHint(seen);
}

/** Says why there is nothing to see. */
function drawHint(seen) {
  const isBusy = (task) => task.end >= view.from && task.start <= view.to;
  const inView = (task) => yOf(task) + view.lane > AXIS && yOf(task) < view.height;
  const isEmpty = seen.every(([group]) => !group.isFolded && !group.shown.some((task) => inView(task) && isBusy(task)));
  if (!isEmpty) return;
  const others = model.tasks.filter(isBusy).length;
  const lines = model.tasks.length === 0 ? ["There are no events."] : others === 0 ? ["No task is alive at this time."]
    : ["These lanes do nothing at this time.", `Tick “Hide lanes that do nothing in view” to see the ${count(others, "other")} that ${others === 1 ? "does" : "do"}.`];
  paint.textAlign = "center";
  lines.forEach((line, n) => {
    const x = view.gutter + plotWidth() / 2, y = view.height / 2 + n * 20, width = Math.min(paint.measureText(line).width, plotWidth() - 16);
    paint.fillStyle = theme.back;
    paint.fillRect(x - width / 2 - 8, y - 11, width + 16, 22);
    paint.fillStyle = theme.muted;
    paint.fillText(line, x, y, plotWidth() - 16);
  });
  paint.textAlign = "left";
}

/** How many tasks there are at each time of the whole trace, and which part is seen below. */
function drawOverview() {
  const [width, height] = sized(overview, small);
  const parts = Math.floor(plotWidth());
  if (!profile || profile.parts !== parts) {
    const shape = profileOf(model.tasks, ...whole(), parts);
    profile = { parts, shape, most: tallest(shape) };
  }
  drawProfile(small, profile.shape, view.gutter, 6, parts, height - 6, profile.most);
  small.font = FONT + theme.sans;
  small.fillStyle = theme.muted;
  small.textBaseline = "middle";
  put(small, "Tasks alive", 10, 18, view.gutter - 14);
  put(small, `at most ${model.most.toLocaleString("en")}`, 10, 36, view.gutter - 14);
  const [first, last] = whole(), x = (time) => view.gutter + ((time - first) / (last - first)) * parts;
  const left = x(view.from), right = Math.max(x(view.to), x(view.from) + 2);
  small.fillStyle = theme.back;
  small.globalAlpha = 0.65;
  small.fillRect(view.gutter, 0, left - view.gutter, height);
  small.fillRect(right, 0, width - right, height);
  small.globalAlpha = 1;
  small.strokeStyle = theme.accent;
  small.lineWidth = 2;
  small.strokeRect(left, 1, right - left, height - 2);
}

function sayRange() {
  const lanes = model.groups.reduce((sum, group) => sum + group.shown.length, 0);
  const text = `${moment(Math.max(0, view.from), span() / 100)} to ${moment(view.to, span() / 100)} · ${count(lanes, "lane")}`;
  if (byId("range").textContent !== text) byId("range").textContent = text;
}
