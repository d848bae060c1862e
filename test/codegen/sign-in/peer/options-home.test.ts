// Apps of `@convex-dev/better-auth` that make the client and the instance in another module than auth.ts: edited in place,
// and auth.ts passes the definition on.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

async function survey(files: Readonly<Record<string, string>>) {
  const ws = openWorkspace(project);
  for (const [name, text] of Object.entries(files)) ws.stage(app.path(name), text);
  const { moved, left } = await surveyApp(ws, {
    hasPage: true,
    replaces: true,
    hasTables: true,
  });
  return {
    read: (name: string) => moved.read(app.path(name)),
    left: left.map(({ file, name }) => `${file} ${name}`),
  };
}

/** The module with the options, as it is at a place below `to` the functions directory. */
const made = (
  to: string,
) => `import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth";
import { components, internal } from "${to}_generated/api";
import type { DataModel } from "${to}_generated/dataModel";
import { query } from "${to}_generated/server";
import authConfig from "${to}auth.config";

export const authComponent = createClient<DataModel>(components.betterAuth, {
  authFunctions: internal.identity,
  triggers: { user: { onCreate: async (ctx, user) => console.log(user.email) } },
});

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({
    database: authComponent.adapter(ctx),
    emailAndPassword: { enabled: true },
    plugins: [convex({ authConfig })],
  });

export const { onCreate } = authComponent.triggersApi();

export const me = query({ args: {}, handler: async (ctx) => authComponent.getAuthUser(ctx) });
`;

const http = (from: string) => `import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "${from}";

const http = httpRouter();
authComponent.registerRoutes(http, createAuth);

export default http;
`;

const moved = (to: string) => `import authConfig from "${to}auth.config";
import { query } from "${to}_generated/server";
import { defineAuth } from "${to}generated/auth";
import { convex } from "kitcn/auth";
import { getAuthUser } from "${to}authUser";

export default defineAuth(() => ({
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })],
  rateLimit: { enabled: true, storage: "database" },
  triggers: { user: { create: { after: async (user, ctx) => console.log(user.email) } } },
}));

export const me = query({ args: {}, handler: async (ctx) => getAuthUser(ctx) });
`;

/** What counts, however it is laid out. */
const plain = (text: string | undefined) =>
  (text ?? "")
    .split("\n")
    .filter((line) => line.startsWith("import"))
    .toSorted()
    .join("\n") +
  (text ?? "")
    .replaceAll(/^import.*\n/gm, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(", }", " }")
    .replaceAll(", ]", " ]");

test.each([
  ["a module beside auth.ts", "convex/identity.ts", "./identity", "./"],
  ["a folder of that name", "convex/auth/options.ts", "./auth/options", "../"],
  ["a module outside of the functions directory", "auth/server.ts", "../auth/server", "../convex/"],
])("options in %s stay there", async (_, file, from, to) => {
  const { read, left } = await survey({ [file]: made(to), "convex/http.ts": http(from) });
  expect(left).toEqual([]);
  expect(plain(read(file))).toBe(plain(moved(to)));
  expect(read("convex/auth.ts")).toBe(`export { default } from "${from}";\n`);
  expect(read("convex/http.ts")).toContain("registerRoutes(http, authRoutes)");
});

test("an auth.ts with functions of its own passes the definition on", async () => {
  const own = `import { query } from './_generated/server'
import { authComponent } from './identity'

export const name = query(async (ctx) => (await authComponent.safeGetAuthUser(ctx))?.name)
`;
  const { read, left } = await survey({
    "convex/identity.ts": made("./"),
    "convex/http.ts": http("./identity"),
    "convex/auth.ts": own,
  });
  expect(left).toEqual([]);
  expect(read("convex/auth.ts")).toBe(`import { query } from './_generated/server'
import { safeGetAuthUser } from './authUser'

export const name = query(async (ctx) => (await safeGetAuthUser(ctx))?.name)

export { default } from './identity'
`);
});

test("a client of a module of its own comes to the options", async () => {
  const [head = "", tail = ""] = made("./").split("export const createAuth");
  const client = `${head.replace(/import \{ (convex|betterAuth|query) \}.*\n/g, "").replace(/import authConfig.*\n/, "")}`;
  const { read, left } = await survey({
    "convex/client.ts": client.replace(", type GenericCtx", ""),
    "convex/identity.ts": `import type { GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth";
import type { DataModel } from "./_generated/dataModel";
import authConfig from "./auth.config";
import { authComponent } from "./client";

export const createAuth${tail.split("\n\nexport const { onCreate }")[0] ?? ""}
`,
    "convex/http.ts": http("./identity").replace(
      'import { authComponent, createAuth } from "./identity";',
      'import { authComponent } from "./client";\nimport { createAuth } from "./identity";',
    ),
  });
  expect(left).toEqual([]);
  expect(read("convex/client.ts")).toBeUndefined();
  expect(read("convex/identity.ts")).toContain("export default defineAuth(");
  expect(read("convex/identity.ts")).toContain("triggers: {");
});

test.each([
  ["two modules that make an instance", { "convex/other.ts": made("./") }],
  ["a module that runs on Node", { "convex/identity.ts": `"use node";\n${made("./")}` }],
])("kitcn does not choose: %s", async (_, files) => {
  const { left, read } = await survey({
    "convex/identity.ts": made("./"),
    "convex/http.ts": http("./identity"),
    ...files,
  });
  expect(left).toContain("convex/http.ts authComponent.registerRoutes");
  expect(read("convex/auth.ts")).toBeUndefined();
});
