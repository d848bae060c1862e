// What answers auth requests in an app of `@convex-dev/better-auth`: routes below /api/auth with code of their owner, and
// lib/auth-server in its forms. No code of the app's own is lost, and no run ends in a refusal that leads nowhere.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, type CliApp } from "../../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const ROUTE = "src/app/api/auth/[...all]/route.ts";
const SERVER = "src/lib/auth-server.ts";

const FILES: Record<string, string> = {
  "convex/auth.config.ts": `import { getAuthConfigProvider } from "@convex-dev/better-auth/auth-config";

export default { providers: [getAuthConfigProvider()] };
`,
  "convex/auth.ts": `import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import authConfig from "./auth.config";

export const authComponent = createClient<DataModel>(components.betterAuth);

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({ database: authComponent.adapter(ctx), plugins: [convex({ authConfig })] });
`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth";

const http = httpRouter();
authComponent.registerRoutes(http, createAuth);
export default http;
`,
};

const URLS = `{
  convexUrl: process.env.NEXT_PUBLIC_CONVEX_URL!,
  convexSiteUrl: process.env.NEXT_PUBLIC_CONVEX_SITE_URL!,
}`;

const MAKES = `import { convexBetterAuthNextJs } from "@convex-dev/better-auth/nextjs";

export const { handler, getToken } = convexBetterAuthNextJs(${URLS});
`;

const PLAIN = `import { handler } from "../../../../lib/auth-server";

export const { GET, POST } = handler;
`;

async function replaced(name: string, files: Record<string, string>): Promise<CliApp> {
  const app = cliApp(name, { ...COMPILED, files: { ...FILES, ...files } });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return app;
}

test("a route with code of its owner keeps it, and answers with kitcn's handlers", async () => {
  const own = `import { handler } from "../../../../lib/auth-server";

export const runtime = "edge";
export const GET = handler.GET;
export async function POST(request: Request) {
  if (request.headers.get("x-blocked") !== null) return new Response(null, { status: 429 });
  return handler.POST(request);
}
`;
  const app = cliApp("next-convex", {
    ...COMPILED,
    files: {
      ...FILES,
      [ROUTE]: own,
      [SERVER]: MAKES.replace(
        "_SITE_URL!,",
        "_SITE_URL!,\n  jwtCache: { enabled: true, isAuthError: () => false },",
      ),
    },
  });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(app.read(ROUTE)).toBe(own.replace("{ handler }", "{ handlers as handler }"));
  expect(app.read(SERVER)).toContain("export const { handlers, getToken } = createNextAuth({");
  expect(ran.stdout).toContain(
    "note: src/lib/auth-server.ts:6: jwtCache is not carried over: kitcn asks the deployment for a token",
  );
  await expectSecondRunEmpty(app, "--replace");
  expectTypes([app.path(ROUTE)]);
});

test("every module that takes the handlers of Next takes kitcn's", async () => {
  const app = await replaced("next-convex", {
    [ROUTE]: PLAIN,
    [SERVER]: `${MAKES}\nexport const post = handler.POST;\n`,
    "src/app/api/other/route.ts": `import { handler as theirs } from "../../../lib/auth-server";

export const POST = (request: Request) => theirs.POST(request);
`,
  });
  expect(app.read(ROUTE)).toContain(
    "export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = handlers;",
  );
  expect(app.read("src/app/api/other/route.ts")).toContain("import { handlers as theirs }");
  expect(app.read(SERVER)).toContain("{ handlers, handlers: handler, getToken }");
  expectTypes([app.path(SERVER), app.path("src/app/api/other/route.ts")]);
});

test("an object that has the handlers keeps its name", async () => {
  const app = await replaced("next-convex", {
    [ROUTE]: `import { auth } from "../../../../lib/auth-server";

export const { GET, POST } = auth.handler;
`,
    [SERVER]: MAKES.replace("{ handler, getToken }", "auth"),
  });
  expect(app.read(SERVER)).toContain("export const { handlers } = auth;");
  expect(app.read(ROUTE)).toContain('import { handlers } from "../../../../lib/auth-server";');
  await expectSecondRunEmpty(app, "--replace");
  expectTypes([app.path(ROUTE)]);
});

test("lib/auth-server and lib/auth-client are edited, also where no module imports them", async () => {
  const app = await replaced("next-convex", {
    [ROUTE]: `import { nextJsHandler } from "@convex-dev/better-auth/nextjs";

export const { GET, POST } = nextJsHandler();
`,
    [SERVER]: `import { createAuth } from "../../convex/auth";
import { getToken as getTokenNextjs } from "@convex-dev/better-auth/nextjs";

export const getToken = () => {
  return getTokenNextjs(createAuth);
};
`,
    "src/lib/auth-client.ts": `import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({ plugins: [convexClient()] });
`,
  });
  expect(app.read(SERVER)).toContain("return nextAuth.getToken();");
  const client = app.read("src/lib/auth-client.ts");
  expect(client).toContain('import { convexClient } from "kitcn/auth/client";');
  expect(client.match(/convexClient/g)).toHaveLength(2);
  await expectSecondRunEmpty(app, "--replace");
  expectTypes([app.path(SERVER), app.path(ROUTE)]);
});

const START = "src/routes/api/auth/$.ts";
const startFiles = (body: string) => ({
  [SERVER]: `import { convexBetterAuthReactStart } from "@convex-dev/better-auth/react-start";

export const { handler, getToken } = convexBetterAuthReactStart({
  convexUrl: process.env.VITE_CONVEX_URL!,
  convexSiteUrl: process.env.VITE_CONVEX_SITE_URL!,
});
`,
  [START]: `import { createFileRoute } from "@tanstack/react-router";
import { handler } from "../../../lib/auth-server";

export const Route = createFileRoute("/api/auth/$")({
  server: { handlers: { GET: ({ request }) => handler(request), POST: ${body} } },
});
`,
});

test("a route of TanStack Start that hands the request on is replaced", async () => {
  const app = await replaced("start-convex", startFiles("({ request }) => handler(request)"));
  expect(app.read(START)).toContain('createFileRoute("/api/auth/$")({ server: { handlers } });');
});

test("a route in JavaScript stays JavaScript", async () => {
  const path = START.replace(/ts$/, "js");
  const given = startFiles("({ request }) => handler(request)")[START];
  const { [START]: _, [SERVER]: server, ...others } = startFiles("");
  const app = await replaced("start-convex", {
    ...others,
    [SERVER.replace(/ts$/, "js")]: server.replaceAll("!", ""),
    [path]: given,
  });
  expect(app.read(path)).toContain('createFileRoute("/api/auth/$")({ server: { handlers } });');
  expect(app.read(path)).not.toContain("import type");
});

test("a route of TanStack Start with code of its owner is listed, and the edit leads on", async () => {
  const body = `async ({ request }) => {
      if (request.headers.get("x-blocked") !== null) return new Response(null, { status: 429 });
      return handler(request);
    }`;
  const app = cliApp("start-convex", { files: { ...FILES, ...startFiles(body) } });
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(
    /api\/auth\/\$\.ts:\d+ .*has code of yours around the library's handler/,
  );
  expect(app.snapshot()).toEqual(before);
  app.write(
    SERVER,
    app
      .read(SERVER)
      .replace("@convex-dev/better-auth/react-start", "kitcn/auth/start")
      .replaceAll("convexBetterAuthReactStart", "createStartAuth")
      .replace("handler,", "handlers,"),
  );
  app.write(
    START,
    app
      .read(START)
      .replace("{ handler }", "{ handlers }")
      .replace("=> handler(request)", "=> handlers.GET({ request })")
      .replace("return handler(request)", "return handlers.POST({ request })"),
  );
  const again = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(again, again.stdout + again.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(app.read(START)).toContain("status: 429");
});
