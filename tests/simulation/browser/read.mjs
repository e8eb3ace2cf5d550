// Reads a page as a person does, and writes what was seen as JSON: held the pointer over a mark, zoomed, moved, seen all
// again; on a light screen, on a dark one, and on paper.
// Usage: node read.mjs URL SELECTOR
import { launch } from "./browser.mjs";

const [url, selector] = process.argv.slice(2);
const browser = await launch();
const page = await browser.newPage();
page.setDefaultTimeout(0);
// What it asks for beside itself, and what fails.
const other = [];
page.on("request", (request) => other.push(request.url()));
page.on("pageerror", (error) => other.push(String(error)));
await page.goto(url);

const axes = () =>
  page.$$eval(".role-axis-label", (all) =>
    // Hours and minutes in minutes.
    all.map((axis) =>
      [...axis.querySelectorAll("text")].map((text) =>
        text.textContent.split(":").reduce((sum, part) => 60 * sum + Number(part.replace(",", "")), 0),
      ),
    ),
  );
// The axes once they have changed. What is done to the page before is one event, so that there is one change.
async function changed(from) {
  for (;;) {
    const now = await axes();
    if (JSON.stringify(now) !== JSON.stringify(from)) return now;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// The picture has its place once it is drawn.
await page.waitForSelector("[data-drawn]");
const seen = { whole: await axes() };
const [x, y] = await page.$eval(selector, (mark) => {
  const box = mark.getBoundingClientRect();
  return [box.left + box.width / 4, box.top + box.height / 2];
});
await page.mouse.move(x, y);
seen.tip = await page.waitForSelector("#vg-tooltip-element.visible").then((tip) => tip.evaluate((it) => it.innerText));
await page.mouse.wheel({ deltaY: -1000 });
seen.zoomed = await changed(seen.whole);
await page.mouse.down();
await page.mouse.move(x - 100, y);
await page.mouse.up();
seen.moved = await changed(seen.zoomed);
await page.mouse.click(x, y, { count: 2 });
seen.again = await changed(seen.moved);

const media = await page.createCDPSession();
for (const [name, type, scheme] of [["light", "screen", "light"], ["dark", "screen", "dark"], ["paper", "print", "dark"]]) {
  await media.send("Emulation.setEmulatedMedia", {
    media: type,
    features: [{ name: "prefers-color-scheme", value: scheme }],
  });
  seen[name] = await page.evaluate(() => {
    const style = (element) => getComputedStyle(document.querySelector(element));
    return {
      lang: document.documentElement.lang,
      paper: [style("body").backgroundColor, style("svg.marks").backgroundColor],
      ink: [style("body").color, style(".role-axis-label text").fill, style(".role-axis-title text").fill],
      text: document.body.innerText,
    };
  });
}
seen.other = other.filter((each) => each !== url);
console.log(JSON.stringify(seen));
await browser.close();
