// Builds dist/: src/ file by file with tsc, JavaScript and declarations side by side, as Convex components
// ship; codegen/ as the program it is, bundled, since a file a module costs `kitcn` a fifth of its time.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync(join(root, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
await build({
  absWorkingDir: root,
  entryPoints: ["codegen/cli.ts", "codegen/better-auth-cli.ts"],
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
chmodSync(join(root, "dist/codegen/cli.js"), 0o755);
