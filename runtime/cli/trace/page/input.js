
// Pointer, wheel and keys.
const pointers = new Map();
let drag = null;

const place = (event) => {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
};

function hover(event) {
  const [x, y] = place(event);
  const task = x >= 0 && y >= AXIS && headerAt(y) === null ? taskAt(y) : null;
  const time = timeAt(x);
  const isOn = task && (x < view.gutter || (time >= task.start - span() / 200 && time <= task.end + span() / 100));
  canvas.classList.toggle("on-task", Boolean(isOn) || headerAt(y) !== null);
  if (hovered !== (isOn ? task : null)) {
    hovered = isOn ? task : null;
    redraw();
  }
  showTooltip(x, y, x < view.gutter ? null : time);
}

function showTooltip(x, y, time) {
  const tooltip = byId("tooltip"), task = hovered;
  tooltip.hidden = !task;
  if (!task) return;
  const lines = [task.guest === null ? "Lua" : `Go: ${visible(task.guest)}`];
  const n = time === null ? -1 : Math.min(spanAfter(task, Math.max(time, task.start)), task.kind.length - 1);
  if (n >= 0) {
    const state = ["running", "paused", "done, not yet released"][task.kind[n]];
    const wait = waitText(task.waits[n]);
    lines.push(`${state} for ${duration(task.to[n] - task.from[n])}${wait ? `: ${wait}` : ""}`);
    lines.push(`at ${moment(time, span() / 1000)}`);
  } else {
    lines.push(`alive for ${duration((task.done ?? task.end) - task.start)}`);
  }
  if (task.status) lines.push(`ended: ${visible(task.status)}`);
  tooltip.replaceChildren(el("strong", {}, task.label), lines.join("\n"));
  const top = canvas.offsetTop + y;
  tooltip.style.left = `${Math.max(4, Math.min(x + 14, view.width - tooltip.offsetWidth - 6))}px`;
  tooltip.style.top = `${top + 18 + tooltip.offsetHeight > canvas.offsetTop + view.height ? top - tooltip.offsetHeight - 10 : top + 18}px`;
}

function leave() {
  hovered = null;
  byId("tooltip").hidden = true;
  redraw();
}

/** The group whose heading is here; it can be held in view at the top. */
function headerAt(y) {
  const group = groupAt(y);
  if (!group) return null;
  const top = AXIS + group.y - view.top, shown = Math.max(AXIS, Math.min(top, top + group.height - HEADER - 4));
  return y >= shown && y < shown + HEADER ? group : null;
}

function listenToPointer() {
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    drag = pointers.size === 1 ? { at: place(event), moved: false } : { ...drag, moved: true };
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId), now = place(event);
    if (!before) return hover(event);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    pointers.set(event.pointerId, now);
    if (others.length) {
      const apart = (at) => Math.max(20, Math.hypot(at[0] - others[0][0], at[1] - others[0][1]));
      zoom(apart(before) / apart(now), (now[0] + others[0][0]) / 2, (now[1] + others[0][1]) / 2);
    } else if (drag.moved || Math.hypot(now[0] - drag.at[0], now[1] - drag.at[1]) > 4) {
      drag.moved = true;
      canvas.classList.add("dragging");
      byId("tooltip").hidden = true;
      moveBy(before[0] - now[0], before[1] - now[1]);
    }
  });
  const up = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (pointers.size === 0) {
      canvas.classList.remove("dragging");
      if (!drag.moved && event.type === "pointerup") click(event);
      drag = null;
    }
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("dblclick", () => selected && select(selected, { reveal: true, closely: true }));
  canvas.addEventListener("wheel", wheel, { passive: false });
}

function click(event) {
  const header = headerAt(place(event)[1]);
  if (header) {
    header.isFolded = !header.isFolded;
    changed();
  } else {
    hover(event);
    select(hovered);
  }
}

function wheel(event) {
  event.preventDefault();
  const [x, y] = place(event), unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? room() : 1;
  const factor = Math.exp(Math.max(-1, Math.min(1, (event.deltaY || event.deltaX) * unit * 0.002)));
  if (event.shiftKey || y < AXIS) zoomTime(factor, Math.max(x, view.gutter));
  else if (event.ctrlKey || event.metaKey) zoom(factor, Math.max(x, view.gutter), y);
  else moveBy(event.deltaX * unit, event.deltaY * unit);
  hover(event);
}

/** Drags in the overview choose the range of time that is seen. */
function listenToOverview() {
  let start = null;
  const time = (event) => {
    const [first, last] = whole(), x = event.clientX - overview.getBoundingClientRect().left - view.gutter;
    return first + (Math.max(0, Math.min(plotWidth(), x)) / plotWidth()) * (last - first);
  };
  overview.addEventListener("pointerdown", (event) => {
    overview.setPointerCapture(event.pointerId);
    start = time(event);
  });
  overview.addEventListener("pointermove", (event) => {
    if (start === null) return;
    const now = time(event);
    if (now !== start) [view.from, view.to] = [Math.min(start, now), Math.max(start, now)];
    changed();
  });
  overview.addEventListener("pointerup", (event) => {
    if (start !== null && time(event) === start) {
      const half = span() / 2;
      [view.from, view.to] = [start - half, start + half];
      changed();
    }
    start = null;
  });
  overview.addEventListener("pointercancel", () => { start = null; });
  overview.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoomTime(Math.exp(Math.max(-1, Math.min(1, event.deltaY * 0.002))));
  }, { passive: false });
}

/** The task whose lane is so many lanes away, across groups. */
function neighbour(way) {
  const lanes = model.groups.flatMap((group) => (group.isFolded ? [] : group.shown));
  const at = lanes.indexOf(selected);
  return lanes[at < 0 ? (way > 0 ? 0 : lanes.length - 1) : Math.max(0, Math.min(lanes.length - 1, at + way))] ?? null;
}

const KEYS = new Map([
  ["ArrowLeft", () => moveBy(-plotWidth() / 8, 0)],
  ["ArrowRight", () => moveBy(plotWidth() / 8, 0)],
  ["ArrowUp", () => select(neighbour(-1), { reveal: true })],
  ["ArrowDown", () => select(neighbour(1), { reveal: true })],
  ["PageUp", () => moveBy(0, -room() * 0.9)],
  ["PageDown", () => moveBy(0, room() * 0.9)],
  ["Home", () => moveBy(0, -Infinity)],
  ["End", () => moveBy(0, view.total)],
  ["+", () => zoom(1 / 1.5)],
  ["=", () => zoom(1 / 1.5)],
  ["-", () => zoom(1.5)],
  ["[", () => zoomLanes(1 / 1.5)],
  ["]", () => zoomLanes(1.5)],
  ["0", showAll],
  ["Enter", () => selected && select(selected, { reveal: true, closely: true })],
  ["Escape", () => select(null)],
  ["n", () => step(1)],
  ["N", () => step(-1)],
  ["/", () => byId("search").focus()],
]);

function listenToKeys() {
  canvas.addEventListener("keydown", (event) => {
    const action = KEYS.get(event.key);
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  byId("panel").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    select(null);
    canvas.focus();
  });
}
