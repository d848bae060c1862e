// Imports TypeScript files of this repository: bundles them beside node_modules, then imports the result. For scripts
// only; the package itself is built by build.mjs.
import { build } from "esbuild";
import { mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The modules by their paths, which begin at the repository. What several of them import runs once. */
export async function importTypeScript(paths) {
  const outdir = join(root, ".tmp/scripts");
  mkdirSync(outdir, { recursive: true });
  const outfile = join(outdir, `${basename(paths[0], ".ts")}.${process.pid}.mjs`);
  const lines = paths.map(
    (path, at) => `export * as module${at} from ${JSON.stringify(resolve(root, path))};`,
  );
  await build({
    stdin: { contents: lines.join("\n"), resolveDir: root },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  const bundled = await import(pathToFileURL(outfile).href);
  return Object.fromEntries(paths.map((path, at) => [path, bundled[`module${at}`]]));
}
