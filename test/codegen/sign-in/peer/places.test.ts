// Parts of `@convex-dev/better-auth` in other places than the documented ones: each is known for what it is.
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
  const { moved, left, found, notes } = await surveyApp(ws, {
    hasPage: true,
    replaces: true,
    hasTables: true,
  });
  return {
    read: (name: string) => moved.read(app.path(name)) ?? "",
    notes,
    found: found.map(({ file, name, becomes }) => `${file} ${name} ${becomes}`).join("\n"),
    left: left.map(({ file, name, becomes }) => `${file} ${name} ${becomes}`),
  };
}

const CLIENT = `import { createClient } from "@convex-dev/better-auth";
import { components, internal } from "./_generated/api";

export const authComponent = createClient(components.betterAuth, {
  authFunctions: internal.client,
  triggers: { user: { onCreate: async (ctx, user) => { console.log(user.email); } } },
});
`;

const AUTH = `import { betterAuth } from "better-auth/minimal";
import { authComponent } from "./client";

export const createAuth = (ctx) => betterAuth({ database: authComponent.adapter(ctx) });
`;

const API = `
export const { onCreate, onUpdate, onDelete } = authComponent.triggersApi();
`;

const USER = `import { authComponent } from "./client";
import { query } from "./_generated/server";

export const me = query(async (ctx) => await authComponent.getAuthUser(ctx));
`;

test.each([
  ["beside", "./client"],
  ["by an alias", "@/convex/client"],
])(
  "a client with triggers in a module of its own moves with them, imported %s",
  async (_how, from) => {
    app.write("tsconfig.json", '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }');
    const files = {
      "convex/client.ts": CLIENT + API,
      "convex/auth.ts": AUTH,
      "convex/me.ts": USER.replace("./client", from),
    };
    const { left, read, found } = await survey(files);
    expect(left).toEqual([]);
    expect(read("convex/auth.ts")).toMatch(/create: \{\s+after: async \(user, ctx\)/);
    expect(read("convex/auth.ts")).not.toMatch(/authComponent|components|internal/);
    expect(read("convex/client.ts")).toBe("");
    expect(read("convex/me.ts")).toContain("await getAuthUser(ctx)");
    expect(found).toContain("convex/client.ts createClient becomes defineAuth()");
  },
);

test.each([
  [
    "a function that browsers call by its module",
    { "convex/client.ts": `${CLIENT}export const { getAuthUser } = authComponent.clientApi();\n` },
  ],
  [
    "a name that auth.ts has, too",
    { "convex/client.ts": `${CLIENT}export const createAuth = 1;\n` },
  ],
  [
    "a builder of functions",
    {
      "convex/client.ts": `import { query } from "./_generated/server";\n${CLIENT}export const one = query(() => 1);\n`,
    },
  ],
])("one with %s is listed with where its triggers go", async (_what, files) => {
  const { left, read } = await survey({ "convex/auth.ts": AUTH, ...files });
  expect(left).toContainEqual(
    expect.stringMatching(/^convex\/client\.ts createClient .*Move this call with its triggers/),
  );
  expect(read("convex/client.ts")).toContain("createClient");
});

test.each([
  ["the only entry for Convex is the peer's", "", true],
  ["another one beside the peer's stays", "getAuthConfigProvider(), ", false],
])("%s", async (_what, beside, goes) => {
  const { read } = await survey({
    "convex/auth.config.ts": `import { getAuthConfigProvider } from "@convex-dev/better-auth/auth-config";
export default { providers: [${beside}{ domain: process.env.ISSUER!, applicationID: "convex" }] };
`,
    "convex/auth.ts": `${CLIENT.replace(/, \{[\s\S]*\}\);/, ");").replace(", internal", "")}
${AUTH.replace(/import .*client";\n/, "").replace(/import.*\n/, "")}`.replace(
      "import { components",
      'import { betterAuth } from "better-auth/minimal";\nimport { components',
    ),
  });
  const config = read("convex/auth.config.ts");
  expect(config).toContain('from "kitcn/auth/config"');
  expect(config.includes("process.env.ISSUER")).toBe(!goes);
});

const ALONE = `import { createClient } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);
export const createAuth = (ctx) => betterAuth({ database: authComponent.adapter(ctx) });
`;

test("instances that only a command line reads go", async () => {
  const { read, left } = await survey({
    "convex/auth.ts": `import { createClient, getStaticAuth } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);
export const createAuth = (ctx) => betterAuth({ database: authComponent.adapter(ctx) });
export const auth = getStaticAuth(createAuth);
export const again = createAuth({} as any);
`,
  });
  expect(left).toEqual([]);
  expect(read("convex/auth.ts")).not.toMatch(/createAuth|getStaticAuth|again/);
});

test("a cast of the client to the library's type goes with the library, and another use is listed", async () => {
  const main = `import type { AuthClient } from "@convex-dev/better-auth/react";
import { ConvexBetterAuthProvider } from "@convex-dev/better-auth/react";
import { ConvexReactClient } from "convex/react";
import { createRoot } from "react-dom/client";
import { authClient } from "./lib/auth-client";

const convex = new ConvexReactClient("");
createRoot(document.body).render(
  <ConvexBetterAuthProvider client={convex} authClient={authClient as unknown as AuthClient}>
    <p />
  </ConvexBetterAuthProvider>,
);
`;
  const client = `import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({ plugins: [convexClient()] });
`;
  const shared = { "src/lib/auth-client.ts": client, "convex/auth.ts": ALONE };
  const { read, left } = await survey({ ...shared, "src/main.tsx": main });
  expect(left).toEqual([]);
  expect(read("src/main.tsx")).toContain("authClient={authClient}>");
  expect(read("src/main.tsx")).not.toContain("AuthClient }");
  const other = `${main}export const use = (given: AuthClient) => given;\n`;
  const listed = (await survey({ ...shared, "src/main.tsx": other })).left;
  expect(listed).toEqual([expect.stringMatching(/main\.tsx AuthClient .*`typeof authClient`/)]);
});

test.each([
  ["beside auth.ts with the options", "convex/auth.ts", "convex/betterAuth/auth.ts"],
  ["with the options", "convex/betterAuth/auth.ts", undefined],
])("the folder of a component that nothing mounts goes, %s", async (_what, options, instance) => {
  const up = options === "convex/auth.ts" ? "./" : "../";
  const made = ALONE.replace("./_generated", `${up}_generated`)
    .replace("(components.betterAuth)", "(components.betterAuth, { local: { schema } })")
    .replace(
      "import { components",
      `import schema from "${up === "./" ? "./betterAuth" : "."}/schema";\nimport { components`,
    );
  const { read, left, found } = await survey({
    "convex/betterAuth/convex.config.ts": `import { defineComponent } from "convex/server";

export default defineComponent("betterAuth");
`,
    "convex/betterAuth/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({ user: defineTable({ name: v.string() }) });
`,
    "convex/betterAuth/adapter.ts": `import { createApi } from "@convex-dev/better-auth";
import { createAuth } from "${up === "./" ? "../auth" : "./auth"}";
import schema from "./schema";

export const { create, findOne } = createApi(schema, createAuth);
`,
    [options]: made,
    ...(instance && {
      [instance]: `import { getStaticAuth } from "@convex-dev/better-auth";
import { createAuth } from "../auth";

export const auth = getStaticAuth(createAuth);
`,
    }),
  });
  expect(left).toEqual([]);
  expect(found).toContain("convex/betterAuth/adapter.ts createApi is removed: kitcn reads");
  for (const name of ["adapter", "auth", "convex.config", "schema"])
    expect(read(`convex/betterAuth/${name}.ts`), name).toBe("");
  expect(read("convex/auth.ts")).toContain("defineAuth(");
});

test("plugins that have packages of their own since are listed, with what to do", async () => {
  const { left } = await survey({
    "convex/auth.ts": ALONE.replace(
      "import { components",
      `import { apiKey, username } from "better-auth/plugins";
import { passkey } from "better-auth/plugins/passkey";
import { components`,
    ).replace("adapter(ctx) }", "adapter(ctx), plugins: [apiKey(), passkey(), username()] }"),
  });
  expect(left).toEqual([
    expect.stringMatching(/^convex\/auth\.ts apiKey is not in better-auth.*add plugin api-key`/),
    expect.stringMatching(/^convex\/auth\.ts passkey is not in better-auth.*add plugin passkey`/),
  ]);
});

test.each([
  ["at once", "return await auth.api.getSession({ headers });", true],
  ["in an object", "return { session: await auth.api.getSession({ headers }) };", true],
  [
    "by a name",
    "const session = await auth.api.getSession({ headers });\n    return session;",
    true,
  ],
  [
    "a part of it",
    "const s = await auth.api.getSession({ headers });\n    return s?.user ?? null;",
    true,
  ],
  [
    "a field",
    "const s = await auth.api.getSession({ headers });\n    return s?.user.id ?? null;",
    false,
  ],
  ["a truth", "const s = await auth.api.getSession({ headers });\n    return s ? 1 : !s;", false],
  ["nothing", "await auth.api.signOut({ headers });\n    return null;", false],
])("a function that returns dates of Better Auth is named: %s", async (_what, lines, isNamed) => {
  const { notes, left } = await survey({
    "convex/auth.ts": ALONE,
    "convex/me.ts": `import { authComponent, createAuth } from "./auth";
import { query } from "./_generated/server";

export const me = query({
  args: {},
  handler: async (ctx) => {
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx);
    ${lines}
  },
});
`,
  });
  expect(left).toEqual([]);
  const named = notes.filter((one) => one.includes("Date objects"));
  expect(named).toEqual(
    isNamed ? [expect.stringMatching(/^convex\/me\.ts:\d+: .*getSession/)] : [],
  );
});

test("in a repository of several packages, functions of the backend follow what moves, too", async () => {
  const repo = cliApp("repo", {
    files: {
      "packages/backend/package.json":
        '{ "name": "@acme/backend", "dependencies": { "convex": "*", "@convex-dev/better-auth": "*" } }',
      "packages/backend/convex/schema.ts": "",
      "packages/backend/convex/client.ts": CLIENT,
      "packages/backend/convex/auth.ts": AUTH,
      "packages/backend/convex/me.ts": USER,
      "apps/web/package.json":
        '{ "name": "web", "dependencies": { "@acme/backend": "workspace:*", "vite": "*", "react": "*" } }',
      "apps/web/index.html": '<script type="module" src="/src/main.tsx"></script>',
      "apps/web/vite.config.ts": "export default {};\n",
      "apps/web/src/main.tsx": "export {};\n",
    },
  });
  const ws = openWorkspace(await loadApp(repo.path("packages/backend")));
  expect(ws.project.fronts).toHaveLength(1);
  const options = { hasPage: true, replaces: true, hasTables: true };
  const { moved, left } = await surveyApp(ws, options);
  expect(left).toEqual([]);
  expect(moved.has(repo.path("packages/backend/convex/client.ts"))).toBe(false);
  const me = moved.read(repo.path("packages/backend/convex/me.ts"));
  expect(me).toContain("await getAuthUser(ctx)");
});
