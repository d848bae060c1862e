// Builds dist/: src/ file by file with tsc, JavaScript and declarations side by side, as Convex components
// ship; codegen/ as the program it is, bundled, since a file a module costs `kitcn` a fifth of its time.
// Where sources and dist/ are as the last build left them, it does nothing.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

const INPUTS = ["src", "codegen", "generated", "convex.config.ts", "scripts/build.mjs"];
const SETTINGS = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];
const stamp = join(root, ".tmp/build.txt");

if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === stateOf()) process.exit();

fs.rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
await build({
  absWorkingDir: root,
  entryPoints: ["codegen/bin.ts", "codegen/cli.ts", "codegen/better-auth-cli.ts"],
  outdir: "dist/codegen",
  bundle: true,
  splitting: true,
  chunkNames: "[name]-[hash]",
  platform: "node",
  format: "esm",
  target: "node20.19",
  packages: "external",
  logLevel: "warning",
});
for (const name of ["bin.js", "cli.js"]) fs.chmodSync(join(root, "dist/codegen", name), 0o755);
fs.mkdirSync(dirname(stamp), { recursive: true });
fs.writeFileSync(stamp, stateOf());

/** A hash of everything that goes in and came out. */
function stateOf() {
  const hash = createHash("sha256").update(process.version);
  for (const path of [...INPUTS, ...SETTINGS, "dist"].flatMap(filesIn))
    hash.update(`\n${path}\n`).update(fs.readFileSync(join(root, path)));
  return hash.digest("hex");
}

function filesIn(path) {
  const full = join(root, path);
  if (!fs.existsSync(full)) return [];
  if (fs.statSync(full).isFile()) return [path];
  return fs
    .readdirSync(full, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
