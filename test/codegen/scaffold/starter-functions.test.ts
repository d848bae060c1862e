// The functions of a new app, once it has auth: their writes fire triggers, and what its author changed stays.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { findRawBuilders } from "../../../codegen/load/raw-builders.js";
import { printSender } from "../../../codegen/print/mail-modules.js";
import { planStarterFunctions } from "../../../codegen/scaffold/template.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { makeApp, REPO } from "../support/app.js";

const NOTES = readFileSync(join(REPO, "templates/shared/convex/functions/notes.ts"), "utf8");
const VIEWER = readFileSync(join(REPO, "templates/shared/convex/functions/viewer.ts"), "utf8");

const bypasses = (text: string) =>
  findRawBuilders(parseModule(text, "/app/convex/module.ts"), (source) =>
    source.endsWith("_generated/server"),
  );

function plan(files: Record<string, string>) {
  const app = makeApp(files);
  const ws = openWorkspace(app.project);
  planStarterFunctions(ws);
  return { changes: ws.changes(), read: (name: string) => ws.read(app.path(name)) ?? "" };
}

test("unchanged functions get builders that fire triggers", () => {
  const { changes, read } = plan({ "convex/notes.ts": NOTES, "convex/viewer.ts": VIEWER });
  expect(bypasses(NOTES)).toHaveLength(1);
  expect(bypasses(read("convex/notes.ts"))).toEqual([]);
  expect(read("convex/notes.ts")).toContain('from "./generated/server"');
  expect(changes).toHaveLength(1);
});

test.each<[string, Record<string, string>]>([
  ["were changed", { "convex/notes.ts": `${NOTES}\nexport const own = 1;\n` }],
  ["are not there", {}],
])("functions that %s stay so", (_title, files) => {
  expect(plan(files).changes).toEqual([]);
});

test("the module that sends mail takes builders that fire triggers", () => {
  const text = printSender({ extension: "", getEnv: undefined, component: "resend", mail: "mail" });
  expect(bypasses(text)).toEqual([]);
});
