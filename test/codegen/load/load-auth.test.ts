// Loading auth.ts in memory: what it may import, what it sees of the environment, how it fails.
import { describe, expect, test, vi } from "vitest";
import { CodegenError } from "../../../codegen/errors.js";
import { findAuthFile, loadAuth, type LoadedAuth } from "../../../codegen/load/load-auth.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { fixture, makeApp, type TestApp } from "../support/app.js";

const load = (app: TestApp, files: ReadonlyMap<string, string> = new Map()) => {
  const ws = openWorkspace(app.project);
  for (const [path, text] of files) ws.stage(path, text);
  return loadAuth(ws);
};

/** The message and hint of a refused load; the app and process.env must be as before. */
async function failure(app: TestApp): Promise<CodegenError> {
  const before = app.snapshot();
  const env = { ...process.env };
  const error: unknown = await load(app).then(
    () => undefined,
    (one: unknown) => one,
  );
  expect(app.snapshot()).toEqual(before);
  expect({ ...process.env }).toEqual(env);
  if (!(error instanceof CodegenError)) throw new Error(`no CodegenError: ${String(error)}`);
  return error;
}

const auth = (body: string, imports = "") =>
  `import { defineAuth } from "./generated/auth";\n${imports}\nexport default defineAuth(${body});\n`;

const userFields = (loaded: LoadedAuth) => Object.keys(loaded.tables.user?.fields ?? {});

describe("what loads", () => {
  const withField = (name: string) =>
    auth(`() => ({ user: { additionalFields: { [${name}]: { type: "string" } } } })`);
  const cases: { name: string; files: Record<string, string>; want: string[] }[] = [
    {
      name: "generated modules that do not exist, from any file and with any extension",
      files: {
        "convex/auth.ts":
          `import { defineAuth } from "./generated/auth.js";\nimport { field } from "./lib/fields";\n` +
          `export default defineAuth((ctx) => ({ user: { additionalFields: { [field]: { type: "string" } } } }));`,
        "convex/lib/fields.ts":
          `import { getAuth } from "../generated/auth.ts";\nimport { api, internal } from "../_generated/api.js";\n` +
          `import { query, env } from "../_generated/server";\nimport type { DataModel } from "../_generated/dataModel";\n` +
          `export const list = query({ args: {}, handler: (ctx: unknown) => getAuth(ctx as never) });\n` +
          `export const refs = [api.a.b, internal.emails.reset];\n` +
          `export type T = DataModel;\nexport const field = env.NOPE ?? "found";`,
      },
      want: ["found"],
    },
    {
      name: "path aliases of the app's tsconfig",
      files: {
        "tsconfig.json": `{ // comment\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], "#gen/*": ["./convex/generated/*"] } } }`,
        "convex/tsconfig.json": `{ "compilerOptions": { "strict": true } }`,
        "convex/auth.ts": `import { defineAuth } from "#gen/auth";\nimport { name } from "@/names";\n${withField("name").split("\n").slice(1).join("\n")}`,
        "src/names.ts": `export const name: string = "aliased";`,
      },
      want: ["aliased"],
    },
    {
      name: "cycles between auth.ts and its helpers",
      files: {
        "convex/auth.ts": `import { helper } from "./helper";\nexport const name = "cyclic";\n${withField("helper()")}`,
        "convex/helper.ts": `import auth, { name } from "./auth";\nexport const helper = () => (auth ? name : "never");`,
      },
      want: ["cyclic"],
    },
    {
      name: "JSON, JSX, dynamic import and top-level await",
      files: {
        "convex/auth.ts":
          `import data from "./data.json";\nimport { Mail } from "./mail";\nconst late = await import("./late");\n` +
          auth(
            `() => ({ user: { additionalFields: { [data.name]: { type: "string" }, [late.name]: { type: "string" } } }, emailAndPassword: { enabled: true, sendResetPassword: async () => void Mail } })`,
          ),
        "convex/data.json": `{ "name": "fromJson" }`,
        "convex/late.ts": `export enum Names { A = "late" }\nexport const name = Names.A;`,
        "convex/mail.tsx": `/** @jsxRuntime classic */\nconst React = { createElement: () => null };\nexport const Mail = () => <p>hi</p>;`,
      },
      want: ["fromJson", "late"],
    },
    {
      name: "names in JSON, by themselves and as a namespace, and a text",
      files: {
        "convex/auth.ts":
          `import { defineAuth } from "./generated/auth";\nimport { additionalFields } from "./fields.json";\n` +
          `import * as all from "./fields.json";\nimport list from "./list.json";\nimport note from "./note.txt";\n` +
          `export default defineAuth(() => ({ user: { additionalFields: { ...additionalFields, ` +
          `[all.extra]: { type: "string" }, [list[0]!]: { type: "string" }, [note.slice(0, 4)]: { type: "string" } } } }));`,
        "convex/fields.json": `{ "additionalFields": { "zip": { "type": "string" } }, "extra": "city" }`,
        "convex/list.json": `["street"]`,
        "convex/note.txt": `note: it's "text"`,
      },
      want: ["zip", "city", "street", "note"],
    },
    {
      name: "a package in CommonJS whose names are made at run time",
      files: {
        "convex/auth.ts": auth(
          `() => ({ plugins: [acme(), acme.more()] })`,
          `import { acme } from "acme-cjs";`,
        ),
        "convex/node_modules/acme-cjs/package.json": `{ "name": "acme-cjs", "main": "./index.js" }`,
        "convex/node_modules/acme-cjs/index.js":
          `const plugin = (id) => () => ({ id, schema: { user: { fields: { [id]: { type: "string" } } } } });\n` +
          `const names = ["acme"];\nmodule.exports = Object.fromEntries(names.map((id) => [id, plugin(id)]));\n` +
          `module.exports.acme.more = plugin("more");`,
      },
      want: ["acme", "more"],
    },
    {
      name: "a JavaScript app",
      files: {
        "convex/auth.js": `import { defineAuth } from "./generated/auth";\nimport { name } from "./name.js";\nexport default defineAuth(() => ({ user: { additionalFields: { [name]: { type: "string" } } } }));`,
        "convex/name.js": `export const name = "plain";`,
      },
      want: ["plain"],
    },
    {
      name: "plugins of the app's in CommonJS, by name and as a whole",
      files: {
        "convex/auth.ts":
          `import { named } from "./named.cjs";\nimport whole from "./whole.cjs";\nimport marked from "./marked.cjs";\n` +
          auth(`() => ({ plugins: [named(), whole(), marked()] })`),
        "convex/named.cjs": `module.exports = { named: () => ({ id: "a", schema: { user: { fields: { a: { type: "string" } } } } }) };`,
        "convex/whole.cjs": `module.exports = () => ({ id: "b", schema: { user: { fields: { b: { type: "string" } } } } });`,
        "convex/marked.cjs": `Object.defineProperty(exports, "__esModule", { value: true });\nexports.default = () => ({ id: "c", schema: { user: { fields: { c: { type: "string" } } } } });`,
      },
      want: ["a", "b", "c"],
    },
    {
      name: "broken or stale generated files on disk",
      files: {
        "convex/auth.ts": withField('"fresh"'),
        "convex/generated/auth.ts": `this is {{ not code`,
        "convex/_generated/api.js": `throw new Error("stale");`,
      },
      want: ["fresh"],
    },
    {
      name: "a default export in another spelling",
      files: {
        "convex/auth.ts": `import { defineAuth } from "./generated/auth";\nconst definition = defineAuth((ctx) => ({ user: { additionalFields: { spelled: { type: "string" as const } } } }));\nexport { definition as default };`,
      },
      want: ["spelled"],
    },
  ];
  test.each(cases)("$name", async ({ files, want }) => {
    const app = makeApp(files);
    const before = app.snapshot();
    const loaded = await load(app);
    expect(userFields(loaded)).toEqual(expect.arrayContaining(want));
    expect(app.snapshot()).toEqual(before);
  });

  test("files that are only planned", async () => {
    const app = makeApp({});
    app.remove("convex/auth.config.ts");
    const files = new Map([
      [app.path("convex/auth.ts"), fixture("cases/minimal.auth.ts")],
      [app.path("convex/auth.config.ts"), `export default { providers: [] };`],
    ]);
    const loaded = await load(app, files);
    expect(Object.keys(loaded.tables)).toEqual([
      "user",
      "session",
      "account",
      "verification",
      "jwks",
    ]);
    expect(app.has("convex/auth.ts")).toBe(false);
    expect(loaded.modules).toEqual([app.path("convex/auth.ts"), app.path("convex/auth.config.ts")]);
  });

  test("each module runs once, also when several import it", async () => {
    const app = makeApp({
      "convex/auth.ts": `import "./a";\nimport "./b";\nimport { count } from "./effect";\n${auth("() => ({ user: { additionalFields: { [`ran${count}`]: { type: 'string' } } } })")}`,
      "convex/a.ts": `import { count } from "./effect";\nexport const a = count;`,
      "convex/b.ts": `export const b = await import("./effect");`,
      "convex/effect.ts": `const store = globalThis as unknown as { kitcnRuns?: number };\nstore.kitcnRuns = (store.kitcnRuns ?? 0) + 1;\nexport const count = store.kitcnRuns;`,
    });
    expect(userFields(await load(app))).toContain("ran1");
    // Another load of the same process sees edits, so it runs the module anew.
    app.edit("convex/auth.ts", (text) => text.replace("ran$", "again$"));
    expect(userFields(await load(app))).toContain("again2");
  });
});

describe("the environment", () => {
  const reading = (expression: string) =>
    makeApp({
      "convex/auth.ts": auth(
        `() => ({ user: { additionalFields: { [String(${expression})]: { type: "string" } } } })`,
      ),
      "convex/.env": `FROM_CONVEX=convex\nBOTH="inner"\nKITCN_TEST_SHELL=file\n`,
      ".env.local": `FROM_LOCAL=local\nBOTH=outer\n`,
    });
  test.each([
    { given: "process.env.FROM_CONVEX", want: "convex" },
    { given: "process.env.FROM_LOCAL", want: "local" },
    { given: "process.env.BOTH", want: "inner" },
    { given: "process.env.KITCN_TEST_SHELL", want: "shell" },
    { given: `new URL(process.env.SITE_URL!).hostname`, want: "localhost" },
    { given: `process.env.RESEND_API_KEY!.length > 0`, want: "true" },
    { given: `process.env["STRIPE_SECRET_KEY"]!.length > 0`, want: "true" },
    { given: `process.env.JWKS`, want: "undefined" },
    { given: `process.env.FEATURE_FLAG`, want: "undefined" },
    { given: `process.env.GITHUB_CLIENT_ID ? "github" : "none"`, want: "none" },
    { given: `process.env.OTHER_API_KEY ?? "fallback"`, want: "fallback" },
    { given: `process.env.THIRD_API_KEY === undefined`, want: "true" },
  ])("$given is $want", async ({ given, want }) => {
    process.env.KITCN_TEST_SHELL = "shell";
    const app = reading(given);
    const before = { ...process.env };
    expect(userFields(await load(app))).toContain(want);
    expect({ ...process.env }).toEqual(before);
    delete process.env.KITCN_TEST_SHELL;
  });

  test.each([
    { given: "if (!process.env.APP_SECRET) throw new Error('missing');", want: "true" },
    { given: "if (!process.env.APP_SECRET) { const m = 'x'; throw new Error(m); }", want: "true" },
    { given: "if (process.env.APP_SECRET === undefined) throw new Error('x');", want: "true" },
    { given: `if (typeof process.env.APP_SECRET === "undefined") throw 0;`, want: "true" },
    { given: "if (!process.env.MODE && !process.env.APP_SECRET) throw 0;", want: "true" },
    { given: "if (!process.env.APP_SECRET) console.error('off');", want: "false" },
    { given: "if (process.env.APP_SECRET) throw new Error('leaked');", want: "false" },
    {
      given: "if (!process.env.APP_SECRET) throw 0;\nconst on = process.env.APP_SECRET ? 1 : 0;",
      want: undefined,
    },
  ])("a variable that the code demands is given: $given", async ({ given, want }) => {
    const app = makeApp({
      "convex/auth.ts": `${given}\n${auth(
        `() => ({ user: { additionalFields: { [String(!!globalThis.process.env["APP_" + "SECRET"])]: { type: "string" } } } })`,
      )}`,
    });
    if (want === undefined) await failure(app);
    else expect(userFields(await load(app))).toContain(want);
  });

  test("user code that writes process.env leaves no trace", async () => {
    const app = makeApp({
      "convex/auth.ts": `process.env.KITCN_LEAK = "x";\ndelete process.env.PATH;\n${auth("() => ({})")}`,
    });
    const path = process.env.PATH;
    await load(app);
    expect(process.env.KITCN_LEAK).toBeUndefined();
    expect(process.env.PATH).toBe(path);
  });

  test("stdout stays clean", async () => {
    const app = makeApp({
      "convex/auth.ts": `process.stdout.write("noise");\n${auth("() => ({})")}`,
    });
    const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      await load(app);
      expect(stdout).not.toHaveBeenCalled();
      expect(stderr).toHaveBeenCalledWith("noise");
    } finally {
      stdout.mockRestore();
      stderr.mockRestore();
    }
  });
});

type Failing = {
  name: string;
  files: Record<string, string>;
  code: string;
  want: RegExp;
  hint?: RegExp;
};

const thrower = (name: string) =>
  `export function ${name}(options: { key?: string }) {\n  if (!options.key) throw new Error("option key is required");\n  return { id: "${name}" };\n}\n`;

/** Plugins that throw, wherever they are from and wherever they stand. */
const FAILING_PLUGINS: Failing[] = [
  {
    name: "the first of several plugins on one line",
    files: {
      "convex/auth.ts": auth(
        `() => ({\n  plugins: [username({ minUsernameLength: 1 as number }), genericOAuth({} as never), twoFactor(), twoFactor()],\n})`,
        `import { genericOAuth, twoFactor, username } from "better-auth/plugins";`,
      ),
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:4: genericOAuth\(\) of better-auth\/plugins failed: options\.config/,
    hint: /^Give genericOAuth\(\) the options it asks for\./,
  },
  {
    name: "a plugin under another name, in the module's first line",
    files: {
      "convex/auth.ts": `import { genericOAuth as oauth, twoFactor as two } from "better-auth/plugins"; import { defineAuth } from "./generated/auth"; export default defineAuth(() => ({ plugins: [two(), oauth({} as never), two()] }));`,
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:1: oauth\(\) of better-auth\/plugins failed/,
  },
  {
    name: "a plugin of a namespace",
    files: {
      "convex/auth.ts": auth(
        `() => ({ plugins: [p.twoFactor(), p.genericOAuth({} as never), p.twoFactor()] })`,
        `import * as p from "better-auth/plugins";`,
      ),
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:3: p\.genericOAuth\(\) of better-auth\/plugins failed/,
  },
  {
    name: "a plugin of the app's own",
    files: {
      "convex/auth.ts": auth(
        `() => ({\n  plugins: [twoFactor(), boom({} as never), twoFactor()],\n})`,
        `import { twoFactor } from "better-auth/plugins";\nimport { boom } from "./lib/third";`,
      ),
      "convex/lib/third.ts": thrower("boom"),
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:5: boom\(\) of \.\/lib\/third failed: option key is required$/,
    hint: /^Give boom\(\) the options it asks for\. .* It was thrown at convex\/lib\/third\.ts:2\.$/,
  },
  {
    name: "a plugin of the app's own that is a default export, made beforehand",
    files: {
      "convex/auth.ts": auth(
        `() => ({ plugins: [twoFactor(), third] })`,
        `import { twoFactor } from "better-auth/plugins";\nimport make from "./lib/third";\nconst third = make({});`,
      ),
      "convex/lib/third.ts": thrower("boom").replace("function boom", "default function boom"),
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:4: make\(\) of \.\/lib\/third failed: option key is required$/,
  },
  {
    name: "a plugin of auth.ts itself",
    files: {
      "convex/auth.ts": auth(
        `() => ({ plugins: [boom({})] })`,
        thrower("boom").replace("export ", ""),
      ),
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:7: boom\(\) failed: option key is required$/,
  },
  {
    name: "a plugin whose module throws when it is loaded",
    files: {
      "convex/auth.ts": auth(
        `() => ({\n  plugins: [boom()],\n})`,
        `import { boom } from "./lib/third";`,
      ),
      "convex/lib/third.ts": `import "./fourth";\nexport const boom = () => ({ id: "boom" });`,
      "convex/lib/fourth.ts": `\nthrow new Error("no licence");`,
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:4: boom\(\) of \.\/lib\/third failed: no licence$/,
    hint: /^Make \.\/lib\/third load.* It was thrown at convex\/lib\/fourth\.ts:2\.$/,
  },
  {
    name: "an installed plugin whose package throws when it is loaded",
    files: {
      "convex/auth.ts": auth(`() => ({\n  plugins: [acme()],\n})`, `import { acme } from "acme";`),
      "node_modules/acme/package.json": `{ "name": "acme", "type": "module", "exports": "./index.js" }`,
      "node_modules/acme/index.js": `export const acme = () => ({ id: "acme" });\nthrow new Error("no licence");`,
    },
    code: "PLUGIN_FAILED",
    want: /^convex\/auth\.ts:4: acme\(\) of acme failed: no licence$/,
    hint: /^Make acme load/,
  },
  {
    name: "a helper that gives a plugin an option is no plugin",
    files: {
      "convex/auth.ts": auth(
        `() => ({ plugins: [twoFactor({ issuer: needed("ISSUER") })] })`,
        `import { twoFactor } from "better-auth/plugins";\nimport { needed } from "./lib/env";`,
      ),
      "convex/lib/env.ts": `export function needed(name: string): string {\n  throw new Error(name + " is missing");\n}`,
    },
    code: "AUTH_FAILED",
    want: /^convex\/lib\/env\.ts:2: ISSUER is missing$/,
    hint: /set missing variables in convex\/\.env/,
  },
];

describe("what fails", () => {
  const cases: Failing[] = [
    {
      name: "no auth.ts",
      files: {},
      code: "NO_AUTH_FILE",
      want: /convex\/auth\.ts was not found/,
      hint: /npx kitcn add auth --yes/,
    },
    {
      name: "a syntax error",
      files: { "convex/auth.ts": `export default {\n  a: = 1,\n};` },
      code: "SYNTAX_ERROR",
      want: /^convex\/auth\.ts:2:6 does not parse/,
    },
    {
      name: "a syntax error in an imported file",
      files: {
        "convex/auth.ts": `import "./lib";\n${auth("() => ({})")}`,
        "convex/lib.ts": `\n\nconst = 1;`,
      },
      code: "SYNTAX_ERROR",
      want: /^convex\/lib\.ts:3:7 does not parse/,
    },
    {
      name: "a package that is not installed",
      files: {
        "convex/auth.ts": `// one\nimport x from "@nope/not-there/sub";\nx();\n${auth("() => ({})")}`,
      },
      code: "MODULE_NOT_FOUND",
      want: /^convex\/auth\.ts:2 imports "@nope\/not-there\/sub", which was not found/,
      hint: /npm install @nope\/not-there$/,
    },
    {
      name: "a file that is not there",
      files: {
        "convex/auth.ts": `import { x } from "./gone";\nexport const y = x;\n${auth("() => ({})")}`,
      },
      code: "MODULE_NOT_FOUND",
      want: /^convex\/auth\.ts:1 imports "\.\/gone"/,
      hint: /path/,
    },
    {
      name: "an error at the top level of an imported file",
      files: {
        "convex/auth.ts": `import "./lib";\n${auth("() => ({})")}`,
        "convex/lib.ts": `type A = string;\n\nfunction boom(): A {\n  throw new Error("no luck");\n}\nboom();`,
      },
      code: "AUTH_FAILED",
      want: /^convex\/lib\.ts:4: no luck$/,
      hint: /convex\/auth\.ts load without a deployment/,
    },
    {
      name: "a name that nothing declares",
      files: {
        "convex/auth.ts": auth(
          `() => ({\n  plugins: [twoFactor()],\n})`,
          `import { twoFactr } from "better-auth/plugins";`,
        ),
      },
      code: "AUTH_FAILED",
      want: /^convex\/auth\.ts:4: twoFactor is not defined$/,
      hint: /^Import `twoFactor`, or correct its name\.$/,
    },
    {
      name: "a name that only browsers have",
      files: { "convex/auth.ts": auth("() => ({ baseURL: window.location.origin })") },
      code: "AUTH_FAILED",
      want: /^convex\/auth\.ts:3: window is not defined$/,
      hint: /load without a deployment/,
    },
    {
      name: "an error inside the definition",
      files: {
        "convex/auth.ts": auth(
          `() => {\n  const list: string[] = [];\n  return { appName: list[0]!.trim() };\n}`,
        ),
      },
      code: "AUTH_FAILED",
      want: /^convex\/auth\.ts:5: Cannot read properties of undefined/,
    },
    {
      name: "a plugin that lacks an option it requires",
      files: {
        "convex/auth.ts": auth(
          `() => ({\n  plugins: [\n    genericOAuth({} as never),\n  ],\n})`,
          `import { genericOAuth } from "better-auth/plugins";`,
        ),
      },
      code: "PLUGIN_FAILED",
      want: /^convex\/auth\.ts:5: genericOAuth\(\) of better-auth\/plugins failed: options\.config/,
      hint: /^Give genericOAuth\(\) the options it asks for\./,
    },
    ...FAILING_PLUGINS,
    {
      name: "a definition that insists on a value of ctx",
      files: { "convex/auth.ts": auth(`(ctx) => ({\n  appName: \`\${ctx.db.get("x")}\`,\n})`) },
      code: "INSISTED_ON_VALUE",
      want: /^convex\/auth\.ts:4: The value of `ctx\.db\.get\(\)` was needed while auth\.ts was loaded/,
      hint: /callback/,
    },
    {
      name: "an async definition",
      files: { "convex/auth.ts": auth(`async (ctx) => ({ appName: await ctx.db.get("x") })`) },
      code: "ASYNC_DEFINITION",
      want: /^convex\/auth\.ts:3: the definition is async/,
      hint: /Remove `async`/,
    },
    {
      name: "getAuth called at the top level",
      files: {
        "convex/auth.ts": `import { getAuth } from "./generated/auth";\ngetAuth({} as never);\n${auth("() => ({})")}`,
      },
      code: "CALLED_WHILE_LOADING",
      want: /^convex\/auth\.ts:2: `getAuth` of generated\/auth was called/,
    },
    {
      name: "a promise that nobody awaits and that fails",
      files: {
        "convex/auth.ts": auth(
          "() => ({})",
          `\nasync function warmUp() {\n  throw new Error("no network");\n}\nvoid warmUp();`,
        ),
      },
      code: "AUTH_FAILED",
      want: /^convex\/auth\.ts:4: no network/,
    },
    {
      name: "no default export",
      files: { "convex/auth.ts": `export const auth = 1;` },
      code: "NO_DEFAULT_EXPORT",
      want: /^convex\/auth\.ts:\d+ has no default export/,
      hint: /export default defineAuth/,
    },
    {
      name: "a Better Auth instance",
      files: {
        "convex/auth.ts": `import { betterAuth } from "better-auth/minimal";\n\nexport default betterAuth({ secret: "0123456789012345678901234567890123456789" });`,
      },
      code: "NOT_A_DEFINITION",
      want: /^convex\/auth\.ts:3 exports a Better Auth instance by default/,
    },
    {
      name: "a definition that returns a Better Auth instance",
      files: {
        "convex/auth.ts": auth(
          `() => betterAuth({ plugins: [username()] })`,
          `import { betterAuth } from "better-auth";\nimport { username } from "better-auth/plugins";`,
        ),
      },
      code: "NOT_A_DEFINITION",
      want: /^convex\/auth\.ts:4: the definition returned a Better Auth instance, not Better Auth options/,
      hint: /^Return an object/,
    },
    {
      name: "a definition that returns nothing",
      files: { "convex/auth.ts": auth("() => undefined") },
      code: "NOT_A_DEFINITION",
      want: /^convex\/auth\.ts:3: the definition returned undefined/,
    },
    {
      name: "options that Better Auth refuses",
      files: {
        "convex/auth.ts": auth(
          `() => ({ plugins: [{ id: "x", schema: { thing: { fields: { a: { type: "string" } }, indexes: [{ fields: ["b"] }] } } }] })`,
        ),
      },
      code: "AUTH_FAILED",
      want: /^convex\/auth\.ts: Index on table "thing" references unknown field "b"/,
    },
    {
      name: "signing keys that are not to be encrypted",
      files: {
        "convex/keys.ts": `export const keys = {\n  disablePrivateKeyEncryption: true,\n};`,
        "convex/auth.ts": `import { jwt } from "better-auth/plugins";\nimport { keys } from "./keys";\n${auth("() => ({ plugins: [jwt({ jwks: keys })] })")}`,
      },
      code: "PLAIN_PRIVATE_KEY",
      want: /^convex\/keys\.ts:2: `disablePrivateKeyEncryption` of the plugin "jwt"/,
      hint: /encrypted with BETTER_AUTH_SECRET/,
    },
  ];
  test.each(cases)("$name", async ({ files, code, want, hint }) => {
    const error = await failure(makeApp(files));
    expect(error.message).toMatch(want);
    expect(error.code).toBe(code);
    expect(error.exitCode).toBe(1);
    if (hint) expect(error.hint).toMatch(hint);
  });

  test("secrets of .env files are not repeated", async () => {
    const app = makeApp({
      "convex/.env": "STRIPE_SECRET_KEY=sk_live_0123456789\n",
      "convex/auth.ts": `throw new Error("bad key " + process.env.STRIPE_SECRET_KEY);`,
    });
    const error = await failure(app);
    expect(error.message).toBe("convex/auth.ts:1: bad key <STRIPE_SECRET_KEY>");
  });
});

test.each([
  ['{ "functions": "convex/nope" }', /convex\/nope does not exist, but .*convex\.json names it/],
  ["{}", /auth\.ts was not found/],
])("a folder of functions that is not there, with convex.json %s", (config, want) => {
  const app = makeApp({ "convex.json": config });
  const project = { ...app.project, functionsDir: app.path("convex/nope") };
  expect(() => findAuthFile(openWorkspace(project))).toThrow(
    expect.objectContaining({
      code: "NO_AUTH_FILE",
      message: expect.stringMatching(want) as string,
    }),
  );
});
