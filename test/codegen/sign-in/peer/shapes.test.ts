// Shapes of public apps with `@convex-dev/better-auth`: what is moved, what is listed, and what the report says of it.
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadApp, reloadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import type { Project } from "../../../../codegen/types.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("vite-convex");

async function survey(files: Readonly<Record<string, string>>, project?: Project) {
  const ws = openWorkspace(project ?? (await loadApp(app.root)));
  for (const [name, text] of Object.entries(files)) ws.stage(app.path(name), text);
  const { moved, left, found, notes } = await surveyApp(ws, {
    hasPage: true,
    replaces: true,
    hasTables: true,
  });
  const print = (all: typeof left) =>
    all.map(({ file, name, becomes }) => `${file} ${name} ${becomes}`);
  return {
    read: (name: string) => moved.read(app.path(name)) ?? "",
    left: print(left),
    found: print(found),
    notes,
  };
}

/** As package.json names the library. */
function withPeer(range: string | undefined): void {
  const text = JSON.parse(app.read("package.json")) as {
    dependencies: Record<string, string | undefined>;
  };
  text.dependencies["@convex-dev/better-auth"] = range;
  writeFileSync(app.path("package.json"), JSON.stringify(text));
}

const authWith = (
  client: string,
  options: string,
) => `import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { components, internal } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import { query, type MutationCtx } from "./_generated/server";
import { sendReset } from "./email";

export const authComponent = createClient<DataModel>(components.betterAuth, { ${client} });

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({ database: authComponent.adapter(ctx), ${options} } as const);
`;

const EMAIL = "export async function sendReset(...given: unknown[]) { console.log(given); }\n";

test.each([
  ["^0.8.6", "newDoc: second, oldDoc: first"],
  ["~0.9.7", "newDoc: first, oldDoc: second"],
  ["0.12.5", "newDoc: first, oldDoc: second"],
])("onUpdate of %s: %s", async (range, want) => {
  withPeer(range);
  const client =
    "triggers: { user: { onUpdate: async (ctx, first, second) => { console.log(first, second); } } }";
  const { read, left } = await survey({
    "convex/auth.ts": authWith(client, ""),
    "convex/email.ts": EMAIL,
  });
  expect(left).toEqual([]);
  expect(read("convex/auth.ts")).toContain(want);
});

test("onUpdate of 0.8 is the same once the run has uninstalled the package", async () => {
  withPeer("^0.8.6");
  const former = await loadApp(app.root);
  withPeer(undefined);
  const client =
    "triggers: { user: { onUpdate: async (ctx, first, second) => { console.log(first, second); } } }";
  const files = { "convex/auth.ts": authWith(client, ""), "convex/email.ts": EMAIL };
  const { read, notes } = await survey(files, await reloadApp(app.root, former));
  expect(read("convex/auth.ts")).toContain("newDoc: second, oldDoc: first");
  expect(notes.join("\n")).not.toContain("kitcn took `onUpdate`");
});

test("onUpdate in an app that does not say its release is named", async () => {
  withPeer(undefined);
  const { notes } = await survey({
    "convex/auth.ts": authWith("triggers: { user: { onUpdate: (ctx, now, old) => {} } }", ""),
    "convex/email.ts": EMAIL,
  });
  expect(notes).toContainEqual(
    expect.stringMatching(/^convex\/auth\.ts:\d+: kitcn took `onUpdate`/),
  );
});

test("an instance that a hook of the options asks for is that of generated/auth", async () => {
  const { read, left } = await survey({
    "convex/auth.ts": authWith(
      "",
      `hooks: { after: async () => {
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx);
    await auth.api.signOut({ headers });
  } }`,
    ),
    "convex/email.ts": EMAIL,
  });
  expect(left).toEqual([]);
  expect(read("convex/auth.ts")).toMatch(
    /const \{ auth, headers \} = \{\s*auth: getAuth\(ctx\),\s*headers: await getHeaders\(ctx\),?\s*\}/,
  );
});

test.each([
  ["{ auth }", "const { auth } = { auth: getAuth(ctx) };"],
  ["{ headers: of }", "const { headers: of } = { headers: await getHeaders(ctx) };"],
  [
    "{ auth, ...rest }",
    "const { auth, ...rest } = { auth: getAuth(ctx), headers: await getHeaders(ctx) };",
  ],
])("of an instance and its headers, %s gets what it takes", async (pattern, want) => {
  const { read, left } = await survey({
    "convex/auth.ts": authWith("", ""),
    "convex/email.ts": EMAIL,
    "convex/one.ts": `import { mutation } from "./_generated/server";
import { authComponent, createAuth } from "./auth";

export const one = mutation(async (ctx) => {
  const ${pattern} = await authComponent.getAuth(createAuth, ctx);
});
`,
  });
  expect(left).toEqual([]);
  expect(read("convex/one.ts")).toContain(want);
});

test("a context that is a query's and more has the database", async () => {
  const { read, left } = await survey({
    "convex/auth.ts": authWith("", ""),
    "convex/email.ts": EMAIL,
    "convex/user.ts": `import type { MutationCtx, QueryCtx } from "./_generated/server";
import { authComponent } from "./auth";

type Ctx = (QueryCtx & { traced: boolean }) | MutationCtx;

export const user = (ctx: Ctx) => authComponent.getAuthUser(ctx);
`,
  });
  expect(left).toEqual([]);
  expect(read("convex/user.ts")).toContain("=> getAuthUser(ctx)");
});

test.each([
  ["convex()", "convex({ authConfig, jwks: process.env.JWKS })"],
  ["convex({})", "convex({ authConfig, jwks: process.env.JWKS })"],
  [
    "convex({ jwt: { expirationSeconds: 60 } })",
    "convex({ authConfig, jwt: { expirationSeconds: 60 }, jwks: process.env.JWKS })",
  ],
])("%s of releases before 0.10 gets the configuration", async (call, want) => {
  const { read, left } = await survey({
    "convex/auth.ts": `import { convex } from "@convex-dev/better-auth/plugins";
${authWith("", `plugins: [${call}]`)}`,
    "convex/email.ts": EMAIL,
  });
  expect(left).toEqual([]);
  expect(read("convex/auth.ts").replaceAll(/\s+/g, " ").replaceAll(", }", " }")).toContain(want);
  expect(read("convex/auth.ts")).toContain('import authConfig from "./auth.config";');
});

test("a cast inside of the options keeps the import of its type", async () => {
  const options =
    "emailAndPassword: { enabled: true, sendResetPassword: async ({ url }) => { await sendReset(ctx as MutationCtx, url); } }";
  const { read } = await survey({
    "convex/auth.ts": authWith("", options),
    "convex/email.ts": EMAIL,
  });
  expect(read("convex/auth.ts")).toMatch(
    /import \{[^}]*type MutationCtx[^}]*\} from "\.\/_generated\/server"/,
  );
});

const LOCAL: Readonly<Record<string, string>> = {
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
import betterAuth from "./betterAuth/convex.config";

const app = defineApp();
app.use(betterAuth);

export default app;
`,
  "convex/betterAuth/convex.config.ts": `import { defineComponent } from "convex/server";

export default defineComponent("betterAuth");
`,
  "convex/betterAuth/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({ user: defineTable({ name: v.string(), email: v.string() }) });
`,
  "convex/betterAuth/adapter.ts": `import { createApi } from "@convex-dev/better-auth";
import { createAuth } from "../auth";
import schema from "./schema";

export const { create, findOne } = createApi(schema, createAuth);
`,
  "convex/auth.ts": authWith("local: { schema: {} }", ""),
  "convex/email.ts": EMAIL,
};

test("an instance for the CLI goes, also among functions of a local component", async () => {
  const { read, left, found } = await survey({
    ...LOCAL,
    "convex/betterAuth/auth.ts": `import { v } from "convex/values";
import { createAuth } from "../auth";
import { query } from "./_generated/server";

// For the CLI.
export const auth = createAuth({} as any);

export const getUser = query({
  args: { id: v.id("user") },
  handler: async (ctx, { id }) => ctx.db.get(id),
});
`,
  });
  expect(left).toEqual([]);
  expect(read("convex/betterAuth/auth.ts")).toBe(`import { v } from "convex/values";
import { internalQuery } from "../_generated/server";

export const getUser = internalQuery({
  args: { id: v.id("user") },
  handler: async (ctx, { id }) => ctx.db.get(id),
});
`);
  expect(found.filter((one) => one.startsWith("convex/betterAuth/auth.ts"))).toEqual([
    "convex/betterAuth/auth.ts createAuth is removed: kitcn plans the tables from convex/auth.ts.",
    expect.stringMatching(/getUser stays, as an internal function/),
  ]);
});

test("a client that imports a local component's auth, and uses its type alone, imports that of generated/auth", async () => {
  const { read, left } = await survey({
    ...LOCAL,
    "convex/betterAuth/auth.ts": `import { createAuth } from "../auth";

export const auth = createAuth({} as any);
`,
    "src/lib/auth-client.ts": `import { createAuthClient } from "better-auth/react";
import { inferAdditionalFields } from "better-auth/client/plugins";
import { auth } from "../../convex/betterAuth/auth";

export const authClient = createAuthClient({ plugins: [inferAdditionalFields<typeof auth>()] });
`,
  });
  expect(left).toEqual([]);
  expect(read("src/lib/auth-client.ts")).toContain(
    'import type { auth } from "../../convex/generated/auth";',
  );
});

test("the report says of code that moves to auth.ts what becomes of it there", async () => {
  const { convex, ...rest } = { convex: LOCAL["convex/auth.ts"] ?? "", ...LOCAL };
  const { read, left, found } = await survey({
    ...rest,
    "convex/betterAuth/auth.ts": convex
      .replaceAll('"./', '"../')
      .replace(/import .*email";\n/, "")
      .replace("query, type MutationCtx", "type MutationCtx"),
    "convex/betterAuth/adapter.ts": (LOCAL["convex/betterAuth/adapter.ts"] ?? "").replace(
      "../auth",
      "./auth",
    ),
    "convex/auth.ts": `import { mutation } from "./_generated/server";
import { authComponent, createAuth } from "./betterAuth/auth";

export const signOut = mutation({
  args: {},
  handler: async (ctx) => {
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx);
    await auth.api.signOut({ headers });
    return await authComponent.safeGetAuthUser(ctx);
  },
});
`,
  });
  expect(left).toEqual([]);
  expect(read("convex/auth.ts")).toContain("return await safeGetAuthUser(ctx)");
  expect(found.filter((one) => one.startsWith("convex/auth.ts"))).toEqual([
    "convex/auth.ts getAuth becomes { auth: getAuth(ctx), headers: await getHeaders(ctx) }.",
    "convex/auth.ts safeGetAuthUser becomes safeGetAuthUser(ctx) of authUser.ts.",
  ]);
});

test("origins of CORS that a module of the app names keep their import", async () => {
  const { read, left } = await survey({
    "convex/auth.ts": authWith("", "trustedOrigins: ORIGINS"),
    "convex/email.ts": EMAIL,
    "convex/origins.ts": "export const ORIGINS = [process.env.SITE_URL!];\n",
    "convex/http.ts": `import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth";
import { ORIGINS } from "./origins";

const http = httpRouter();
authComponent.registerRoutes(http, createAuth, {
  cors: { allowedOrigins: ORIGINS, allowedHeaders: ["Authorization"] },
});

export default http;
`,
  });
  expect(left).toEqual([]);
  expect(read("convex/http.ts")).toContain('import { ORIGINS } from "./origins";');
  expect(read("convex/http.ts")).toContain("{ cors: { allowedOrigins: ORIGINS } }");
});

test("a cast to what the provider takes is one to what kitcn's takes", async () => {
  const { read, left } = await survey({
    "convex/auth.ts": authWith("", ""),
    "convex/email.ts": EMAIL,
    "src/main.tsx": `import { ConvexBetterAuthProvider } from "@convex-dev/better-auth/react";
import { ConvexReactClient } from "convex/react";
import { createRoot } from "react-dom/client";
import App from "./App";
import { authClient } from "./lib/auth-client";

const client = authClient as unknown as Parameters<typeof ConvexBetterAuthProvider>[0]["authClient"];
const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);

createRoot(document.body).render(
  <ConvexBetterAuthProvider client={convex} authClient={client}>
    <App />
  </ConvexBetterAuthProvider>,
);
`,
    "src/lib/auth-client.ts": `import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({ plugins: [convexClient()] });
`,
  });
  expect(left).toEqual([]);
  expect(read("src/main.tsx")).toContain("Parameters<typeof ConvexAuthProvider>[0]");
});

test("the provider of a front end that kitcn does not wire is replaced where it names its auth client", async () => {
  const plain = cliApp("plain");
  const ws = openWorkspace(await loadApp(plain.root));
  const files = {
    "convex/auth.ts": authWith("", ""),
    "convex/email.ts": EMAIL,
    "app/provider.tsx": `import { ConvexBetterAuthProvider } from "@convex-dev/better-auth/react";
import { client } from "./client";
import { authClient } from "./auth-client";

export const Provider = ({ children }) => (
  <ConvexBetterAuthProvider client={client} authClient={authClient}>
    {children}
  </ConvexBetterAuthProvider>
);
`,
  };
  for (const [name, text] of Object.entries(files)) ws.stage(plain.path(name), text);
  const options = { hasPage: true, replaces: true, hasTables: true };
  const { moved, left } = await surveyApp(ws, options);
  expect(left).toEqual([]);
  expect(moved.read(plain.path("app/provider.tsx"))).toContain(
    "<ConvexAuthProvider client={client} authClient={authClient}>",
  );
});
