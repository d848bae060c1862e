// Files that `kitcn add auth --schema` cannot work with, as users really leave them behind.
// Each is refused: exit code 1, a message that names the file, a next step, no stack, nothing written.
import { describe, expect, test } from "vitest";
import { cliApp } from "../codegen/support/cli.js";

const AUTH = `import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ emailAndPassword: { enabled: true } }));
`;

const auth = (text: string) => ({ "convex/auth.ts": text });
const options = (text: string) =>
  auth(
    `import { defineAuth } from "./generated/auth";\nexport default defineAuth(() => (${text}));\n`,
  );
const schema = (text: string) => ({ "convex/auth.ts": AUTH, "convex/schema.ts": text });
const lock = (text: string) => ({ "convex/auth.ts": AUTH, "convex/plugins.lock.json": text });

type Case = { given: string; files: Record<string, string | undefined>; says: RegExp };

const cases: Case[] = [
  { given: "an empty auth.ts", files: auth(""), says: /auth\.ts/ },
  { given: "a comment only", files: auth("// later\n"), says: /auth\.ts/ },
  {
    given: "an unclosed brace",
    files: auth("export default defineAuth(() => ({\n"),
    says: /auth\.ts:2/,
  },
  {
    given: "an unclosed string",
    files: auth('const a = "x\nexport default a;\n'),
    says: /auth\.ts:1/,
  },
  {
    given: "a merge conflict",
    files: auth("<<<<<<< HEAD\nexport default 1;\n=======\n>>>>>>> b\n"),
    says: /auth\.ts:1/,
  },
  {
    given: "no default export",
    files: auth("export const auth = {};\n"),
    says: /auth\.ts[^]*default/,
  },
  { given: "a default export of null", files: auth("export default null;\n"), says: /auth\.ts/ },
  { given: "a default export of a number", files: auth("export default 42;\n"), says: /auth\.ts/ },
  {
    given: "a default export of a class",
    files: auth("export default class Auth {}\n"),
    says: /auth\.ts/,
  },
  { given: "plain options", files: auth("export default { plugins: [] };\n"), says: /defineAuth/ },
  {
    given: "an async definition",
    files: auth(
      'import { defineAuth } from "./generated/auth";\nexport default defineAuth(async () => ({}));\n',
    ),
    says: /async|Promise|promise/,
  },
  {
    given: "a definition that returns nothing",
    files: auth(
      'import { defineAuth } from "./generated/auth";\nexport default defineAuth(() => undefined as never);\n',
    ),
    says: /auth\.ts/,
  },
  { given: "a definition that returns text", files: options('"x" as never'), says: /auth\.ts/ },
  {
    given: "a definition that throws",
    files: auth(
      'import { defineAuth } from "./generated/auth";\nexport default defineAuth(() => {\n  throw new Error("boom at start");\n});\n',
    ),
    says: /auth\.ts:3[^]*boom at start|boom at start[^]*auth\.ts:3/,
  },
  {
    given: "a top level that throws",
    files: auth('throw new TypeError("no such thing");\nexport default 1;\n'),
    says: /auth\.ts:1[^]*no such thing|no such thing[^]*auth\.ts:1/,
  },
  {
    given: "a top level that throws a string",
    files: auth('throw "plain text";\nexport default 1;\n'),
    says: /plain text/,
  },
  {
    given: "a top level that rejects",
    files: auth('await Promise.reject(new Error("later"));\nexport default 1;\n'),
    says: /auth\.ts/,
  },
  {
    given: "an import that is not installed",
    files: auth('import x from "not-a-package";\nexport default x;\n'),
    says: /not-a-package/,
  },
  {
    given: "an import of a file that is not there",
    files: auth('import x from "./nowhere";\nexport default x;\n'),
    says: /nowhere/,
  },
  {
    given: "an import of a file that does not parse",
    files: {
      ...auth('import x from "./broken";\nexport default x;\n'),
      "convex/broken.ts": "export default {\n",
    },
    says: /broken\.ts/,
  },
  {
    given: "an import of a file that throws",
    files: {
      ...auth('import x from "./angry";\nexport default x;\n'),
      "convex/angry.ts": 'throw new Error("angry");\n',
    },
    says: /angry/,
  },
  {
    given: "plugins that are no list",
    files: options("{ plugins: {} as never }"),
    says: /auth\.ts[^]*plugins|plugins[^]*auth\.ts/,
  },
  {
    given: "a plugin that is null",
    files: options("{ plugins: [null as never] }"),
    says: /auth\.ts/,
  },
  {
    given: "a plugin that is a function",
    files: options("{ plugins: [(() => {}) as never] }"),
    says: /auth\.ts/,
  },
  {
    given: "a field without a type",
    files: options("{ user: { additionalFields: { a: {} as never } } }"),
    says: /auth\.ts|additionalFields|"a"/,
  },
  {
    given: "a field of an unknown type",
    files: options('{ user: { additionalFields: { a: { type: "blob" as never } } } }'),
    says: /blob/,
  },
  {
    given: "a field that Convex reserves",
    files: options('{ user: { additionalFields: { _id: { type: "string" } } } }'),
    says: /_id/,
  },
  {
    given: "a field with a leading underscore",
    files: options('{ user: { additionalFields: { _secret: { type: "string" } } } }'),
    says: /_secret/,
  },
  {
    given: "a field with a dollar",
    files: options('{ user: { additionalFields: { $cost: { type: "string" } } } }'),
    says: /\$cost/,
  },
  {
    given: "a field with a dash",
    files: options('{ user: { additionalFields: { "first-name": { type: "string" } } } }'),
    says: /first-name/,
  },
  {
    given: "a field of 65 characters",
    files: options(`{ user: { additionalFields: { ${"a".repeat(65)}: { type: "string" } } } }`),
    says: /aaaa/,
  },
  {
    given: "a model name that Convex refuses",
    files: options('{ user: { modelName: "my users" } }'),
    says: /my users/,
  },
  {
    given: "a model name with an underscore first",
    files: options('{ user: { modelName: "_user" } }'),
    says: /_user/,
  },
  {
    given: "two fields of one column",
    files: options('{ user: { fields: { name: "label", image: "label" } } }'),
    says: /label/,
  },
  {
    given: "serial ids",
    files: options('{ advanced: { database: { generateId: "serial" } } }'),
    says: /serial/,
  },

  {
    given: "a schema that does not parse",
    files: schema("export default defineSchema({\n"),
    says: /schema\.ts:/,
  },
  {
    given: "a schema in conflict",
    files: schema("<<<<<<< HEAD\nexport default 1;\n=======\n>>>>>>> b\n"),
    says: /schema\.ts:1/,
  },
  { given: "a schema that is a number", files: schema("export default 1;\n"), says: /schema\.ts/ },
  {
    given: "a schema made elsewhere by a function",
    files: schema('import { make } from "./make";\nexport default make();\n'),
    says: /schema\.ts/,
  },
  {
    given: "a schema without tables",
    files: schema(
      'import { defineSchema } from "convex/server";\nexport default defineSchema();\n',
    ),
    says: /schema\.ts/,
  },

  { given: "a lock that is no JSON", files: lock("not json"), says: /plugins\.lock\.json:1/ },
  { given: "an empty lock", files: lock(""), says: /plugins\.lock\.json/ },
  { given: "a lock that is an array", files: lock("[]"), says: /plugins\.lock\.json/ },
  { given: "a lock that is null", files: lock("null"), says: /plugins\.lock\.json/ },
  { given: "a lock without a version", files: lock("{}"), says: /plugins\.lock\.json/ },
  {
    given: "a lock of a newer kitcn",
    files: lock('{ "version": 99, "plugins": {} }'),
    says: /plugins\.lock\.json[^]*99|99[^]*plugins\.lock\.json|newer/,
  },
  {
    given: "a lock in conflict",
    files: lock('{\n<<<<<<< HEAD\n  "version": 1\n=======\n  "version": 1\n>>>>>>> b\n}\n'),
    says: /plugins\.lock\.json:2/,
  },
  {
    given: "a lock cut off",
    files: lock('{\n  "version": 1,\n  "plugins": {'),
    says: /plugins\.lock\.json:3/,
  },
  {
    given: "a lock with a comma too many",
    files: lock('{\n  "version": 1,\n}\n'),
    says: /plugins\.lock\.json:(2|3)/,
  },
  {
    given: "a lock whose version is text",
    files: lock('{ "version": "1", "plugins": {} }'),
    says: /plugins\.lock\.json[^]*version/,
  },
  {
    given: "a lock with plugins of another kind",
    files: lock('{ "version": 1, "plugins": [] }'),
    says: /plugins\.lock\.json[^]*plugins/,
  },

  {
    given: "a package.json that is no JSON",
    files: { "package.json": "{", ...auth(AUTH) },
    says: /package\.json/,
  },
  {
    given: "a package.json that is an array",
    files: { "package.json": "[]", ...auth(AUTH) },
    says: /package\.json/,
  },
  {
    given: "no package.json",
    files: { "package.json": undefined, ...auth(AUTH) },
    says: /package\.json/,
  },
  {
    given: "a convex.json that is no JSON",
    files: { "convex.json": "{ functions: ", ...auth(AUTH) },
    says: /convex\.json/,
  },
  {
    given: "a convex.json whose functions are a number",
    files: { "convex.json": '{ "functions": 7 }', ...auth(AUTH) },
    says: /convex\.json/,
  },
  {
    given: "a functions directory outside the app",
    files: { "convex.json": '{ "functions": "../../elsewhere" }', ...auth(AUTH) },
    says: /convex\.json|elsewhere/,
  },
  {
    given: "a functions directory that is not there",
    files: { "convex.json": '{ "functions": "backend" }', ...auth(AUTH) },
    says: /backend/,
  },
  {
    given: "a tsconfig that does not parse, where an alias needs it",
    files: { "tsconfig.json": "{ nope", ...auth('export { default } from "@/options";\n') },
    says: /tsconfig\.json/,
  },
];

describe("kitcn add auth --schema refuses, and writes nothing", () => {
  test.each(cases)("$given", async ({ files, says }) => {
    const app = cliApp("plain", { files });
    const before = app.snapshot();
    const ran = await app.kitcn("add", "auth", "--schema", "--yes");
    expect(ran.code, ran.stdout + ran.stderr).toBe(1);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).toMatch(/^error: .+\n\n\S/s);
    expect(ran.stderr).toMatch(/\n\n[A-Z_]+ is explained in \S+\/docs\/errors\.md#[a-z_]+\n$/);
    expect(ran.stderr).not.toMatch(/\n {4}at |in a way it should not/);
    expect(app.snapshot()).toEqual(before);
  });
});
