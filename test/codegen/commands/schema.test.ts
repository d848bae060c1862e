// The schema command as a whole: what it creates, what it refuses, and what it leaves alone.
import { describe, expect, test } from "vitest";
import { format } from "prettier";
import { printDiff } from "../../../codegen/diff.js";
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
      [app.path("convex/plugins.lock.json"), undefined],
      [app.path(SCHEMA), undefined],
    ]);
    await app.run();
    expect(app.snapshot()).toMatchObject(before);
    expect(app.read(SCHEMA)).toMatch(
      /^import \{ defineSchema, defineTable \} from "convex\/server";\nimport \{ v \}/,
    );
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
    const files = new Map([
      [app.path("convex/auth.ts"), authFile("{}")],
      [app.path(SCHEMA), fixture("cases/schema-styles/inline.ts")],
    ]);
    const outcome = await app.plan({ files });
    const schema = outcome.changes.find((change) => change.path === app.path(SCHEMA));
    expect(schema?.before).toBeUndefined();
    expect(schema?.after).toContain("messages: defineTable({");
    expect(schema?.after).toContain("user: userTable");
    expect(outcome.changes.map((change) => change.path)).not.toContain(app.path("convex/auth.ts"));
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
    await expect(app.plan()).rejects.toMatchObject({ code: "PRETTIER_CONFIG" });
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
      want: /schema\.ts: .* exports no call of defineSchema/,
    },
    { name: "an empty file", given: ``, want: /exports no call of defineSchema/ },
    {
      name: "a schema of another library",
      given: `import { defineEntSchema } from "convex-ents";\nexport default defineEntSchema({});\n`,
      want: /exports no call of defineSchema/,
    },
    {
      name: "defineSchema without arguments",
      given: `import { defineSchema } from "convex/server";\nexport default defineSchema();\n`,
      want: /defineSchema gets no tables object/,
    },
    {
      name: "several, of which none is exported",
      given: `import { defineSchema } from "convex/server";\nexport const a = defineSchema({});\nexport const b = defineSchema({});\n`,
      want: /exports no call of defineSchema/,
    },
    {
      name: "a re-export that leads nowhere",
      given: `export { default } from "./gone";\n`,
      want: /exports no call of defineSchema/,
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
