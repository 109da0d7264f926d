// Draws the payloads that tests/platforms/teams_pictures.py wrote, as Teams shows them on a phone (390 px wide), with
// Microsoft's own renderer. A development tool. In a folder of its own: npm install adaptivecards
// Then: node draw.mjs PAGES PICTURES [CHROMIUM]   (it looks for the package in the folder it is started in)
// The pictures in this folder were saved with 32 colours after that, to stay under 60 kB.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const TALLEST = 1350; // pixels; what is below it is not drawn
const [pages, pictures, chromium = "chromium"] = process.argv.slice(2);
const dist = resolve("node_modules/adaptivecards/dist");
const renderer = readFileSync(join(dist, "adaptivecards.min.js"), "utf8");
const style = readFileSync(join(dist, "adaptivecards.css"), "utf8");
const scratch = mkdtempSync(join(tmpdir(), "teams-pictures-"));
mkdirSync(pictures, { recursive: true });

// What Teams' own host configuration comes to: its letters, colours and spacings.
const colour = (dark, light = dark) => ({ default: dark, subtle: light });
const host = {
  fontFamily: "Segoe UI, Open Sans, system-ui, sans-serif",
  fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
  spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 14 },
  separator: { lineThickness: 1, lineColor: "#e0e0e0" },
  containerStyles: {
    default: {
      backgroundColor: "#ffffff",
      foregroundColors: { default: colour("#242424", "#616161"), attention: colour("#b10e1c"), accent: colour("#5b5fc7") },
    },
  },
  actions: { maxActions: 6, spacing: "default", buttonSpacing: 8, actionsOrientation: "horizontal", actionAlignment: "left" },
};

const ours = `
  html { background: #f5f5f5 } body { margin: 0; width: 390px; font: 14px/20px Segoe UI, Open Sans, system-ui, sans-serif; color: #242424 }
  .who { padding: 10px 14px 4px; font-weight: 600 } .who small { font-weight: 400; color: #616161 }
  .card { margin: 4px 12px 12px; background: #fff; border: 1px solid #e0e0e0; border-radius: 6px; overflow: hidden }
  .dialog { margin: 0; border: 0; border-radius: 0 } .bar { padding: 12px 14px; background: #fff; font-weight: 700; font-size: 16px }
  .ac-pushButton { padding: 5px 12px; border: 1px solid #d1d1d1; border-radius: 4px; background: #fff; color: #242424; font: inherit; font-weight: 600 }
  .card .ac-pushButton.style-positive { background: #5b5fc7; border-color: #5b5fc7; color: #fff }
  .card .ac-pushButton.style-destructive { background: #fff; color: #b10e1c; border-color: #b10e1c }
  .ac-input.ac-textInput, .ac-input.ac-dateInput, .ac-input.ac-multichoiceInput.ac-choiceSetInput-compact { padding: 5px 10px; border: 1px solid #d1d1d1; border-radius: 4px; font: inherit; width: 100%; box-sizing: border-box }
`;

function drawn(page) {
  const top = page.kind === "dialog" ? `<div class="bar"></div>` : `<div class="who">Due Notice <small></small></div>`;
  return `<!doctype html><meta charset="utf-8"><style>${style}${ours}</style>${top}<div class="card ${page.kind}"></div>
    <script>${renderer}</script><script>
    const page = ${JSON.stringify(page).replaceAll("<", "\\u003c")};
    document.querySelector(".bar, .who small").textContent = page.title;
    const card = new AdaptiveCards.AdaptiveCard();
    card.hostConfig = new AdaptiveCards.HostConfig(${JSON.stringify(host)});
    card.parse(page.card);
    document.querySelector(".card").appendChild(card.render());
    const wide = [...document.querySelectorAll(".card *")].filter((one) => one.getBoundingClientRect().right > 390 || (one.tagName === "BUTTON" && one.scrollWidth > one.clientWidth)).length;
    document.title = Math.ceil(document.documentElement.getBoundingClientRect().height) + " " + wide;
    </script>`;
}

for (const file of readdirSync(pages).filter((name) => name.endsWith(".json"))) {
  const html = join(scratch, file.replace(".json", ".html"));
  const picture = join(resolve(pictures), `${basename(file, ".json")}.png`);
  writeFileSync(html, drawn(JSON.parse(readFileSync(join(pages, file), "utf8"))));
  const common = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${scratch}/profile`];
  const dom = execFileSync(chromium, [...common, "--window-size=390,800", "--dump-dom", `file://${html}`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 26 });
  const [, height, wide] = /<title>(\d+) (\d+)<\/title>/.exec(dom);
  execFileSync(chromium, [...common, `--window-size=390,${Math.min(height, TALLEST)}`, `--screenshot=${picture}`, `file://${html}`], { stdio: "ignore" });
  console.log(`${picture} ${height}${wide === "0" ? "" : `, and ${wide} parts run off the edge`}`);
}
rmSync(scratch, { recursive: true, force: true });
