// auth.ts is searched for code that needs the global Buffer by the esbuild that convex brings, wherever the package manager
// put it.
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import { loadBufferUses } from "../../../codegen/load/buffer-uses.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp } from "../support/cli.js";

const AUTH = `import { defineAuth } from "./generated/auth";
export const id = (text: string) => Buffer.from(text).toString("hex");
export default defineAuth(() => ({}));
`;

test("with pnpm, which links convex and puts esbuild beside the real folder", async () => {
  const app = cliApp("plain", { files: { "convex/auth.ts": AUTH } });
  const store = app.path("node_modules/.pnpm/convex@1.48.0/node_modules");
  mkdirSync(store, { recursive: true });
  renameSync(app.path("node_modules/convex"), join(store, "convex"));
  symlinkSync(join(store, "convex"), app.path("node_modules/convex"));
  const beside = createRequire(import.meta.resolve("convex/values"));
  symlinkSync(dirname(beside.resolve("esbuild/package.json")), join(store, "esbuild"));
  const authFile = app.path("convex/auth.ts");
  const ws = openWorkspace(loadProject(app.root));
  expect(await loadBufferUses(ws, { authFile, modules: [authFile] })).toEqual({
    uses: [{ file: "convex/auth.ts", atLoad: false }],
    imports: false,
  });
});
