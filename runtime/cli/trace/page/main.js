
// The theme: that of the system until the reader chooses.
const system = matchMedia("(prefers-color-scheme: dark)");
let chosen = null;
try { chosen = localStorage.getItem("luago-theme"); } catch { /* a file may have no storage */ }

function applyTheme() {
  const isDark = chosen ? chosen === "dark" : system.matches;
  if (chosen) document.documentElement.dataset.theme = chosen;
  byId("theme").setAttribute("aria-pressed", String(isDark));
  readTheme();
  redraw();
}

byId("theme").addEventListener("click", () => {
  chosen = (chosen ? chosen === "dark" : system.matches) ? "light" : "dark";
  try { localStorage.setItem("luago-theme", chosen); } catch { /* as above */ }
  applyTheme();
});
system.addEventListener("change", applyTheme);

function summarise() {
  const bad = model.tasks.filter((task) => BADGES.get(task.status)?.[1] === "bad").length;
  const open = model.tasks.filter((task) => task.status === null).length;
  const parts = [count(model.tasks.length, "task"), count(model.events.length, "event"), `${duration(model.end - model.start)}`];
  if (open) parts.push(`${count(open, "task")} not done when the trace ends`);
  if (data.left_out) parts.push(`${count(data.left_out, "later event")} left out`);
  byId("summary").append(parts.join(" · "), ...(bad ? [" · ", el("strong", {}, `${bad.toLocaleString("en")} failed`)] : []));
}

byId("search").addEventListener("input", (event) => search(event.target.value));
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.shiftKey) {
    event.preventDefault();
    step(-1);
  }
});
document.querySelector(".find").addEventListener("submit", (event) => {
  event.preventDefault();
  step(1);
});
byId("previous").addEventListener("click", () => step(-1));
byId("active").addEventListener("change", (event) => {
  view.onlyActive = event.target.checked;
  changed();
});
byId("zoom-in").addEventListener("click", () => zoom(1 / 1.5));
byId("zoom-out").addEventListener("click", () => zoom(1.5));
byId("lower").addEventListener("click", () => zoomLanes(1 / 1.5));
byId("higher").addEventListener("click", () => zoomLanes(1.5));
byId("fit").addEventListener("click", showAll);
byId("table-button").addEventListener("click", () => showTable(byId("timeline").hidden === false));
byId("rows-before").addEventListener("click", () => { table.first = Math.max(0, table.first - ROWS); fillTable(); });
byId("rows-after").addEventListener("click", () => { table.first += ROWS; fillTable(); });
byId("panel-close").addEventListener("click", () => { select(null); canvas.focus(); });
byId("panel-zoom").addEventListener("click", () => { showTable(false); select(selected, { reveal: true, closely: true }); });

listenToPointer();
listenToOverview();
listenToKeys();
summarise();
applyTheme();
// Sizes come with the first layout, and again with each change of it.
let isFirst = true;
new ResizeObserver(() => {
  if (!canvas.clientWidth) return;
  leave();
  [view.width, view.height] = [canvas.clientWidth, canvas.clientHeight];
  if (isFirst) showAll();
  // A few lanes had better be read, even if not all are seen at once.
  if (isFirst && model.tasks.length <= 100) view.lane = 18;
  isFirst = false;
  redraw();
}).observe(canvas);
