// Apps of Convex Auth that `add auth --replace` moves without a line by hand: look-ups in its table of users, and the
// middleware and the server calls of Next.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CONVEX_AUTH_SETUP } from "../apps/convex-auth.js";
import { cliApp, type CliApp, type Ran } from "../../support/cli.js";
import { COMPILED, expectTypes, withoutDeployment } from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const CONVEX: Record<string, string> = {
  ...CONVEX_AUTH_SETUP,
  "convex/auth.ts": `import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";

export const { auth, signIn, signOut, store } = convexAuth({ providers: [Password] });
`,
  "node_modules/@convex-dev/auth/package.json":
    '{ "name": "@convex-dev/auth", "version": "1.0.0", "type": "module", "exports": { "./server": "./server.js" } }\n',
  "node_modules/@convex-dev/auth/server.js": `import { defineTable } from "convex/server";
import { v } from "convex/values";
export const authTables = { users: defineTable({ email: v.optional(v.string()) }) };
`,
  "convex/schema.ts": `import { authTables } from "@convex-dev/auth/server";
import { defineSchema } from "convex/server";

export default defineSchema({ ...authTables });
`,
};

/** Runs the whole replacement. */
async function replaced(app: CliApp): Promise<Ran> {
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return ran;
}

const functions = (lines: readonly string[]) => `import { query } from "./_generated/server";

export const one = query({
  args: {},
  handler: async (ctx) => {
    ${lines.join("\n    ")}
  },
});
`;

test("look-ups in the table `users` by id are called without it, and others stay", async () => {
  const others = ['ctx.db.get("notes", id);', 'cache.get("users", id);', 'ctx.db.get("users");'];
  const app = cliApp("vite-convex", {
    files: {
      ...CONVEX,
      "convex/people.ts": functions([
        'await ctx.db.get("users", id);',
        'await ctx.db.patch("users", id, { name });',
        "await db.delete('users', id);",
        ...others,
      ]),
    },
  });
  const ran = await replaced(app);
  expect(app.read("convex/people.ts")).toBe(
    functions([
      "await ctx.db.get(id);",
      "await ctx.db.patch(id, { name });",
      "await db.delete(id);",
      ...others,
    ]),
  );
  expect(ran.stdout).toContain(
    'convex/people.ts:6       ctx.db.get("users", ...) of Convex Auth: is called without the table',
  );
});

test("auth.getUserId(ctx) becomes getAuthUserId(ctx)", async () => {
  const app = cliApp("vite-convex", {
    files: {
      ...CONVEX,
      "convex/notes.ts": `import { auth } from "./auth";
${functions(["const userId = await auth.getUserId(ctx);", "return userId === null ? [] : [userId];"])}`,
    },
  });
  await replaced(app);
  const notes = app.read("convex/notes.ts");
  expect(notes).toContain('import { getAuthUserId } from "kitcn/auth";');
  expect(notes).toContain("const userId = await getAuthUserId(ctx);");
  expect(notes).not.toContain('"./auth"');
});

test("fields of the app's own in the table `users` are listed, as options of auth.ts", async () => {
  const app = cliApp("vite-convex", {
    files: {
      ...CONVEX,
      "convex/schema.ts": `import { authTables } from "@convex-dev/auth/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  ...authTables,
  users: defineTable({
    email: v.optional(v.string()),
    isAnonymous: v.optional(v.boolean()),
    plan: v.optional(v.union(v.literal("free"), v.literal("paid"))),
    photo: v.optional(v.id("_storage")),
    visits: v.number(),
    tags: v.array(v.string()),
    size: v.int64(),
  }).index("email", ["email"]),
});
`,
    },
  });
  const { stdout } = await replaced(app);
  expect(stdout).toContain(
    "convex/schema.ts:7: your table `users` has fields that kitcn's table `user` lacks: plan, photo, visits, tags, size.",
  );
  expect(stdout).toContain(
    "Better Auth has no type for size: use a table of your own, with the user's id.",
  );
  expect(stdout).toContain(
    'photo is a string there. Where you use its id, write: user.photo && ctx.db.system.normalizeId("_storage", user.photo)',
  );
  const fields = /^ {2}user: \{\n {4}additionalFields[^]*?^ {2}\},$/m.exec(stdout)?.[0] ?? "";
  expect(fields).not.toMatch(/email|isAnonymous|size/);
  const auth = app.read("convex/auth.ts");
  app.write("convex/auth.ts", auth.replace("  emailAndPassword", `${fields}\n  emailAndPassword`));
  expect(await app.kitcn("add", "auth", "--schema", "--yes")).toMatchObject({
    code: 0,
    stderr: "",
  });
  const table = /userTable = defineTable\(\{[^]*?\}\)/.exec(app.read("convex/schema.ts"))?.[0];
  expect(table).toMatch(/plan: v\.optional\(v\.union\(v\.string\(\), v\.null\(\)\)\)/);
  expect(table).toMatch(/photo: .*v\.string\(\)[^]*visits: .*v\.number\(\)/);
  expect(table).toMatch(/tags: .*v\.array\(v\.string\(\)\)/);
});

test("a type names both tables of users, in brackets where it needs them", async () => {
  const types = (
    type: string,
    list = type,
  ) => `import type { Doc, Id } from "./_generated/dataModel";

export type Row = { author: ${type}; readers: ${list}[]; byName: Record<string, ${type}> };
export const nameOf = (user: ${type} | null, id?: Id<"notes">) => [user, id];
export type Named = ${list} & { label: string };
export type Key = (${type})["_id"];
`;
  const app = cliApp("vite-convex", {
    files: { ...CONVEX, "convex/rows.ts": types('Doc<"users">') },
  });
  await replaced(app);
  const both = 'Doc<"users"> | Doc<"user">';
  expect(app.read("convex/rows.ts")).toBe(types(both, `(${both})`));
});

test("calls of what auth.ts exported are listed last, each with its replacement", async () => {
  const app = cliApp("vite-convex", {
    files: {
      ...CONVEX,
      "convex/desk.ts": `import { api } from "./_generated/api";
import { action } from "./_generated/server";

export const enter = action({
  args: {},
  handler: async (ctx) => {
    await ctx.runAction(api.auth.signIn, { provider: "password" });
    await ctx.runAction(api.auth.signOut, {});
    return ctx.runQuery(api.auth.isAuthenticated, {});
  },
});
`,
      "convex/auth.ts": `${CONVEX["convex/auth.ts"]}`.replace(
        "store }",
        "store, isAuthenticated }",
      ),
    },
  });
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("You have to change 3 places yourself first.");
  const end = ran.stderr.slice(ran.stderr.indexOf("Change these yourself first:"));
  expect(end.trimEnd().split("\n")).toEqual([
    "Change these yourself first:",
    expect.stringMatching(
      /convex\/desk\.ts:7 {2}signIn of Convex Auth: is removed; use instead: .*authClient\.signIn\.email/,
    ),
    expect.stringMatching(
      /convex\/desk\.ts:8 {2}signOut of Convex Auth: .*authClient\.signOut\(\)/,
    ),
    expect.stringMatching(
      /convex\/desk\.ts:9 {2}isAuthenticated of Convex Auth: .*useConvexAuth\(\)/,
    ),
    "",
    "Then run the command again. Nothing was written.",
    "",
    expect.stringMatching(/^SIGN_IN_TAKEN is explained in .*errors\.md#sign_in_taken$/),
  ]);
  expect(app.snapshot()).toEqual(before);
});

test("a look-up whose id nothing checks is left to its author", async () => {
  const app = cliApp("vite-convex", {
    files: {
      ...CONVEX,
      "convex/people.ts": functions(['await ctx.db.delete("users", id as Id<"users">);']),
    },
  });
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain(
    'convex/people.ts:6  ctx.db.delete("users", ...) of Convex Auth: stays: its id is cast',
  );
  expect(app.snapshot()).toEqual(before);
});

test("the middleware and the server calls of an app on Next become kitcn's", async () => {
  const app = cliApp("next-convex", {
    ...COMPILED,
    files: {
      ...CONVEX,
      "proxy.ts": `import {
  convexAuthNextjsMiddleware,
  createRouteMatcher,
  nextjsMiddlewareRedirect,
} from "@convex-dev/auth/nextjs/server";

const isOpen = createRouteMatcher(["/sign-in", "/about(.*)"]);

export default convexAuthNextjsMiddleware(async (request, { convexAuth }) => {
  const isSignedIn = await convexAuth.isAuthenticated();
  if (!isOpen(request) && !isSignedIn) {
    return nextjsMiddlewareRedirect(request, "/sign-in");
  }
});

export const config = { matcher: ["/((?!.*\\..*|_next).*)", "/"] };
`,
      "src/app/team/page.tsx": `import { convexAuthNextjsToken, isAuthenticatedNextjs } from "@convex-dev/auth/nextjs/server";

export default async function Page() {
  const token = await convexAuthNextjsToken();
  return (await isAuthenticatedNextjs()) ? <p>{token?.length}</p> : null;
}
`,
    },
  });
  await replaced(app);
  expect(app.read("proxy.ts")).toContain(
    `const isOpen = (request: NextRequest) => isOneOf(request, [/^\\/sign-in[/#?]?$/i, /^\\/about(?:.*)[/#?]?$/i]);

export default async function proxy(request: NextRequest) {
  // What signs users in is open to everybody.
  if (pathOf(request).startsWith("/api/auth/")) return undefined;

  const isSignedIn = await isAuthenticated();
  if (!isOpen(request) && !isSignedIn) {
    return redirectTo(request, "/sign-in");
  }
}
`,
  );
  expect(app.read("src/app/team/page.tsx")).toContain("const token = await getToken();");
  expect(app.read("src/app/team/page.tsx")).toContain("return (await isAuthenticated()) ?");
  expectTypes([app.path("src/app/team/page.tsx")]);
});

test.each([
  ["asks for more of Convex Auth", "async (_request, ctx) => void ctx.event"],
  ["says how long users stay signed in", "async () => {}, { cookieConfig: { maxAge: 60 } }"],
])("a middleware that %s is left to its author", async (_name, given) => {
  const app = cliApp("next-convex", {
    ...COMPILED,
    files: {
      ...CONVEX,
      "proxy.ts": `import { convexAuthNextjsMiddleware } from "@convex-dev/auth/nextjs/server";\n\nexport default convexAuthNextjsMiddleware(${given});\n`,
    },
  });
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain("proxy.ts:3  convexAuthNextjsMiddleware of Convex Auth: has a form");
  expect(app.snapshot()).toEqual(before);
});

test("a middleware that closes no page goes", async () => {
  const app = cliApp("next-convex", {
    ...COMPILED,
    files: {
      ...CONVEX,
      "proxy.ts": `import { convexAuthNextjsMiddleware } from "@convex-dev/auth/nextjs/server";\n\nexport default convexAuthNextjsMiddleware();\n`,
    },
  });
  const ran = await replaced(app);
  expect(ran.stdout).toContain("Without a function of yours, it is deleted.");
  expect(app.has("proxy.ts")).toBe(false);
});
