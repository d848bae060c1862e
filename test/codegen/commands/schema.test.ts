// The schema command as a whole: what it creates, what it refuses, and what it leaves alone.
import { describe, expect, test } from "vitest";
import { format } from "prettier";
import { planSchema } from "../../../codegen/commands/schema.js";
import { printDiff } from "../../../codegen/terminal/diff.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { authFile, fixture, makeApp } from "../support/app.js";

const SCHEMA = "convex/schema.ts";

describe("a first run", () => {
  test("creates schema.ts, the lock and the generated modules, and nothing else", async () => {
    const app = makeApp({ "convex/auth.ts": fixture("cases/minimal.auth.ts") });
    const before = app.snapshot();
    const outcome = await app.plan();
    expect(app.snapshot()).toEqual(before);
    expect(outcome.changes.map((change) => [change.path, change.before])).toEqual([
      [app.path("convex/generated/auth.tables.ts"), undefined],
      [app.path("convex/generated/auth.ts"), undefined],
      [app.path("convex/generated/routes.ts"), undefined],
      [app.path("convex/generated/server.ts"), undefined],
      [app.path("convex/generated/store.ts"), undefined],
      [app.path("convex/plugins.lock.json"), undefined],
      [app.path(SCHEMA), undefined],
    ]);
    await app.run();
    expect(app.snapshot()).toMatchObject(before);
    expect(app.read(SCHEMA)).toMatch(
      /^import \{ defineSchema, defineTable \} from "convex\/server";\nimport \{ v \}/,
    );
  });

  test("names the lines of auth.ts that Convex cannot store", async () => {
    const fields = '"first-name": { type: "string" },\n  _secret: { type: "string" }';
    const app = makeApp({
      "convex/auth.ts": authFile(`{ user: { additionalFields: {\n  ${fields} } } }`),
    });
    const before = app.snapshot();
    const file = app.read("convex/auth.ts").split("\n");
    const lineOf = (text: string) => file.findIndex((line) => line.includes(text)) + 1;
    const path = app.path("convex/auth.ts");
    await expect(app.plan()).rejects.toMatchObject({
      code: "INVALID_COLUMN_NAME",
      message:
        `${path}:${lineOf("first-name")}: Table "user": "first-name" is not a Convex field name.\n` +
        `${path}:${lineOf("_secret")}: Table "user": "_secret" is not a Convex field name.`,
    });
    expect(app.snapshot()).toEqual(before);
  });

  test("leaves generated modules out on demand", async () => {
    const app = makeApp({ "convex/auth.ts": authFile("{}") });
    const outcome = await app.run({ generated: false });
    expect(outcome.changes.map((change) => change.path)).toEqual([
      app.path("convex/plugins.lock.json"),
      app.path(SCHEMA),
    ]);
  });

  test("works in any functions directory, and under node16 resolution", async () => {
    const app = makeApp(
      {
        "convex/functions/auth.ts": fixture("cases/minimal.auth.ts"),
        "tsconfig.json": `{ // the app's\n  "extends": "./tsconfig.base.json", }`,
        "tsconfig.base.json": `{ "compilerOptions": { "module": "NodeNext" } }`,
      },
      { functions: "convex/functions" },
    );
    await app.run();
    expect(app.has("convex/functions/schema.ts")).toBe(true);
    expect(app.read("convex/functions/generated/auth.ts")).toContain('from "../auth.js"');
    expect((await app.plan()).changes).toEqual([]);
  });

  test("follows a JavaScript app", async () => {
    const app = makeApp({
      "convex/auth.js": `import { defineAuth } from './generated/auth'\n\nexport default defineAuth(() => ({}))\n`,
    });
    await app.run();
    const schema = app.read("convex/schema.js");
    expect(schema).toContain("v.id('user')");
    expect(schema).not.toMatch(/;$/m);
  });

  test("takes files that another step of the same run plans", async () => {
    const app = makeApp({});
    const ws = openWorkspace(app.project);
    ws.stage(app.path("convex/auth.ts"), authFile("{}"));
    ws.stage(app.path(SCHEMA), fixture("cases/schema-styles/inline.ts"));
    const outcome = await planSchema({ ws });
    const schema = outcome.changes.find((change) => change.path === app.path(SCHEMA));
    expect(schema?.before).toBeUndefined();
    expect(schema?.after).toContain("messages: defineTable({");
    expect(schema?.after).toContain("user: userTable");
    expect(outcome.changes).toEqual(ws.changes());
  });
});

describe("style", () => {
  test("the app's prettier config decides, the file's habits fill in", async () => {
    const app = makeApp({
      ".prettierrc": `{ "printWidth": 60, "tabWidth": 4 }`,
      "convex/auth.ts": authFile("{}"),
      [SCHEMA]: `import { defineSchema } from 'convex/server'\n\nexport default defineSchema({})\n`,
    });
    await app.run();
    const options = {
      parser: "typescript",
      printWidth: 60,
      tabWidth: 4,
      singleQuote: true,
      semi: false,
    };
    const lines = app.read(SCHEMA).split("export default")[0] ?? "";
    expect(await format(lines, options)).toBe(`${lines.trimEnd()}\n`);
    expect(lines).toContain(
      "    accessTokenExpiresAt: v.optional(\n        v.union(v.number(), v.null()),\n    ),",
    );
  });

  test("a broken prettier config is told, not guessed around", async () => {
    const app = makeApp({ ".prettierrc": "{ nonsense", "convex/auth.ts": authFile("{}") });
    await expect(app.plan()).rejects.toMatchObject({
      code: "PRETTIER_CONFIG",
      hint: expect.stringContaining("Fix the config") as string,
    });
  });

  test.each([
    [".prettierrc", '"@acme/prettier-config"'],
    ["prettier.config.mjs", 'export { default } from "@acme/prettier-config";'],
    ["prettier.config.cjs", 'module.exports = require("@acme/prettier-config");'],
  ])("%s that names a package not installed: what to do is to install it", async (file, text) => {
    const app = makeApp({ [file]: text, "convex/auth.ts": authFile("{}") });
    await expect(app.plan()).rejects.toMatchObject({
      code: "PRETTIER_CONFIG",
      hint: expect.stringContaining("Install the app's packages") as string,
    });
  });

  test("generated modules may be formatted by the user", async () => {
    const app = makeApp({ "convex/auth.ts": fixture("cases/minimal.auth.ts") });
    await app.run();
    for (const name of ["auth.ts", "auth.tables.ts"]) {
      const text = app.read(`convex/generated/${name}`);
      app.write(
        `convex/generated/${name}`,
        await format(text, {
          parser: "typescript",
          singleQuote: true,
          semi: false,
          printWidth: 50,
        }),
      );
    }
    expect((await app.plan()).changes).toEqual([]);
    app.edit("convex/generated/auth.tables.ts", (text) =>
      text.replace("required: true", "required: false"),
    );
    const { changes } = await app.plan();
    expect(printDiff(changes, app.project)).toMatch(/\+.*required: true/);
  });
});

describe("a schema without a place for tables is refused with the exact edit", () => {
  test.each([
    {
      name: "no defineSchema",
      given: `export const x = 1;\n`,
      want: /schema\.ts:\d+: .* does not export a call of defineSchema/,
    },
    {
      name: "a schema of another library",
      given: `import { defineStore } from "somewhere";\nexport default defineStore({});\n`,
      want: /does not export a call of defineSchema/,
    },
    {
      name: "defineSchema without arguments",
      given: `import { defineSchema } from "convex/server";\nexport default defineSchema();\n`,
      want: /defineSchema gets no tables object/,
    },
    {
      name: "several, of which none is exported",
      given: `import { defineSchema } from "convex/server";\nexport const a = defineSchema({});\nexport const b = defineSchema({});\n`,
      want: /does not export a call of defineSchema/,
    },
    {
      name: "one, which is not exported",
      given: `import { defineSchema } from "convex/server";\nconst schema = defineSchema({});\n`,
      want: /does not export a call of defineSchema/,
    },
    {
      name: "one, beside another that is imported and exported",
      given: `import { defineSchema } from "convex/server";\nimport schema from "some-package";\nexport const old = defineSchema({});\nexport default schema;\n`,
      want: /does not export a call of defineSchema/,
    },
    {
      name: "a choice between two",
      given: `import { defineSchema } from "convex/server";\nexport default process.env.EU ? defineSchema({}) : defineSchema({});\n`,
      want: /calls defineSchema more than once, and kitcn cannot tell which it exports/,
    },
    {
      name: "a re-export that leads nowhere",
      given: `export { default } from "./gone";\n`,
      want: /does not export a call of defineSchema/,
    },
  ])("$name", async ({ given, want }) => {
    const app = makeApp({ "convex/auth.ts": authFile("{}"), [SCHEMA]: given });
    const before = app.snapshot();
    const error: unknown = await app.run().catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: "NO_SCHEMA_PLACE",
      exitCode: 1,
      message: expect.stringMatching(want) as string,
      hint: expect.stringContaining("export default defineSchema({});") as string,
    });
    expect(app.snapshot()).toEqual(before);
  });

  test("one of convex-ents is told how its tables stand beside the auth tables", async () => {
    const ents = `import { defineEntSchema } from "convex-ents";\nconst ents = defineEntSchema({});\n`;
    const app = makeApp({
      "convex/auth.ts": authFile("{}"),
      [SCHEMA]: `${ents}export default ents;\n`,
    });
    await expect(app.run()).rejects.toMatchObject({
      code: "NO_SCHEMA_PLACE",
      message: expect.stringMatching(/schema\.ts:1: .*defineEntSchema of convex-ents/) as string,
      hint: expect.stringContaining("export default defineSchema({ ...ents.tables });") as string,
    });
    // The advice holds.
    const advised = `${ents}import { defineSchema } from "convex/server";\nexport default defineSchema({ ...ents.tables });\n`;
    app.write(SCHEMA, advised);
    await app.run();
    expect(app.read(SCHEMA)).toContain("  ...ents.tables,\n  user: userTable,");
    expect((await app.plan()).changes).toEqual([]);
  });

  test.each([
    ["own.convexSchema", "const own = defineSchema({});\n", "own.convexSchema"],
    ["defineSchema({})", "", "own"],
  ])("one of another library, exported as %s, is told the same", async (exported, before, own) => {
    const head = `import { defineSchema } from "confect";\n`;
    const app = makeApp({
      "convex/auth.ts": authFile("{}"),
      [SCHEMA]: `${head}${before}export default ${exported};\n`,
    });
    const advice = `export default defineConvexSchema({ ...${own}.tables });`;
    await expect(app.run()).rejects.toMatchObject({
      code: "NO_SCHEMA_PLACE",
      message: expect.stringMatching(/schema\.ts:2: .*defineSchema of confect/) as string,
      hint: expect.stringContaining(advice) as string,
    });
    const imported = `import { defineSchema as defineConvexSchema } from "convex/server";\n`;
    const made = before === "" ? "const own = defineSchema({});\n" : before;
    app.write(SCHEMA, `${head}${imported}${made}${advice}\n`);
    await app.run();
    expect(app.read(SCHEMA)).toContain(`  ...${own}.tables,\n  user: userTable,`);
    expect((await app.plan()).changes).toEqual([]);
  });

  test.each(["", "\n", "\uFEFF  \n"])("a file that holds %j is begun", async (text) => {
    const app = makeApp({ "convex/auth.ts": authFile("{}"), [SCHEMA]: text });
    await app.run();
    expect(app.read(SCHEMA)).toContain("  user: userTable,");
    expect((await app.plan()).changes).toEqual([]);
  });

  test.each([".mts", ".tsx", ".cjs"])("schema%s is not seen by Convex", async (ending) => {
    const app = makeApp({
      "convex/auth.ts": authFile("{}"),
      [`convex/schema${ending}`]: "export default {};\n",
    });
    const before = app.snapshot();
    await expect(app.run()).rejects.toMatchObject({
      code: "UNSEEN_MODULE",
      hint: expect.stringContaining(ending === ".cjs" ? "to schema.js" : "to schema.ts") as string,
    });
    expect(app.snapshot()).toEqual(before);
  });

  test("a syntax error names the line", async () => {
    const app = makeApp({
      "convex/auth.ts": authFile("{}"),
      [SCHEMA]: "export default {\n  a b\n};\n",
    });
    await expect(app.run()).rejects.toThrow(/schema\.ts:2:5 does not parse/);
  });

  test("of two schemas the exported one is patched", async () => {
    const app = makeApp({
      "convex/auth.ts": authFile("{}"),
      [SCHEMA]: `import { defineSchema } from "convex/server";\n\nexport const other = defineSchema({});\n\nconst schema = defineSchema({});\nexport default schema;\n`,
    });
    await app.run();
    expect(app.read(SCHEMA)).toContain("export const other = defineSchema({});\n");
    expect(app.read(SCHEMA)).toContain("const schema = defineSchema({\n  user: userTable,");
  });
});

test("the schema that is imported and exported is patched, not one that stands beside it", async () => {
  const beside = `import { defineSchema } from "convex/server";\nimport { schema } from "./db/schema";\n\nexport const old = defineSchema({});\nexport default schema;\n`;
  const app = makeApp({
    "convex/auth.ts": authFile("{}"),
    "convex/db/schema.ts": `import { defineSchema } from "convex/server";\n\nexport const schema = defineSchema({});\n`,
    [SCHEMA]: beside,
  });
  await app.run();
  expect(app.read(SCHEMA)).toBe(beside);
  expect(app.read("convex/db/schema.ts")).toContain("schema = defineSchema({\n  user: userTable,");
  expect((await app.plan()).changes).toEqual([]);
});

describe("tables that do not stand in the list", () => {
  const auth = { "convex/auth.ts": authFile("{}") };
  const tables = (...names: string[]) =>
    `import { defineTable } from "convex/server";\nimport { v } from "convex/values";\n${names
      .map((name) => `export const ${name} = defineTable({ email: v.string() });\n`)
      .join("")}`;

  const cases: { name: string; files: Record<string, string> }[] = [
    {
      name: "behind a path alias",
      files: {
        "tsconfig.json": `{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }`,
        "lib/tables.ts": tables("user"),
        [SCHEMA]: `import { defineSchema } from "convex/server";\nimport { user } from "@/tables";\n\nexport default defineSchema({ user });\n`,
      },
    },
    {
      name: "behind a member of an object",
      files: {
        "convex/tables.ts": tables("user"),
        [SCHEMA]: `import { defineSchema } from "convex/server";\nimport * as tables from "./tables";\nconst all = { app: { tables } };\n\nexport default defineSchema({ ...all.app["tables"] });\n`,
      },
    },
    {
      name: "made by a function",
      files: {
        "convex/tables.ts": tables("user"),
        [SCHEMA]: `import { defineSchema } from "convex/server";\nimport * as tables from "./tables";\nconst pick = () => tables;\n\nexport default defineSchema({ ...pick() });\n`,
      },
    },
    {
      name: "added to the object later",
      files: {
        "convex/tables.ts": tables("user"),
        [SCHEMA]: `import { defineSchema, type GenericSchema } from "convex/server";\nimport * as all from "./tables";\nconst tables: GenericSchema = {};\nObject.assign(tables, all);\n\nexport default defineSchema(tables);\n`,
      },
    },
  ];
  test.each(cases)("$name are the user's", async ({ files }) => {
    const app = makeApp({ ...auth, ...files });
    const outcome = await app.run();
    expect(outcome.tables.find((one) => one.table === "user")).toMatchObject({ owner: "local" });
    expect(outcome.notes.join("\n")).toMatch(
      /^Table user \((convex\/schema|convex\/tables|lib\/tables)\.ts:\d+\) is yours and stays as it is; Better Auth also needs: name: v\.string\(\), emailVerified/,
    );
    expect(app.read(SCHEMA)).not.toContain("userTable");
    expect(app.read(SCHEMA)).toContain("session: sessionTable");
    expect(app.read("convex/generated/auth.tables.ts")).not.toContain("emailVerified");
    expect((await app.plan()).changes).toEqual([]);
  });

  test("a managed table that moves behind a function is kept, and told", async () => {
    const app = makeApp(auth);
    await app.run();
    app.edit(SCHEMA, (text) =>
      text
        .replace("export default", "const made = () => ({ user: userTable });\n\nexport default")
        .replace("  user: userTable,", "  ...made(),"),
    );
    const before = app.read(SCHEMA);
    const outcome = await app.run();
    expect(outcome.conflicts).toMatchObject([{ table: "user", reason: "unreadable", kept: true }]);
    expect(outcome.conflicts[0]?.at).toMatch(/^convex\/schema\.ts:\d+$/);
    expect(app.read(SCHEMA)).toBe(before);
  });

  test("what cannot be run is told, with the reason", async () => {
    const app = makeApp({
      ...auth,
      [SCHEMA]: `import { others } from "not-installed";\nimport { defineSchema } from "convex/server";\n\nexport default defineSchema({ ...others });\n`,
    });
    const { notes } = await app.run();
    expect(notes).toEqual([
      'Could not look into `others` of defineSchema (convex/schema.ts:1 imports "not-installed", which was not found). If it declares an auth table too, remove one of the two.',
    ]);
  });
});

test("a CommonJS schema is refused with the exact edit", async () => {
  const app = makeApp({
    "convex/auth.js": authFile("{}"),
    "convex/schema.js": `const { defineSchema } = require("convex/server");\nmodule.exports = defineSchema({});\n`,
  });
  const before = app.snapshot();
  await expect(app.run()).rejects.toMatchObject({
    code: "NO_SCHEMA_PLACE",
    message: expect.stringMatching(/schema\.js:2 exports with CommonJS/) as string,
    hint: expect.stringContaining("export default defineSchema({ ... });") as string,
  });
  expect(app.snapshot()).toEqual(before);
});

test("a default that would end a comment does not", async () => {
  const app = makeApp({
    "convex/auth.ts": authFile(
      String.raw`{ user: { additionalFields: { a: { type: "string", defaultValue: "x\u2028y" }, b: { type: "string", defaultValue: "*/ \n //" } } } }`,
    ),
  });
  await app.run();
  expect(app.read(SCHEMA)).toContain(String.raw`b: v.string(), // default "*/ \n //"`);
  expect((await app.plan()).changes).toEqual([]);
});
