// Makes the demo's app: a new one of `kitcn init -t vite` with the packed kitcn, and the panel of examples/panel.
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { scaffoldApp, type PackedApp } from "../../test/support/packed-app.js";

export type DemoApp = PackedApp;

/** A fresh app each time, so that the demo always starts without auth. */
export async function makeApp(): Promise<DemoApp> {
  const app = await scaffoldApp({ template: "vite", name: "demo" });
  for (const part of ["convex", "src"])
    await cp(join("examples/panel", part), join(app.dir, part), { recursive: true });
  for (const [file, [before, after]] of Object.entries(EDITS)) {
    const path = join(app.dir, file);
    const text = await readFile(path, "utf8");
    if (!text.includes(before)) throw new Error(`${file} has no ${before}`);
    await writeFile(path, text.replace(before, after));
  }
  return app;
}

/** Runs a bin of the app. Throws with the command's whole output when it fails. */
export async function runInApp(
  app: DemoApp,
  { command, env }: { command: readonly string[]; env: Record<string, string> },
): Promise<void> {
  const { code, stdout, stderr } = await app.run(command, env);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
}

// --- internal ---

/** What the panel needs of the app: a place in the page, and a table. */
const EDITS: Readonly<Record<string, readonly [before: string, after: string]>> = {
  "index.html": [
    "  </body>",
    `    <aside id="panel" aria-label="What happens on Convex"></aside>
    <script type="module" src="/src/panel.tsx"></script>
  </body>`,
  ],
  "convex/functions/schema.ts": [
    "defineSchema({",
    `defineSchema({
  panel: defineTable({ json: v.string() }),`,
  ],
};
