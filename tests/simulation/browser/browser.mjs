// Chromium out of an npm package, which a machine needs no root for, driven as a reader does it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const FOLDER = join(import.meta.dirname, "node_modules/.chromium");

// The program, unpacked where that is still to do.
export async function program() {
  mkdirSync(FOLDER, { recursive: true });
  // Its own fonts, whatever the system has: without any, text takes no room.
  const fonts = join(FOLDER, "fonts.conf");
  writeFileSync(fonts, `<fontconfig><dir>${FOLDER}/fonts</dir><cachedir>${FOLDER}/cache</cachedir></fontconfig>`);
  // The package unpacks into the temporary folder, and as on Lambda brings the libraries that a bare system lacks.
  Object.assign(process.env, { TMPDIR: FOLDER, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x", FONTCONFIG_FILE: fonts });
  const { default: chromium } = await import("@sparticuz/chromium");
  return chromium.executablePath();
}

// A container has no sandbox, and what is opened are pages of ours. Whoever calls has a time limit.
export async function launch() {
  const args = ["--no-sandbox", "--disable-gpu"];
  return puppeteer.launch({ executablePath: await program(), headless: "shell", pipe: true, timeout: 0, args });
}
