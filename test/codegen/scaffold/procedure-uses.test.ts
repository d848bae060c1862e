// Which modules of an app use procedures of lib/crpc.ts, however they import them.
import { expect, test } from "vitest";
import { findProcedureUses } from "../../../codegen/scaffold/procedure-uses.js";
import { lostGuards, NO_GUARDS, withGuards } from "../../../codegen/scaffold/guards.js";
import { loadProject } from "../../../codegen/disk/project.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp } from "../support/cli.js";

const NAMES = ["adminQuery", "adminMutation"];

const CRPC = "export const adminQuery = 1;\nexport const adminMutation = 2;\n";

async function usesIn(files: Record<string, string>) {
  const app = cliApp("plain", { files: { "lib/crpc.ts": CRPC, ...files } });
  const ws = openWorkspace(loadProject(app.path(".")));
  return findProcedureUses(ws, app.path("lib/crpc.ts"), NAMES);
}

test.each([
  ["a named import", 'import { adminQuery } from "../lib/crpc";\nadminQuery;'],
  ["a name of the module's own", 'import { adminQuery as q } from "../lib/crpc";\nq;'],
  ["an import of all", 'import * as c from "../lib/crpc";\nc.adminQuery;'],
  ["an import when it is needed", 'const c = await import("../lib/crpc");\nc.adminQuery;'],
  ["an export of it", 'export { adminQuery } from "../lib/crpc";'],
  ["an import with an ending", 'import { adminQuery } from "../lib/crpc.js";\nadminQuery;'],
])("%s is a use", async (_title, text) => {
  expect(await usesIn({ "convex/a.ts": text })).toEqual([
    { file: "convex/a.ts", names: ["adminQuery"] },
  ]);
});

test("a module that passes everything on is looked through, and is no use itself", async () => {
  const files = {
    "lib/index.ts": 'export * from "./all";',
    "lib/all.ts": 'export * from "./crpc";',
    "convex/b.ts":
      'import { adminMutation, adminQuery } from "../lib";\nadminMutation;\nadminQuery;',
  };
  expect(await usesIn(files)).toEqual([{ file: "convex/b.ts", names: NAMES }]);
});

test.each([
  ["another name", 'import { authQuery } from "../lib/crpc";\nauthQuery;'],
  ["the name from another module", 'import { adminQuery } from "./own";\nadminQuery;'],
  ["a longer name", 'import { x } from "../lib/crpc";\nconst adminQueryLog = x;'],
])("%s is no use", async (_title, text) => {
  const files = { "convex/a.ts": text, "convex/own.ts": "export const adminQuery = 1;" };
  expect(await usesIn(files)).toEqual([]);
});

test("a module that does not parse is skipped, and its mentions count as uses", async () => {
  const files = {
    "templates/page.ts": 'export * from "../convex/{{ name }}";\nexport const {{ name }} = 1;',
    "templates/admin.ts": 'export * from "../lib/crpc";\nexport const {{ name }} = adminQuery;',
    "convex/c.ts": 'import { adminMutation } from "../templates/admin";\nadminMutation;',
  };
  expect(await usesIn(files)).toEqual([
    { file: "convex/c.ts", names: ["adminMutation"] },
    { file: "templates/admin.ts", names: ["adminQuery"] },
  ]);
});

test("guards of plugins that left stay where they are used", () => {
  const before = { hasOrganization: true, adminRoles: ["admin", "owner"] };
  expect(lostGuards(before, NO_GUARDS)).toEqual(["organization", "admin"]);
  expect(lostGuards(before, { ...before, adminRoles: ["boss"] })).toEqual([]);
  expect(withGuards(NO_GUARDS, before, [])).toEqual(NO_GUARDS);
  expect(withGuards(NO_GUARDS, before, ["admin"])).toEqual({
    hasOrganization: false,
    adminRoles: ["admin", "owner"],
  });
  expect(withGuards(NO_GUARDS, before, ["organization"])).toEqual({
    hasOrganization: true,
    adminRoles: [],
  });
});
