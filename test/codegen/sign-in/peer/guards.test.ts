// What `add auth --replace` may not take for Better Auth's own: guards and wrappers of the app, and forms that only look
// like those that are edited. Their code stays as it is, or the run names its file and line.
import { describe, expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const SERVER = `import type { GenericCtx } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import type { DataModel } from "./_generated/dataModel";
`;

const OPTIONS = 'appName: "Notes", emailAndPassword: { enabled: true }';

const CREATE_AUTH = `${SERVER}
export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth({ ${OPTIONS} });
`;

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

/** An app's modules after the edits, and the lines that its author gets. */
async function replaced(files: Readonly<Record<string, string>>) {
  const ws = openWorkspace(project);
  for (const [name, text] of Object.entries(files)) ws.stage(app.path(name), text);
  const options = { hasPage: true, replaces: true, hasTables: true };
  const { moved, left } = await surveyApp(ws, options);
  return {
    read: (name: string) => moved.read(app.path(name)) ?? "",
    left: left.map(({ file, line, name, becomes }) => `${file}:${line} ${name} ${becomes}`),
  };
}

/** A function of Convex that calls another one. */
const caller = (
  name: string,
  source: string,
  call = `${name}(ctx)`,
) => `import { query } from "./_generated/server";
import { ${name} } from "${source}";

export const me = query({ args: {}, handler: async (ctx) => (await ${call}) !== null });
`;

test.each([
  [
    "a function that checks something first",
    `export async function adminAuth(ctx) {
  const identity = await ctx.auth.getUserIdentity();
  if (identity?.role !== "admin") throw new Error("Only admins");
  return createAuth(ctx);
}`,
  ],
  ["a wrapper", "export const adminAuth = requireTenant((ctx) => createAuth(ctx));"],
  ["a function whose name is all it has", "export const adminAuth = (ctx) => createAuth(ctx);"],
  ["one of two", "export const adminAuth = isTest ? () => fake : createAuth;"],
  [
    "an instance that a constant has",
    "export function adminAuth(ctx) { const auth = createAuth(ctx); return auth; }",
  ],
])("callers of the app's own function keep it: %s", async (_name, guard) => {
  const calling = caller("adminAuth", "./guard");
  const { read, left } = await replaced({
    "convex/auth.ts": CREATE_AUTH,
    "convex/guard.ts": `import { createAuth } from "./auth";\n\n${guard}\n`,
    "convex/me.ts": calling,
  });
  expect(read("convex/me.ts")).toBe(calling);
  const isCalled = guard.includes("createAuth(ctx)");
  if (isCalled) {
    expect(read("convex/guard.ts")).toContain(guard.replace("createAuth(ctx)", "getAuth(ctx)"));
    expect(left).toEqual([]);
  } else expect(left).toEqual([expect.stringMatching(/^convex\/guard\.ts:3 createAuth /)]);
});

test("a call with options of its own is listed, and its callers stay", async () => {
  const guard = `import { createAuth } from "./auth";

export const withMail = (ctx) => createAuth(ctx, { sendsMail: true });
`;
  const calling = caller("withMail", "./mail");
  const { read, left } = await replaced({
    "convex/auth.ts": CREATE_AUTH,
    "convex/mail.ts": guard,
    "convex/me.ts": calling,
  });
  expect(read("convex/me.ts")).toBe(calling);
  expect(read("convex/mail.ts")).toBe(guard);
  expect(left).toContainEqual(expect.stringMatching(/^convex\/mail\.ts:\d createAuth /));
});

test("plain aliases, re-exports and React's cache() are followed", async () => {
  const { read, left } = await replaced({
    "convex/auth.ts": CREATE_AUTH,
    "convex/names.ts": `import { cache } from "react";
import { createAuth } from "./auth";

export { createAuth as made } from "./auth";
const alias = createAuth;
export const kept = cache(alias);
`,
    "convex/made.ts": caller("made", "./names"),
    "convex/kept.ts": caller("kept", "./names"),
  });
  for (const name of ["made", "kept"])
    expect(read(`convex/${name}.ts`)).toContain("await getAuth(ctx)");
  // What nothing rewrites is named.
  expect(left.map((line) => line.split(" ")[0])).toEqual([
    "convex/names.ts:5",
    "convex/names.ts:4",
  ]);
});

test("a function with other options, in another module, keeps its callers", async () => {
  const calling = caller("createGuests", "./guests");
  const { read } = await replaced({
    "convex/auth.ts": CREATE_AUTH,
    "convex/guests.ts": `import { betterAuth } from "better-auth/minimal";

export const createGuests = (ctx) => betterAuth({ appName: "Guests", database: ctx });
`,
    "convex/me.ts": calling,
  });
  expect(read("convex/me.ts")).toBe(calling);
});

test.each([
  [
    "two definitions",
    `${CREATE_AUTH}export const createOther = (ctx) => betterAuth({ appName: "Other" });\n`,
  ],
  [
    "a definition with an early way out",
    `${SERVER}
export function createAuth(ctx: GenericCtx<DataModel>) {
  if (process.env.OFF) return off;
  return betterAuth({ ${OPTIONS} });
}
`,
  ],
])("%s: the module stays, and is listed", async (_name, text) => {
  const { read, left } = await replaced({ "convex/auth.ts": text });
  expect(read("convex/auth.ts")).toBe(text);
  expect(left).toContainEqual(expect.stringContaining("kitcn cannot edit"));
});

const CONVEX_AUTH = `import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";

export const { auth, signIn, signOut, store } = convexAuth({ providers: [Password] });
`;

test.each([
  [
    "an object with a method of that name",
    `export const current = {
  getUserId: async (ctx) => {
    const id = await auth.getUserId(ctx);
    if (await isBanned(ctx, id)) throw new Error("Banned");
    return id;
  },
};`,
  ],
  ["an object around it", "export const current = logged({ auth, ...auth });"],
  ["one of two", "export const current = process.env.TEST ? fake : auth;"],
])("callers of the app's own getUserId() keep it: %s", async (_name, guard) => {
  const calling = caller("current", "./current", "current.getUserId(ctx)");
  const { read } = await replaced({
    "convex/auth.ts": CONVEX_AUTH,
    "convex/current.ts": `import { auth } from "./auth";\n\n${guard}\n`,
    "convex/me.ts": calling,
  });
  expect(read("convex/me.ts")).toBe(calling);
  expect(read("convex/current.ts")).toContain(guard.replace("auth.getUserId", "getAuthUserId"));
});

test.each([
  ["re-exported", CONVEX_AUTH, 'export { auth as current } from "./auth";'],
  ["an alias", CONVEX_AUTH, 'import { auth } from "./auth";\n\nexport const current = auth;'],
  [
    "a member",
    CONVEX_AUTH.replace("const { auth, signIn, signOut, store }", "const made"),
    'import { made } from "./auth";\n\nexport const current = made.auth;',
  ],
])("getUserId() of Convex Auth itself is followed: %s", async (_name, auth, text) => {
  const { read } = await replaced({
    "convex/auth.ts": auth,
    "convex/current.ts": `${text}\n`,
    "convex/me.ts": caller("current", "./current", "current.getUserId(ctx)"),
  });
  expect(read("convex/me.ts")).toContain("await getAuthUserId(ctx)");
});

const WITH_PARAMETER = `${SERVER}
export const createAuth = (ctx: GenericCtx<DataModel>, { sends } = { sends: false }) =>
  betterAuth({ ${OPTIONS}, emailVerification: { sendOnSignUp: sends } });
`;

const http = (handler: string) => `import { createClient } from "@convex-dev/better-auth";
import { httpRouter } from "convex/server";
import { components } from "./_generated/api";
import { createAuth } from "./auth";

const authComponent = createClient(components.betterAuth);
const http = httpRouter();
authComponent.registerRoutes(http, ${handler});
export default http;
`;

test.each([
  ["a second argument", "(ctx) => createAuth(ctx, { sends: true })"],
  ["a check of its own", "async (ctx) => (await isOpen(ctx)) && createAuth(ctx)"],
  ["a wrapper", "logged(createAuth)"],
])("routes with a function of the app stay, and are listed: %s", async (_name, handler) => {
  const { read, left } = await replaced({
    "convex/auth.ts": CREATE_AUTH,
    "convex/http.ts": http(handler),
  });
  const kept = handler.replace("createAuth(ctx)", "getAuth(ctx)");
  expect(read("convex/http.ts")).toContain(`authComponent.registerRoutes(http, ${kept});`);
  expect(left).toContainEqual(
    expect.stringMatching(/^convex\/http\.ts:8 authComponent\.registerRoutes registers a function/),
  );
});

test.each([
  ["in the routes", "convex/http.ts", http("(ctx) => createAuth(ctx, { sends: true })")],
  [
    "behind an alias",
    "convex/invite.ts",
    'import { createAuth } from "./auth";\n\nconst make = createAuth;\nexport const invite = (ctx) => make(ctx, { sends: true });\n',
  ],
  [
    "by a namespace",
    "convex/invite.ts",
    'import * as server from "./auth";\n\nexport const invite = (ctx) => server.createAuth(ctx, { sends: true });\n',
  ],
  [
    "in a list",
    "convex/invite.ts",
    'import { createAuth } from "./auth";\n\nexport const invite = (...given) => createAuth(...given);\n',
  ],
])("a parameter that a call gives is not fixed: %s", async (_name, path, text) => {
  const { read, left } = await replaced({ "convex/auth.ts": WITH_PARAMETER, [path]: text });
  expect(read("convex/auth.ts")).toBe(WITH_PARAMETER);
  expect(left).toContainEqual(expect.stringMatching(/^convex\/auth\.ts:\d betterAuth has options/));
});

test("a parameter that no call gives has its default, also where the routes name the function", async () => {
  const { read, left } = await replaced({
    "convex/auth.ts": WITH_PARAMETER,
    "convex/http.ts": http("createAuth"),
    "convex/me.ts": caller("createAuth", "./auth"),
  });
  expect(read("convex/auth.ts")).toContain("sendOnSignUp: false");
  expect(read("convex/http.ts")).toContain("registerRoutes(http, authRoutes)");
  expect(left.filter((line) => !line.startsWith("convex/http.ts"))).toEqual([]);
});

/** auth.ts with these options, and a parameter `quiet` that is false. */
const quietAuth = (options: string, body = "") => `${SERVER}
export const createAuth = (ctx: GenericCtx<DataModel>, { quiet } = { quiet: false }) => {
${body}  return betterAuth({
${options}
  });
};
`;

test("members that are called like a parameter keep their names", async () => {
  const { read, left } = await replaced({
    "convex/auth.ts": quietAuth(
      "    appName: String(new Mail().quiet(quiet)),\n    user: { quiet() { return 1; } },",
      "  class Mail { quiet(one: boolean) { return this.#quiet && one; } #quiet = true; }\n",
    ),
  });
  expect(left).toEqual([]);
  const text = read("convex/auth.ts");
  expect(text).toContain("String(new Mail().quiet(false))");
  expect(text).toMatch(/user: \{\s+quiet\(\) \{\s+return 1;/);
  expect(text).toMatch(/class Mail \{\s+quiet\(one: boolean\) \{\s+return this\.#quiet && one;/);
});

test.each([
  ["in a pattern", "  { const { quiet } = wishes; }\n"],
  ["in a pattern with a default", "  { const { quiet = 1 } = wishes; }\n"],
  ["in a renaming pattern", "  { const { loud: quiet } = wishes; }\n"],
  ["as a function", "  { function quiet() {} }\n"],
  ["as a method's parameter", "  class Mail { of(quiet: boolean) { return quiet; } }\n"],
  ["in a catch", "  try { start(); } catch (quiet) { stop(quiet); }\n"],
  ["by an assignment", "  if (process.env.QUIET) quiet = true;\n"],
  ["as a type", "  const other: typeof quiet = true;\n"],
])("a parameter whose name has another meaning is refused: %s", async (_name, body) => {
  const text = quietAuth("    appName: String(quiet),", body);
  const { read, left } = await replaced({ "convex/auth.ts": text });
  expect(read("convex/auth.ts")).toBe(text);
  expect(left).toContainEqual(
    expect.stringMatching(/^convex\/auth\.ts:\d+ betterAuth has options/),
  );
});

test.each([
  ["about something else", "    // Ask Ada before you change the name.\n", true],
  [
    "half about it",
    "    // Ask Ada before you change the name.\n    // quiet is for tests\n",
    true,
  ],
  ["about the parameter", "    // quiet is for tests\n", false],
  ["about the logger", "    // The logger is off in tests.\n", false],
])("a comment above a logger that goes: %s", async (_name, comment, stays) => {
  const { read, left } = await replaced({
    "convex/auth.ts": quietAuth(
      `    appName: "Notes",\n${comment}    logger: { disabled: quiet },\n    advanced: {},`,
    ),
  });
  expect(left).toEqual([]);
  const text = read("convex/auth.ts");
  expect(text).not.toContain("logger:");
  expect(text.includes(comment.trim().split("\n")[0] ?? "")).toBe(stays);
});

test.each([
  ["last, without a comma", '    appName: "Notes",\n    database: adapter(ctx)'],
  ["the only one", "    database: adapter(ctx)"],
  [
    "before a comment and its comma",
    '    appName: "Notes",\n    database: adapter(ctx) /* ours */,',
  ],
  [
    "on a line with others",
    '    appName: "Notes", // shown\n    database: adapter(ctx), advanced: {}',
  ],
])("a member that goes leaves the others as they are: %s", async (_name, options) => {
  const { read, left } = await replaced({ "convex/auth.ts": quietAuth(options) });
  expect(left).toEqual([]);
  const text = read("convex/auth.ts");
  expect(text).not.toContain("database:");
  expect(text).toContain('rateLimit: { enabled: true, storage: "database" }');
  for (const kept of ['appName: "Notes"', "advanced: {}", "// shown", "/* ours */"])
    expect(text.includes(kept), kept).toBe(options.includes(kept));
  // A comment did not swallow the code behind it.
  expect(text).not.toMatch(/\/\/.*advanced/);
});

const CLIENT = `import { createClient } from "@convex-dev/better-auth";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);
`;

const CONTEXTS = 'import type { ActionCtx, MutationCtx, QueryCtx } from "./_generated/server";\n';

/** A function that asks for the user with a context of this type. */
const reader = (types: string, type: string) => `import { authComponent } from "./auth";
${types}
export const me = (ctx: ${type}) => authComponent.safeGetAuthUser(ctx);
`;

describe("a context", () => {
  const auth = CREATE_AUTH.replace(SERVER, `${CLIENT}${SERVER}`);
  const made = async (text: string, types = "") =>
    (
      await replaced({
        "convex/auth.ts": auth,
        "convex/me.ts": text,
        "convex/types.ts": `${CONTEXTS}${types}`,
      })
    ).read("convex/me.ts");

  test.each([
    [
      "an alias of an alias",
      `${CONTEXTS}type Reads = QueryCtx;\ntype Any = Reads | MutationCtx;`,
      "Any",
    ],
    ["an interface", `${CONTEXTS}interface Mine extends QueryCtx { name: string }`, "Mine"],
    ["a type of another module", 'import type { Reads } from "./types";', "Reads"],
    ["a type by another name", 'import type { Both as Reads } from "./types";', "Reads"],
  ])("has the database: %s", async (_name, types, type) => {
    const exported =
      "export type Reads = QueryCtx | MutationCtx;\nexport { type Reads as Both };\n";
    expect(await made(reader(types, type), exported)).toContain("=> safeGetAuthUser(ctx);");
  });

  test.each([
    [
      "an alias of an alias",
      `${CONTEXTS}type Acts = ActionCtx;\ntype Any = QueryCtx | Acts;`,
      "Any",
    ],
    ["an imported alias", 'import type { Any } from "./types";', "Any"],
  ])("may be an action's: %s", async (_name, types, type) => {
    const exported = "type Acts = ActionCtx;\nexport type Any = MutationCtx | Acts;\n";
    expect(await made(reader(types, type), exported)).toContain("=> safeGetAuthUserAnywhere(ctx);");
  });

  test.each([
    ["a name that nothing declares", CONTEXTS, "QueryCtx | Unknown"],
    ["a type in a circle", `${CONTEXTS}type A = B | QueryCtx;\ntype B = A;`, "A"],
    ["a type of a package", 'import type { QueryCtx } from "some-package";', "QueryCtx"],
    ["a type that is computed", CONTEXTS, 'Pick<QueryCtx, "auth">'],
  ])("is not understood, and its call stays: %s", async (_name, types, type) => {
    const text = reader(types, type);
    expect(await made(text)).toBe(text);
  });

  test("of a function that an action may call can be an action's, whatever query it runs", async () => {
    const text = `import { authComponent } from "./auth";

export const me = async (ctx) => await ctx.runQuery(find, { user: await authComponent.safeGetAuthUser(ctx) });
`;
    expect(await made(text)).toContain("{ user: await safeGetAuthUserAnywhere(ctx) }");
  });

  test("of a query is one, whatever its handler says", async () => {
    const text = `import { query } from "./_generated/server";
import { authComponent } from "./auth";

export const me = query({ args: {}, handler: async (ctx: any) => await authComponent.safeGetAuthUser(ctx) });
`;
    expect(await made(text)).toContain("await safeGetAuthUser(ctx)");
  });
});

test("types of what goes are followed through imports of types alone", async () => {
  const { read, left } = await replaced({
    "convex/auth.ts": CREATE_AUTH.replace(SERVER, `${CLIENT}${SERVER}`),
    "convex/report.ts": `import type { authComponent, createAuth } from "./auth";

export type Api = ReturnType<typeof createAuth>["api"];
export type User = Awaited<ReturnType<typeof authComponent.getAuthUser>>;
`,
    "convex/both.ts": `import { query } from "./_generated/server";
import type { createAuth as Made } from "./auth";
import { createAuth } from "./auth";

export type Api = ReturnType<typeof Made>["api"];
export const me = query({ args: {}, handler: (ctx) => createAuth(ctx).api.getSession() });
`,
  });
  expect(left).toEqual([]);
  expect(read("convex/report.ts")).toBe(`import type { getAuthUser } from "./authUser";
import type { getAuth } from "./generated/auth";

export type Api = ReturnType<typeof getAuth>["api"];
export type User = Awaited<ReturnType<typeof getAuthUser>>;
`);
  const both = read("convex/both.ts");
  expect(both).toContain('import { getAuth } from "./generated/auth";');
  expect(both).toContain("(ctx) => getAuth(ctx).api");
});
