// `@convex-dev/better-auth/react-start` as its releases before 0.10 were set up by their documents, in apps on TanStack Start.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const AUTH = `import { createClient } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);
export const createAuth = (ctx: any) => betterAuth({ database: authComponent.adapter(ctx) });
`;

const ROOT = (
  load: string,
  lines: string,
) => `import { ConvexBetterAuthProvider } from "@convex-dev/better-auth/react";
import { fetchSession, getCookieName } from "@convex-dev/better-auth/react-start";
import { createRootRoute, Outlet } from "@tanstack/react-router";
import { createServerFn } from "@tanstack/react-start";
import { getCookie, getRequest } from "@tanstack/react-start/server";
import { ConvexReactClient } from "convex/react";
import { authClient } from "../lib/auth-client";
${load}
const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);

const fetchAuth = createServerFn({ method: "GET" }).handler(async () => {
  ${lines}
});

export const Route = createRootRoute({ beforeLoad: () => fetchAuth(), component: Root });

function Root() {
  return (
    <ConvexBetterAuthProvider client={convex} authClient={authClient}>
      <Outlet />
    </ConvexBetterAuthProvider>
  );
}
`;

const ROUTE = `import { reactStartHandler } from "@convex-dev/better-auth/react-start";
import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/api/auth/$")({
  server: {
    handlers: {
      GET: ({ request }) => reactStartHandler(request),
      POST: ({ request }) => reactStartHandler(request),
    },
  },
});
`;

const SERVER = `import { setupFetchClient } from "@convex-dev/better-auth/react-start";
import { createAuth } from "../../convex/auth";
import { getCookie } from "@tanstack/react-start/server";

export const { fetchQuery, fetchMutation, fetchAction } =
  await setupFetchClient(createAuth, getCookie);
`;

async function survey(files: Readonly<Record<string, string>>) {
  const app = cliApp("start");
  const all = {
    "convex/auth.ts": AUTH,
    "src/lib/auth-client.ts": `import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({ plugins: [convexClient()] });
`,
    "src/routes/api/auth/$.ts": ROUTE,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) app.write(name, text);
  const ws = openWorkspace(await loadApp(app.root));
  const { moved, left, found } = await surveyApp(ws, {
    hasPage: true,
    replaces: true,
    hasTables: true,
  });
  return {
    read: (name: string) => moved.read(app.path(name)) ?? "",
    left: left.map(({ file, line, name, becomes }) => `${file}:${line} ${name} ${becomes}`),
    found: found.map(({ file, name, becomes }) => `${file} ${name} ${becomes}`),
  };
}

const LOADED = 'const { createAuth } = await import("../../convex/auth");\n  ';
const STEPS = `const { session } = await fetchSession(getRequest());
  const sessionCookieName = getCookieName(createAuth);
  const token = getCookie(sessionCookieName);
  return { userId: session?.user.id, token };`;

const AFTER = `const fetchAuth = createServerFn({ method: "GET" }).handler(async () => {
  const { session } = await fetchSession(getRequest());
  const token = await getToken();
  return { userId: session?.user.id, token };
});`;

test.each([
  ["loads createAuth late", ROOT("", LOADED + STEPS), AFTER],
  ["imports createAuth", ROOT('import { createAuth } from "../../convex/auth";\n', STEPS), AFTER],
  [
    "asks at once",
    ROOT("", `${LOADED}return { token: getCookie(getCookieName(createAuth)) };`),
    "handler(async () => {\n  return { token: await getToken() };\n});",
  ],
  [
    "gives createAuth, too",
    ROOT(
      'import { createAuth } from "../../convex/auth";\n',
      "return await fetchSession(createAuth, getRequest());",
    ),
    "return await fetchSession(getRequest());",
  ],
])(
  "a root that %s takes the token and the session from lib/auth-server",
  async (_what, root, want) => {
    const { read, left, found } = await survey({
      "src/routes/__root.tsx": root,
      "src/lib/auth-server.ts": SERVER,
    });
    expect(left).toEqual([]);
    expect(read("src/routes/__root.tsx")).toContain(want);
    expect(read("src/routes/__root.tsx")).not.toContain("createAuth");
    expect(read("src/lib/auth-server.ts")).toContain(
      `{
  handlers,
  getToken,
  isAuthenticated,
  fetchAuthQuery: fetchQuery,
  fetchAuthMutation: fetchMutation,
  fetchAuthAction: fetchAction,
} =
  await createStartAuth({`.replace("\n  await", ""),
    );
    expect(read("src/routes/api/auth/$.ts")).toContain("server: { handlers }");
    expect(found.filter((one) => / stays\b/.test(one))).toEqual([]);
  },
);

test("without lib/auth-server, it is written with the session of a request", async () => {
  const { read, left } = await survey({ "src/routes/__root.tsx": ROOT("", LOADED + STEPS) });
  expect(left).toEqual([]);
  const server = read("src/lib/auth-server.ts");
  expect(server).toMatch(/import type \{ authClient \} from "\.\/auth-client";/);
  expect(server).toMatch(/export async function fetchSession\(\s*request: Request/);
});

test("a name of the cookie that is used otherwise is listed", async () => {
  const { left } = await survey({
    "src/lib/auth-server.ts": SERVER,
    "src/routes/__root.tsx": ROOT(
      "",
      `${LOADED}const name = getCookieName(createAuth);
  return { name, token: getCookie(name), session: await fetchSession(getRequest()) };`,
    ),
  });
  expect(left).toContainEqual(
    expect.stringMatching(/__root\.tsx:\d+ getCookieName is removed; use instead/),
  );
});

test("one provider and one auth client stay one: the router's, and a client under a name of its own", async () => {
  const app = cliApp("start");
  const files = {
    "package.json": app
      .read("package.json")
      .replace('"dependencies": {', '"dependencies": { "@convex-dev/better-auth": "0.9.7",'),
    "convex/auth.ts": AUTH,
    "src/routes/api/auth/$.ts": ROUTE,
    "src/routes/__root.tsx": ROOT("", LOADED + STEPS).replace(
      "../lib/auth-client",
      "../lib/auth.client",
    ),
    "src/lib/auth.client.ts": `import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({ plugins: [convexClient()] });
`,
    "src/router.tsx": `import { createRouter } from "@tanstack/react-router";
import { ConvexProvider, ConvexReactClient } from "convex/react";
import { routeTree } from "./routeTree.gen";

export function getRouter() {
  const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);
  return createRouter({
    routeTree,
    Wrap: ({ children }) => <ConvexProvider client={convex}>{children}</ConvexProvider>,
  });
}
`,
  };
  for (const [name, text] of Object.entries(files)) app.write(name, text);
  const ran = await app.kitcn("add", "auth", "--replace", "--dry-run", "--no-install");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  expect(ran.stdout).toContain(
    '-import { convexClient } from "@convex-dev/better-auth/client/plugins";',
  );
  expect(ran.stdout).toContain('import type { authClient } from "./auth.client"');
  expect(ran.stdout).not.toMatch(/src\/lib\/auth-client\.ts|src\/router\.tsx/);
});
