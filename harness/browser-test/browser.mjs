// What the checks of pages share: a browser, the page as a reader opens it, and a list of faults.
//
// Chromium is the one that CHROMIUM names, or /usr/bin/chromium.

import { mkdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

export const [pagePath, outFolder] = process.argv.slice(2);
if (!pagePath || !outFolder) {
  console.error(`usage: node ${basename(process.argv[1])} PAGE.html OUT_FOLDER`);
  process.exit(2);
}
mkdirSync(outFolder, { recursive: true });
const address = pathToFileURL(resolve(pagePath)).href;

let faults = 0;
export function check(good, what, detail = "") {
  const more = detail === "" || good ? "" : `: ${detail}`;
  console.log(`${good ? "ok   " : "FAULT"} ${what}${more}`);
  if (!good) faults += 1;
}

const root = process.getuid?.() === 0;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", ...(root ? ["--no-sandbox"] : [])],
});

/** Opens the page as one reader sees it and listens for what it must not do. */
export async function opened(width, height, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, hasTouch: width < 640 });
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => { if (message.type() !== "log") said.push(message.text()); });
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("dialog", (dialog) => { said.push(`a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith(address)) said.push(`a request: ${request.url()}`); });
  const start = Date.now();
  await page.goto(address);
  return { page, said, seconds: (Date.now() - start) / 1000 };
}

/** What sticks out of the page to the side. */
export const overflow = (page) => page.evaluate(() => {
  const root = document.documentElement;
  return root.scrollWidth > root.clientWidth ? `${root.scrollWidth} of ${root.clientWidth} pixels` : "";
});

/** The contrast of all that is text, where it is too little to be read. */
export const lowContrast = (page) => page.evaluate(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [r, g, b] = rgba(colour).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const known = new Map(), bad = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!own || element.closest("svg, .dim, :disabled") || element.offsetParent === null) continue;
    let back = element;
    while (back && rgba(getComputedStyle(back).backgroundColor)[3] === 0) back = back.parentElement;
    const colours = [getComputedStyle(element).color, getComputedStyle(back ?? document.body).backgroundColor];
    const key = colours.join(" on ");
    if (!known.has(key)) {
      const [a, b] = colours.map(light).sort((x, y) => y - x);
      known.set(key, (a + 0.05) / (b + 0.05));
    }
    if (known.get(key) < 4.5) bad.add(`${key} (${known.get(key).toFixed(1)}) at ${element.tagName}.${element.className}`);
  }
  return [...bad];
});

/** Says how many faults there were, and ends with 1 if there was one. */
export async function end() {
  await browser.close();
  console.log(faults === 0 ? "\nNo faults." : `\n${faults} faults.`);
  process.exit(faults === 0 ? 0 : 1);
}
