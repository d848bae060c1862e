// `kitcn add auth` on TanStack Start apps: as its creator makes them, and with the provider in the router.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp } from "../support/cli.js";
import {
  addAuth,
  expectSecondRunEmpty,
  lostLines,
  newPages,
  withoutDeployment,
} from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

test("an app as the creator makes it gets provider, client, server, routes", async () => {
  const { app, before, after } = await addAuth("start");
  const created = Object.keys(after).filter((name) => !(name in before));
  expect(created.filter((name) => !name.startsWith("convex/"))).toEqual([
    ".env.local",
    ...newPages("src/auth"),
    "src/components/ConvexClientProvider.tsx",
    "src/lib/auth-client.ts",
    "src/lib/auth-server.ts",
    "src/routes/api/auth/$.ts",
    "src/routes/auth.tsx",
  ]);
  expect(after["src/routes/__root.tsx"]).toBe(
    before["src/routes/__root.tsx"]!.replace(
      "from '@tanstack/react-router'\n",
      "from '@tanstack/react-router'\nimport { ConvexClientProvider } from '../components/ConvexClientProvider'\n",
    ).replace(
      "        {children}\n",
      "        <ConvexClientProvider>{children}</ConvexClientProvider>\n",
    ),
  );
  expect(after["src/routes/api/auth/$.ts"]).toContain("createFileRoute('/api/auth/$')");
  expect(after["src/routes/auth.tsx"]).toContain("import { AuthPage } from '../auth/AuthPage'");
  expect(after["tsconfig.json"]).toContain('"types": ["vite/client", "node"]');
  expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:3000\n");
  expect(after["convex/auth.ts"]).toContain("baseURL: process.env.SITE_URL,");
  await expectSecondRunEmpty(app);
});

test("an app with its provider in the router has it replaced there", async () => {
  const { app, before, after } = await addAuth("start-convex");
  expect(after["src/router.tsx"]).toContain(
    "      <ConvexAuthProvider client={convexQueryClient.convexClient} authClient={authClient}>\n        {children}\n      </ConvexAuthProvider>\n",
  );
  expect(after["src/router.tsx"]).not.toContain("from 'convex/react'");
  expect(lostLines(before["src/router.tsx"], after["src/router.tsx"])).toEqual([
    "import { ConvexProvider } from 'convex/react'",
    "      <ConvexProvider client={convexQueryClient.convexClient}>",
    "      </ConvexProvider>",
  ]);
  expect(after["src/routes/__root.tsx"]).toBe(before["src/routes/__root.tsx"]);
  await expectSecondRunEmpty(app);
});

test("below a path, its author is told where auth has to know of it", async () => {
  const files = { "vite.config.ts": 'export default { base: "/app/", plugins: [] };\n' };
  const { stdout } = await cliApp("start", { files }).kitcn("add", "auth", "--yes");
  expect(stdout).toContain("docs/server.md#an-app-below-a-path");
});

test("--ui none gives it no page", async () => {
  const { after } = await addAuth("start", { flags: ["--ui", "none"] });
  expect(Object.keys(after).filter((name) => /AuthPage|routes\/auth/.test(name))).toEqual([]);
  expect(after["src/routes/api/auth/$.ts"]).toBeDefined();
});

test("an <Outlet /> is wrapped where there are no children", async () => {
  const root = `import { Outlet, createRootRoute } from '@tanstack/react-router'
export const Route = createRootRoute({ component: () => <html><body><Outlet /></body></html> })
`;
  const { after } = await addAuth("start", { files: { "src/routes/__root.tsx": root } });
  expect(after["src/routes/__root.tsx"]).toMatch(
    /<ConvexClientProvider>\s*<Outlet \/>\s*<\/ConvexClientProvider>/,
  );
});

test("a page at /auth stays, and is told; a route below /api/auth is refused", async () => {
  const page = "export const Route = 'mine'\n";
  const mine = cliApp("start", { files: { "src/routes/auth.index.tsx": page } });
  const ran = await mine.kitcn("add", "auth", "--yes");
  expect(ran.stdout).toContain("src/routes/auth.index.tsx is your page at /auth");
  expect(mine.read("src/routes/auth.index.tsx")).toBe(page);
  const taken = cliApp("start", { files: { "src/routes/api.auth.$.ts": page } });
  const before = taken.snapshot();
  const refused = await taken.kitcn("add", "auth", "--yes");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("api.auth.$.ts:1: this route answers below /api/auth already");
  expect(taken.snapshot()).toEqual(before);
});

const CALLBACK = `import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/auth/callback")({ component: () => <p>Back</p> });
`;
const parent = (
  options: string,
) => `import { Outlet, createFileRoute } from "@tanstack/react-router";
export const Route = createFileRoute("/auth")({ ${options} });
`;

describe("routes below /auth keep rendering: kitcn's page is the index", () => {
  test.each<{ name: string; files: Record<string, string> }>([
    { name: "in a folder", files: { "src/routes/auth/callback.tsx": CALLBACK } },
    { name: "in one file name", files: { "src/routes/auth.callback.tsx": CALLBACK } },
    { name: "in a group", files: { "src/routes/(site)/auth/callback.tsx": CALLBACK } },
    {
      name: "with a parent that renders them",
      files: {
        "src/routes/auth.tsx": parent("component: () => <main><Outlet /></main>"),
        "src/routes/auth/callback.tsx": CALLBACK,
      },
    },
    {
      name: "with a parent without a component",
      files: {
        "src/routes/auth/route.tsx": parent("beforeLoad: () => {}"),
        "src/routes/auth/callback.tsx": CALLBACK,
      },
    },
  ])("$name", async ({ files }) => {
    const { app, after } = await addAuth("start", { files });
    expect(after["src/routes/auth.index.tsx"]).toContain("createFileRoute('/auth/')");
    for (const [path, text] of Object.entries(files)) expect(after[path]).toBe(text);
    expect("src/routes/auth.tsx" in after).toBe("src/routes/auth.tsx" in files);
    await expectSecondRunEmpty(app);
  });

  test.each([
    ["that answers by a server", parent("server: { handlers: {} }")],
    ["with a component", parent("component: () => <p>Mine</p>")],
  ])("a route at /auth %s is the user's page", async (_name, page) => {
    const app = cliApp("start", {
      files: { "src/routes/auth.tsx": page, "src/routes/auth/callback.tsx": CALLBACK },
    });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran.stdout).toContain("src/routes/auth.tsx is your page at /auth");
    expect(app.has("src/routes/auth.index.tsx")).toBe(false);
  });
});
