// The suite of docs/testing.md, run by vitest in an app with the packed kitcn, as its readers would.
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { blocksOf } from "../docs/support/markdown.js";
import { installApp, siblingApp, type PackedApp } from "../support/packed-app.js";

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  const packages = ["convex-test", "vitest"];
  const installed = await installApp({ from: "examples/notes", name: "app-tests", packages });
  app = await siblingApp(installed, { name: "tested", files: await documented() });
  deployment = await startDeployment();
}, 600_000);
afterAll(() => deployment?.stop());

test("two lines make auth work in an app's own convex-test suite", async () => {
  for (const command of [
    ["kitcn", "add", "auth", "--yes"],
    ["convex", "codegen"],
    ["vitest", "run"],
  ]) {
    const ran = await app.run(command, deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    if (command[0] === "vitest") expect(ran.stdout).toMatch(/Tests\s+2 passed/);
  }
}, 600_000);

// --- internal ---

/** The blocks that name their file, and a schema. */
async function documented(): Promise<Record<string, string>> {
  const blocks = blocksOf(await readFile("docs/testing.md", "utf8"));
  const named = blocks.flatMap(({ text }) => {
    const path = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1];
    return path ? [[path, text] as const] : [];
  });
  const schema =
    'import { defineSchema } from "convex/server";\n\nexport default defineSchema({});\n';
  return { ...Object.fromEntries(named), "convex/schema.ts": schema };
}
