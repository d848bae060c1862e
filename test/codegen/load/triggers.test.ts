// What codegen says about triggers that would not fire, and where generated modules find relations.
import { describe, expect, test } from "vitest";
import { authFile, makeApp } from "../support/app.js";

const AUTH = authFile("{}");
const SCHEMA = `import { defineSchema } from "convex/server";
import { defineTriggers } from "kitcn/orm";
import { relations } from "./relations";

export default defineSchema({});

const triggers = defineTriggers(relations, {});
`;
const RELATIONS = `import { relations as defineRelations } from "kitcn/orm";

export const relations = defineRelations({});

export default relations;
`;
const app = { "auth.ts": AUTH, "schema.ts": SCHEMA, "relations.ts": RELATIONS };

/** The notes about triggers for an app of these modules. */
async function notesFor(files: Record<string, string>, functions = "convex"): Promise<string[]> {
  const placed = Object.entries(files).map(
    ([name, text]) => [name.startsWith("convex/") ? name : `${functions}/${name}`, text] as const,
  );
  const { notes } = await makeApp(Object.fromEntries(placed), { functions }).plan();
  return notes.filter((note) => note.includes("trigger"));
}

describe("mutations that fire no triggers", () => {
  type Case = { given: Record<string, string>; want: (string | RegExp)[] };
  const cases: [string, Case][] = [
    [
      "Convex's builders, each at its line",
      {
        given: {
          "notes.ts": `// notes\nimport { internalMutation, mutation, query } from "./_generated/server";\n`,
          "deep/er.ts": `import { mutation as m } from "../_generated/server.js";\n`,
        },
        want: [
          /^convex\/deep\/er\.ts:1: `mutation` .*generated\/server instead/,
          /^convex\/notes\.ts:2: `internalMutation`/,
          /^convex\/notes\.ts:2: `mutation`/,
        ],
      },
    ],
    [
      "a namespace, where it is used",
      {
        given: {
          "notes.ts": `import * as server from "./_generated/server";\nexport const q = server.query({});\nexport const m = server.mutation({});\nexport const n = server["internalMutation"]({});\nconst { mutation: made, query } = server;\n`,
        },
        want: [
          /^convex\/notes\.ts:3: `mutation`/,
          /^convex\/notes\.ts:4: `internalMutation`/,
          /^convex\/notes\.ts:5: `mutation`/,
        ],
      },
    ],
    [
      "passing builders on, and the generic ones",
      {
        given: {
          "lib.ts": `export { query, mutation } from "./_generated/server";\n`,
          "lib/all.ts": `\nexport * from "../_generated/server.ts";\nexport * as server from "../_generated/server";\n`,
          "raw.ts": `import { mutationGeneric } from "convex/server";\n`,
        },
        want: [
          /^convex\/lib\.ts:1: `mutation`/,
          /^convex\/lib\/all\.ts:2: `mutation`/,
          /^convex\/lib\/all\.ts:3: `mutation`/,
          /^convex\/raw\.ts:1: `mutationGeneric`/,
        ],
      },
    ],
    [
      "procedures made without builders",
      {
        given: {
          "crpc.ts": `import { initCRPC } from "kitcn/server";\nexport const c = initCRPC.dataModel<object>().create();\n`,
          "steps.ts": `import { initCRPC as init } from "kitcn/server";\nconst typed = init.dataModel();\nconst other = { create: () => ({}) };\nother.create();\nexport const c =\n  typed.create();\n`,
          "fine.ts": `import { initCRPC } from "kitcn/server";\nimport * as builders from "./generated/server";\nexport const c = initCRPC.create(builders);\n`,
        },
        want: [
          /^convex\/crpc\.ts:2: `create\(\)`.*create\(\{/,
          /^convex\/steps\.ts:6: `create\(\)`/,
        ],
      },
    ],
    [
      "nothing of what fires them, reads, types, tests or machine-written modules",
      {
        given: {
          "notes.ts": `import { mutation } from "./generated/server";\nimport { query, type MutationCtx } from "./_generated/server";\nimport type { mutation as M } from "./_generated/server";\nexport type * from "./_generated/server";\n`,
          "notes.test.ts": `import { mutation } from "./_generated/server";\n`,
          "_generated/server.js": `import { mutationGeneric } from "convex/server";\n`,
        },
        want: [],
      },
    ],
  ];

  test.each(cases)("%s", async (_title, { given, want }) => {
    const notes = await notesFor({ ...app, ...given });
    expect(notes).toEqual(want.map((one) => expect.stringMatching(one)));
  });

  test("are nobody's business in an app without triggers", async () => {
    const files = { "notes.ts": `import { mutation } from "./_generated/server";\n` };
    expect(await notesFor({ "auth.ts": AUTH, ...files })).toEqual([]);
  });

  test("are found beside a nested functions folder, too", async () => {
    const files = {
      "convex/lib/m.ts": `import { mutation } from "../functions/_generated/server";\n`,
    };
    expect(await notesFor({ ...app, ...files }, "convex/functions")).toEqual([
      expect.stringMatching(/^convex\/lib\/m\.ts:1:/),
    ]);
  });
});

test("triggers that schema.ts does not load are told, unless it imports them from anywhere", async () => {
  const schema = `import { defineSchema } from "convex/server";\n\nexport default defineSchema({});\n`;
  const triggers = `import { defineTriggers } from "kitcn/orm";\nimport relations from "../relations";\n\ndefineTriggers(relations, {});\n`;
  const files = { ...app, "schema.ts": schema, "deep/triggers.ts": triggers };
  expect(await notesFor(files)).toEqual([
    expect.stringMatching(/^convex\/deep\/triggers\.ts:4: .*`import "\.\/deep\/triggers"`/),
  ]);
  const loaded = {
    ...files,
    "schema.ts": `import "./more";\n${schema}`,
    "more.ts": `import "./deep/triggers";\n`,
  };
  expect(await notesFor(loaded)).toEqual([]);
});

test("triggers and builders are found by one rule: through aliases, `imports` and modules that pass them on", async () => {
  const files = {
    ...app,
    "schema.ts": SCHEMA.replace(/import \{ defineTriggers[^\n]*\n/, "").replace(
      /const triggers.*\n/,
      "",
    ),
    "package.json":
      '{ "imports": { "#orm": "./lib/orm.ts", "#server": "./_generated/server.js" } }',
    "tsconfig.json": '{ "compilerOptions": { "paths": { "@gen/*": ["./_generated/*"] } } }',
    "lib/orm.ts": 'export { defineTriggers } from "kitcn/orm";\n',
    "deep/triggers.ts": `import * as orm from "#orm";\nimport relations from "../relations";\n\norm.defineTriggers(relations, {});\n`,
    "a.ts": 'import { mutation } from "@gen/server";\n',
    "b.ts": 'import { internalMutation } from "#server";\n',
    "_generated/server.js": "export const mutation = 1, internalMutation = 1;\n",
  };
  expect(await notesFor(files)).toEqual([
    expect.stringMatching(/^convex\/a\.ts:1: `mutation` .*generated\/server instead/),
    expect.stringMatching(/^convex\/b\.ts:1: `internalMutation`/),
    expect.stringMatching(/^convex\/deep\/triggers\.ts:4: .*`import "\.\/deep\/triggers"`/),
  ]);
  const loaded = { ...files, "schema.ts": `import "#deep";\n${files["schema.ts"]}` };
  const imports = files["package.json"].replace(
    '{ "#orm',
    '{ "#deep": "./deep/triggers.ts", "#orm',
  );
  expect(await notesFor({ ...loaded, "package.json": imports })).toHaveLength(2);
});

describe("generated modules find relations", () => {
  test.each([
    ["in relations.ts", { "relations.ts": RELATIONS }, `import { relations } from "../relations";`],
    [
      "in schema.ts",
      {
        "schema.ts": `import { defineSchema } from "convex/server";\nimport { relations as define } from "kitcn/orm";\nexport const relations = define({});\nexport default defineSchema({});\n`,
      },
      `import { relations } from "../schema";`,
    ],
    ["nowhere", {}, `const relations = {};`],
  ])("%s", async (_, files, want) => {
    const placed = Object.entries({ "auth.ts": AUTH, ...files }).map(([name, text]) => [
      `convex/${name}`,
      text,
    ]);
    const made = makeApp(Object.fromEntries(placed));
    await made.run();
    expect(made.read("convex/generated/server.ts")).toContain(want);
    expect((await made.plan()).changes).toEqual([]);
  });
});

describe("triggers of tables that do not exist are refused", () => {
  const schemaOf = (
    triggers: string,
    more = "",
  ) => `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { defineTriggers } from "kitcn/orm";
import { relations } from "./relations";
${more}
export default defineSchema({ log: defineTable({ line: v.string() }) });

const triggers = defineTriggers(relations, {
  log: {},
  ${triggers}
});
`;
  const files = (schema: string, auth = AUTH) => ({
    "convex/auth.ts": auth,
    "convex/relations.ts": RELATIONS,
    "convex/schema.ts": schema,
  });

  test("in schema.ts and elsewhere, with file and line and the tables there are", async () => {
    const app = makeApp(files(schemaOf("usr: { create: {} },")));
    const before = app.snapshot();
    await expect(app.run()).rejects.toMatchObject({
      code: "UNKNOWN_TRIGGER_TABLE",
      message: expect.stringMatching(/schema\.ts:10: .*"usr"/),
      hint: expect.stringMatching(/account, log, session, user\./),
    });
    expect(app.snapshot()).toEqual(before);
    app.write("convex/schema.ts", schemaOf("", 'import "./more";'));
    app.write(
      "convex/more.ts",
      `import { defineTriggers } from "kitcn/orm";\nimport { relations } from "./relations";\n\nconst own = { nothing: {} };\ndefineTriggers(relations, own);\n`,
    );
    await expect(app.run()).rejects.toMatchObject({
      message: expect.stringMatching(/more\.ts:4: .*"nothing"/),
    });
  });

  test("and so are those of tables in the component", async () => {
    const app = makeApp(files(schemaOf("verification: {},")));
    await expect(app.run()).rejects.toMatchObject({
      code: "UNKNOWN_TRIGGER_TABLE",
      message: expect.stringMatching(/schema\.ts:10: .*"verification" would never run/),
      hint: expect.stringContaining("defineAuth"),
    });
    await app.run({ placement: "app" });
  });

  test("tables that this run adds, renamed ones and those made at run time exist", async () => {
    const auth = authFile('{ user: { modelName: "people" } }');
    await makeApp(files(schemaOf("people: {}, session: {},"), auth)).run();
    const made = `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { defineTriggers } from "kitcn/orm";
import { relations } from "./relations";

const made = Object.fromEntries(["a", "b"].map((name) => [name, defineTable({ x: v.string() })]));

export default defineSchema({ ...made });

defineTriggers(relations, { a: {}, b: {} } as never);
`;
    const app = makeApp(files(made));
    await app.run();
    app.edit("convex/schema.ts", (text) => text.replace("b: {}", "c: {}"));
    await expect(app.run()).rejects.toMatchObject({ message: expect.stringContaining('"c"') });
  });
});
