// `--preset convex`: where the auth tables go, on every usual form of a schema; and which apps may have it.
import { describe, expect, test } from "vitest";
import { assertPlainConvex, planAuthSchema } from "../../../codegen/scaffold/auth-schema.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import type { Project } from "../../../codegen/types.js";
import { makeApp } from "../support/app.js";

const EMPTY = "export const authTables = {};\n";

/** What is staged, by path. */
const staged = (project: Project) => {
  const ws = openWorkspace(project);
  planAuthSchema(ws);
  return new Map(ws.changes().map(({ path, after }) => [path, after]));
};

describe("schema.ts lists the tables of authSchema.ts", () => {
  const head = 'import { defineSchema } from "convex/server";\n';
  const imported = `${head}import { authTables } from "./authSchema";\n`;
  test.each([
    {
      name: "an empty schema",
      given: `${head}\nexport default defineSchema({});\n`,
      want: `${imported}\nexport default defineSchema({\n  ...authTables,\n});\n`,
    },
    {
      name: "tables with comments",
      given: `${head}\nexport default defineSchema({\n  // mine\n  posts, // keep\n});\n`,
      want: `${imported}\nexport default defineSchema({\n  // mine\n  posts, // keep\n  ...authTables,\n});\n`,
    },
    {
      name: "one line, and options after the tables",
      given: `${head}\nexport default defineSchema({ posts }, { strict: true });\n`,
      want: `${imported}\nexport default defineSchema(\n  { posts, ...authTables },\n  { strict: true },\n);\n`,
    },
    {
      name: "a const",
      given: `${head}\nconst tables = {\n  posts,\n};\n\nexport default defineSchema(tables);\n`,
      want: `${imported}\nconst tables = {\n  posts,\n  ...authTables,\n};\n\nexport default defineSchema(tables);\n`,
    },
    {
      name: "the result of a call",
      given: `${head}\nexport default defineSchema(makeTables());\n`,
      want: `${imported}\nexport default defineSchema({\n  ...makeTables(),\n  ...authTables,\n});\n`,
    },
    {
      name: "single quotes, no semicolons, CRLF",
      given:
        "import { defineSchema } from 'convex/server'\r\n\r\nexport default defineSchema({\r\n  posts,\r\n})\r\n",
      want: "import { defineSchema } from 'convex/server'\r\nimport { authTables } from './authSchema'\r\n\r\nexport default defineSchema({\r\n  posts,\r\n  ...authTables,\r\n})\r\n",
    },
    {
      name: "the name is taken",
      given: `${head}\nconst authTables = 1;\n\nexport default defineSchema({});\n`,
      want: `${head}import { authTables as authTables2 } from "./authSchema";\n\nconst authTables = 1;\n\nexport default defineSchema({\n  ...authTables2,\n});\n`,
    },
  ])("$name", ({ given, want }) => {
    const app = makeApp({ "convex/schema.ts": given });
    const ws = openWorkspace(app.project);
    planAuthSchema(ws);
    expect(ws.read(app.path("convex/schema.ts"))).toBe(want);
    expect(ws.read(app.path("convex/authSchema.ts"))).toContain("export const authTables = {};");
    // What says so already stays: the same again, over what is staged.
    const before = ws.changes();
    planAuthSchema(ws);
    expect(ws.changes()).toEqual(before);
  });

  test("a schema that another module makes lists them there", () => {
    const app = makeApp({
      "convex/schema.ts": 'export { default } from "./db/schema";\n',
      "convex/db/schema.ts": `${head}\nexport default defineSchema({});\n`,
    });
    const texts = staged(app.project);
    expect(texts.get(app.path("convex/db/schema.ts"))).toContain('from "../authSchema"');
    expect(texts.has(app.path("convex/schema.ts"))).toBe(false);
  });

  test("a JavaScript app gets authSchema.js; nodenext imports end in .js; no schema is an empty one", () => {
    const script = makeApp({ "convex/schema.js": `${head}\nexport default defineSchema({});\n` });
    expect([...staged(script.project).keys()]).toContain(script.path("convex/authSchema.js"));
    const strict = makeApp({
      "tsconfig.json": '{ "compilerOptions": { "module": "nodenext" } }',
    });
    const schema = staged(strict.project).get(strict.path("convex/schema.ts"));
    expect(schema).toContain('from "./authSchema.js"');
  });

  test("an authSchema.ts of the user's own is refused", () => {
    for (const text of [
      "export const x = 1;\n",
      "const authTables = {};\n",
      "export const authTables = make();\n",
    ]) {
      const app = makeApp({ "convex/authSchema.ts": text });
      expect(() => staged(app.project)).toThrow(/authSchema\.ts:1: kitcn would create/);
    }
  });
});

type Case = { readonly name: string; readonly files: Readonly<Record<string, string>> };

describe("an app that may have it", () => {
  test.each<Case & { readonly code: string }>([
    { name: "an empty functions directory", files: {}, code: "NOT_INITIALIZED" },
    {
      name: "auth tables in schema.ts",
      files: {
        "convex/plugins.lock.json":
          '{ "version": 1, "plugins": { "better-auth": { "package": "better-auth", "placement": "split", "tables": {} } } }',
      },
      code: "OTHER_PRESET",
    },
  ])("not with $name", async ({ files, code }) => {
    const app = makeApp(files);
    if (code === "NOT_INITIALIZED") app.remove("convex/auth.config.ts");
    await expect(assertPlainConvex(openWorkspace(app.project))).rejects.toMatchObject({ code });
  });

  test.each<Case>([
    { name: "any function", files: { "convex/messages.ts": "export {};\n" } },
    { name: "what `convex dev` leaves", files: { "convex/_generated/api.js": "" } },
    {
      name: "the preset already",
      files: {
        "convex/authSchema.ts": EMPTY,
        "convex/plugins.lock.json":
          '{ "version": 1, "plugins": { "better-auth": { "package": "better-auth", "placement": "app", "tables": {} } } }',
      },
    },
  ])("with $name", async ({ files }) => {
    const { project } = makeApp(files);
    await expect(assertPlainConvex(openWorkspace(project))).resolves.toBeUndefined();
  });
});
