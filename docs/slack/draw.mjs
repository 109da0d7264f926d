// Draws the payloads that tests/platforms/slack_pictures.py wrote, as Slack shows them on a phone.
// A development tool. In a folder of its own: npm install slack-blocks-to-jsx react@18 react-dom@18
// Then: node draw.mjs PAGES PICTURES [CHROMIUM]   (it looks for the packages in the folder it is started in)

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

const [pages, pictures, chromium = "chromium"] = process.argv.slice(2);
const need = createRequire(resolve("package.json"));
const { createElement } = need("react");
const { renderToStaticMarkup } = need("react-dom/server");
const { Message } = need("slack-blocks-to-jsx");
const style = readFileSync(need.resolve("slack-blocks-to-jsx").replace(/index\.m?js$/, "style.css"), "utf8");
const scratch = mkdtempSync(join(tmpdir(), "slack-pictures-"));
mkdirSync(pictures, { recursive: true });

const ours = `
  html { background: #fff } body { margin: 0; width: 390px; font: 15px/1.46 Lato, system-ui, sans-serif; color: #1d1c1d }
  .frame { padding: 12px 16px; overflow-wrap: anywhere }
  .bar { display: flex; justify-content: space-between; padding: 12px 16px; border-bottom: 1px solid #ddd; font-weight: 700 }
  .bar span { font-weight: 400; color: #1264a3 } .bar b { color: #007a5a }
  .who { display: flex; gap: 8px; align-items: center; padding: 12px 16px 0; font-weight: 700 }
  .who i { width: 28px; height: 28px; border-radius: 6px; background: #1f4d4a } .who small { font-weight: 400; color: #616061 }
`;

function drawn(page) {
  const blocks = renderToStaticMarkup(
    createElement(Message, { blocks: JSON.parse(JSON.stringify(page.blocks).replaceAll('"verbatim":true', '"verbatim":false')), logo: "", name: "Due Notice", withoutWrapper: true, theme: "light" }),
  ).replaceAll("↵ Please &#x27;enter&#x27; to submit", ""); // the package says so of every text field; Slack does not
  const text = (part) => (part ? part.text : "");
  const top =
    page.type === "modal"
      ? `<div class="bar"><span>${text(page.close)}</span>${text(page.title)}<b>${text(page.submit)}</b></div>`
      : `<div class="who"><i></i>Due Notice <small>${page.type === "home" ? "Home" : `${page.channel.startsWith("D") ? "only you see this" : `#${page.channel}`}`}</small></div>`;
  return `<!doctype html><meta charset="utf-8"><style>${style}${ours}</style>${top}<div class="frame" id="slack_blocks_to_jsx">${blocks}</div>
    <script>document.title = String(Math.ceil(document.documentElement.getBoundingClientRect().height))</script>`;
}

for (const file of readdirSync(pages).filter((name) => name.endsWith(".json"))) {
  const html = join(scratch, file.replace(".json", ".html"));
  const picture = join(resolve(pictures), `${basename(file, ".json")}.png`);
  writeFileSync(html, drawn(JSON.parse(readFileSync(join(pages, file), "utf8"))));
  const common = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${scratch}/profile`];
  const dom = execFileSync(chromium, [...common, "--window-size=390,800", "--dump-dom", `file://${html}`], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const height = Number(/<title>(\d+)<\/title>/.exec(dom)[1]);
  execFileSync(chromium, [...common, `--window-size=390,${height}`, `--screenshot=${picture}`, `file://${html}`], { stdio: "ignore" });
  console.log(`${picture} ${height}`);
}
rmSync(scratch, { recursive: true, force: true });
