
// Arrows between lanes: who starts whom, and who waits for whom. They are those of the task
// that is selected, and of the one under the pointer. Where there are many, those to lanes out
// of view are short.
const MOST_LINKS = 4000, MANY = 60;

/** The arrows of a task: from one task's lane at some time to another's. */
function linksOf(task) {
  const links = [], add = (kind, from, start, to, end) => {
    const isSeen = Math.max(start, end) >= view.from && Math.min(start, end) <= view.to;
    if (isSeen && from && to && from !== to && links.length < MOST_LINKS) links.push({ kind, from, start, to, end });
  };
  const parent = model.byNumber.get(task.parent);
  add("start", parent, task.start, task, task.start);
  const waits = (waiter, target) => {
    for (let n = spanAfter(waiter, view.from); n < waiter.kind.length && waiter.from[n] <= view.to; n += 1) {
      const wait = waiter.waits[n];
      const other = wait && model.byNumber.get(wait.waits_for_task);
      if (!other || (target && other !== target)) continue;
      add("wait", waiter, waiter.from[n], other, Math.max(waiter.from[n], other.start));
      if (other.done !== null && other.done <= waiter.to[n]) add("wait", other, other.done, waiter, waiter.to[n]);
    }
  };
  waits(task, null);
  for (const waiter of new Set(task.waiters)) waits(waiter, task);
  const awaited = new Set(links.flatMap((link) => (link.kind === "wait" ? [link.to] : [])));
  for (const child of task.children) if (!awaited.has(child)) add("start", task, child.start, child, child.start);
  return links;
}

/** The middle of a lane, or the edge beyond which it is. */
function anchor(task) {
  if (isShown(task)) return Math.max(AXIS - 8, Math.min(view.height + 8, yOf(task) + view.lane / 2));
  return Math.max(AXIS - 8, Math.min(view.height + 8, yOf(task) + HEADER / 2));
}

/** The arrows that do not fall on one another. */
function apart(links) {
  const places = new Map(), near = (time) => Math.round(xOf(time) / 3);
  for (const link of links) places.set([near(link.start), near(link.end), anchor(link.from), anchor(link.to)].join(), link);
  return [...places.values()];
}

function drawLink({ kind, from, start, to, end }, isOneOfMany) {
  const x1 = xOf(start), y1 = anchor(from), y2 = anchor(to);
  let x2 = xOf(end);
  const isFar = y2 < AXIS || y2 > view.height;
  const outside = Math.max(x1, x2) < view.gutter || Math.min(x1, x2) > view.width || y1 === y2;
  if (outside) return;
  if (isOneOfMany && isFar) x2 = x1;
  const colour = kind === "wait" ? theme.ink : theme.muted;
  const way = Math.sign(y2 - y1), bend = Math.min(40, Math.abs(y2 - y1) / 2);
  const tip = isOneOfMany && isFar ? y1 + way * (view.lane / 2 + 12) : y2 - way * Math.min(view.lane * 0.3, 6);
  paint.globalAlpha = isOneOfMany ? 0.5 : 1;
  for (const [width, stroke] of [[4, theme.back], [kind === "wait" ? 1.8 : 1.4, colour]]) {
    if (isOneOfMany && width === 4) continue;
    paint.lineWidth = width;
    paint.strokeStyle = stroke;
    paint.setLineDash(kind === "wait" || width === 4 ? [] : [2, 3]);
    paint.beginPath();
    paint.moveTo(x1, y1);
    if (isOneOfMany && isFar) paint.lineTo(x1, tip - way * 4);
    else paint.bezierCurveTo(x1, y1 + way * bend, x2, tip - way * (bend + 4), x2, tip - way * 4);
    paint.stroke();
  }
  paint.setLineDash([]);
  paint.fillStyle = colour;
  paint.beginPath();
  paint.moveTo(x2, tip + way * 2);
  paint.lineTo(x2 - 4, tip - way * 6);
  paint.lineTo(x2 + 4, tip - way * 6);
  paint.fill();
  paint.beginPath();
  paint.arc(x1, y1, 2.5, 0, 7);
  paint.fill();
  paint.globalAlpha = 1;
}

function drawLinks() {
  paint.save();
  paint.beginPath();
  paint.rect(view.gutter, AXIS, plotWidth(), view.height);
  paint.clip();
  for (const task of new Set([hovered, selected])) {
    const links = task ? apart(linksOf(task)) : [];
    for (const link of links) drawLink(link, links.length > MANY);
  }
  for (const task of selected && isShown(selected) && view.lane >= 3 ? [selected] : []) {
    const left = Math.max(view.gutter, xOf(task.start)) - 1, right = Math.min(view.width, xOf(task.end)) + 1;
    paint.strokeStyle = theme.accent;
    paint.lineWidth = 2;
    if (right > left) paint.strokeRect(left, yOf(task), right - left, view.lane);
  }
  paint.restore();
}
