// Copies the third-party files that pages use from node_modules to src/kandoo/site/static/vendor,
// takes out source-map comments, draws the icon sprite, and writes manifest.json: for each file
// its package, version, licence and SHA-256. Run after `npm ci --ignore-scripts`: npm run vendor
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const target = "src/kandoo/site/static/vendor";
const fonts = "src/kandoo/site/fonts";

const copies = [
  ["@tabler/core", "dist/css/tabler.min.css", "tabler/tabler.min.css"],
  ["@tabler/core", "dist/css/tabler.rtl.min.css", "tabler/tabler.rtl.min.css"],
  ["htmx.org", "dist/htmx.min.js", "htmx/htmx.min.js"],
  ["htmx.org", "LICENSE", "htmx/LICENSE"],
  ["leaflet", "dist/leaflet.js", "leaflet/leaflet.js"],
  ["leaflet", "dist/leaflet.css", "leaflet/leaflet.css"],
  ["leaflet", "dist/images/layers.png", "leaflet/images/layers.png"],
  ["leaflet", "dist/images/layers-2x.png", "leaflet/images/layers-2x.png"],
  ["leaflet", "dist/images/marker-icon.png", "leaflet/images/marker-icon.png"],
  ["leaflet", "LICENSE", "leaflet/LICENSE"],
  ["vazirmatn", "fonts/webfonts/Vazirmatn[wght].woff2", "vazirmatn/vazirmatn.woff2"],
  ["vazirmatn", "OFL.txt", "vazirmatn/OFL.txt"],
  ["vazirmatn", "AUTHORS.txt", "vazirmatn/AUTHORS.txt"],
  ["@tabler/icons", "LICENSE", "icons/LICENSE"],
];

const fontCopies = [
  ["vazirmatn", "fonts/ttf/Vazirmatn-Regular.ttf", "Vazirmatn-Regular.ttf"],
  ["vazirmatn", "fonts/ttf/Vazirmatn-Bold.ttf", "Vazirmatn-Bold.ttf"],
  ["vazirmatn", "OFL.txt", "OFL.txt"],
];

const icons = `
  adjustments alert-circle alert-triangle archive arrow-back-up arrow-down arrow-left arrow-right
  arrow-up arrows-sort award ban barrel bell book box building building-factory-2 building-store
  calendar calendar-event cash certificate chart-bar check chevron-down chevron-left chevron-right
  chevron-up circle circle-check circle-dot circle-x clipboard-check clipboard-list clock coins
  device-mobile dots download droplet edit external-link eye eye-off file-download file-import
  file-spreadsheet file-text filter fingerprint flag flask flower gavel heart-handshake help-circle
  hexagon hexagons history home hourglass id-badge-2 info-circle key language link list-check lock
  login logout list mail map map-2 map-pin menu-2 minus package packages paperclip pencil phone photo
  plant-2 player-play plus printer qrcode receipt refresh report-money route scale search settings
  shield-check shield-lock shopping-cart tag test-pipe trash truck upload user users users-group
  wallet world x
`.trim().split(/\s+/);

const licences = { "@tabler/core": "MIT", "htmx.org": "0BSD", leaflet: "BSD-2-Clause", vazirmatn: "OFL-1.1", "@tabler/icons": "MIT" };

const tablerLicence = `MIT License

Tabler: Copyright (c) 2018-2026 The Tabler Authors, codecalm.net Paweł Kuna
Bootstrap, on which it builds: Copyright (c) 2011-2026 The Bootstrap Authors

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

const read = (name, file) => readFileSync(join("node_modules", name, file));
const version = (name) => JSON.parse(read(name, "package.json")).version;
const withoutSourceMap = (bytes) =>
  Buffer.from(bytes.toString("utf8").replace(/\s*(\/\*|\/\/)[#@]\s*sourceMappingURL=[^\s*]+\s*(\*\/)?/g, "") + "\n");

const manifest = {};

function put(name, file, bytes) {
  const path = join(target, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  manifest[file] = {
    package: name,
    version: version(name),
    licence: licences[name],
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

function symbol(icon) {
  const svg = read("@tabler/icons", `icons/outline/${icon}.svg`).toString("utf8");
  const body = svg
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace("</svg>", "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "")
    .replace(/\s+/g, " ")
    .trim();
  return `<symbol id="${icon}" viewBox="0 0 24 24">${body}</symbol>`;
}

rmSync(target, { recursive: true, force: true });
for (const [name, from, to] of copies) {
  const bytes = read(name, from);
  put(name, to, /\.(css|js)$/.test(to) ? withoutSourceMap(bytes) : bytes);
}
put("@tabler/core", "tabler/LICENSE", Buffer.from(tablerLicence));
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">\n${icons.map(symbol).join("\n")}\n</svg>\n`;
put("@tabler/icons", "icons/icons.svg", Buffer.from(sprite));
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(target, "manifest.json"), JSON.stringify(sorted, null, 2) + "\n");

mkdirSync(fonts, { recursive: true });
for (const [name, from, to] of fontCopies) copyFileSync(join("node_modules", name, from), join(fonts, to));
