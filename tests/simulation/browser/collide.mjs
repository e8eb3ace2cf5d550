// Finds labels that collide or are cut off, in fonts that are not those which a picture was drawn with, and writes them as
// JSON; and how far a page is wider than the screen.
// Usage: node collide.mjs WIDTH URL...
import { launch } from "./browser.mjs";

const [width, ...urls] = process.argv.slice(2);
const browser = await launch();
const found = {};
for (const url of urls) {
  const page = await browser.newPage();
  await page.setViewport({ width: Number(width), height: 900 });
  await page.goto(url);
  await page.waitForSelector(url.endsWith(".svg") ? "svg text" : "[data-drawn]");
  found[url] = await page.evaluate(() => {
    const boxes = [...document.querySelectorAll("svg text")]
      .filter((text) => text.textContent.trim() && getComputedStyle(text).opacity !== "0")
      .map((text) => [text.textContent, text.getBoundingClientRect()])
      .filter(([, box]) => box.width && box.height);
    const wrong = [];
    // A fifth of a box above and below its letters is empty, and a pixel beside them.
    const apart = (a, b) =>
      a.right <= b.left + 1 ||
      b.right <= a.left + 1 ||
      a.bottom - a.height / 5 <= b.top + b.height / 5 ||
      b.bottom - b.height / 5 <= a.top + a.height / 5;
    boxes.forEach(([text, box], index) => {
      for (const [other, its] of boxes.slice(index + 1)) if (!apart(box, its)) wrong.push([text, other]);
      const all = document.querySelector("svg").getBoundingClientRect();
      if (box.left < all.left - 1 || box.right > all.right + 1) wrong.push([text, "the edge"]);
    });
    return { labels: boxes.length, wrong, beyond: document.documentElement.scrollWidth - innerWidth };
  });
  await page.close();
}
console.log(JSON.stringify(found));
await browser.close();
