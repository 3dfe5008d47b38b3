// Builds the page into ../static: names change with the content, so browsers keep them for
// a year. The digest of everything it was built from stands beside it; a test compares.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "../static");
const vendor = join(here, "../../../tests/browser/vendor");

const sources = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .flatMap((entry) =>
      entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
    );

const digest = () => {
  const hash = createHash("sha256");
  for (const file of sources(here).map((path) => relative(here, path)).sort()) {
    hash.update(`${file}\0`).update(readFileSync(join(here, file))).update("\0");
  }
  return hash.digest("hex");
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const common = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  target: ["es2022"],
  minify: true,
  legalComments: "none",
  metafile: true,
  outdir: out,
  entryNames: "[name]-[hash]",
};
// A worker is a script of its own, which the page has to know by its name.
const worker = await build({ ...common, entryPoints: { "layer-worker": "layers/worker.ts" } });
const workerName = basename(Object.keys(worker.metafile.outputs)[0]);
const result = await build({
  ...common,
  entryPoints: { app: "app.ts", style: "styles/app.css" },
  splitting: true,
  chunkNames: "[name]-[hash]",
  define: { LAYER_WORKER: JSON.stringify(workerName) },
});

const outputs = Object.entries(result.metafile.outputs);
const built = (source) => basename(outputs.find(([, about]) => about.entryPoint === source)[0]);
const script = built("app.ts");
// What the first load needs: the entry and everything that it imports at once.
const first = new Set();
const visit = (path) => {
  if (first.has(path)) return;
  first.add(path);
  for (const each of result.metafile.outputs[path].imports) {
    if (each.kind === "import-statement") visit(each.path);
  }
};
visit(outputs.find(([path]) => basename(path) === script)[0]);
// The browser asks for all of it at once, not for one after it has read the other.
const preload = [...first]
  .map((path) => basename(path))
  .filter((name) => name !== script)
  .map((name) => `<link rel="modulepreload" href="page/${name}">`)
  .join("\n    ");
const page = readFileSync(join(here, "index.html"), "utf8")
  .replace("{{script}}", script)
  .replace("{{preload}}", preload)
  .replace("{{style}}", built("styles/app.css"));
writeFileSync(join(out, "index.html"), page);
const icons = ["icon.svg", "icon-192.png", "icon-512.png", "icon-maskable.png"];
for (const name of [...icons, "site.webmanifest"]) cpSync(join(here, name), join(out, name));

// The libraries that are built in, each with its licence.
const packages = new Set();
for (const path of Object.keys(result.metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
  if (found) packages.add(found[1]);
}
const licences = [...packages].sort().map((name) => {
  const folder = join(here, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} says nothing of its licence`);
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
});
writeFileSync(join(out, "licences.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
writeFileSync(join(out, "built-from.txt"), `${digest()}\n`);
mkdirSync(vendor, { recursive: true });
cpSync(join(here, "node_modules/axe-core/axe.min.js"), join(vendor, "axe.min.js"));

const packed = [...first]
  .map((path) => gzipSync(readFileSync(join(here, path)), { level: 9 }).length)
  .reduce((sum, size) => sum + size, 0);
console.log(`first load: ${(packed / 1000).toFixed(1)} kB of JavaScript, gzipped`);
