// What patching http.ts adds, in many styles, and what it refuses.
import { describe, expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { openModules } from "../../../codegen/modules/resolve.js";
import { patchHttp } from "../../../codegen/patch/http.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";

/** Patches http.ts; `others` are modules of the app beside it, by their paths below convex/. */
const patch = (
  text: string,
  extension: "" | ".js" = "",
  others: Readonly<Record<string, string>> = {},
) => {
  const project = { root: "/app", functionsDir: "/app/convex", packageJson: {} };
  const ws = openWorkspace(project);
  for (const [name, other] of Object.entries(others)) ws.stage(`/app/convex/${name}`, other);
  const module = parseModule(text, "/app/convex/http.ts");
  return patchHttp(module, { extension, read: openModules(ws) }).text;
};

describe("patchHttp adds the routes", () => {
  const cases: { name: string; given: string; want: string; extension?: ".js" }[] = [
    {
      name: "before the default export",
      given: `import { httpRouter } from "convex/server";\n\nconst http = httpRouter();\n\nexport default http;\n`,
      want: `import { httpRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\n\nconst http = httpRouter();\n\nregisterRoutes(http, authRoutes);\n\nexport default http;\n`,
    },
    {
      name: "after the user's own routes",
      given: `import { httpRouter } from "convex/server";\nconst http = httpRouter();\nhttp.route({ path: "/x", method: "GET", handler });\nexport default http;\n`,
      want: `import { httpRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\nconst http = httpRouter();\nhttp.route({ path: "/x", method: "GET", handler });\n\nregisterRoutes(http, authRoutes);\n\nexport default http;\n`,
    },
    {
      name: "with single quotes and no semicolons, under another name",
      given: `import { httpRouter } from 'convex/server'\n\nconst router = httpRouter()\n\n// The one.\nexport default router\n`,
      want: `import { httpRouter } from 'convex/server'\nimport { registerRoutes } from 'kitcn/auth/http'\nimport { authRoutes } from './generated/routes'\n\nconst router = httpRouter()\n\nregisterRoutes(router, authRoutes)\n\n// The one.\nexport default router\n`,
    },
    {
      name: "for an aliased import and `export { http as default }`",
      given: `import { httpRouter as makeRouter } from "convex/server";\nconst http = makeRouter();\nexport { http as default };\n`,
      want: `import { httpRouter as makeRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\nconst http = makeRouter();\n\nregisterRoutes(http, authRoutes);\n\nexport { http as default };\n`,
    },
    {
      name: "for a namespace import and a type annotation",
      given: `import * as server from "convex/server";\nconst http: server.HttpRouter = server.httpRouter();\nexport default http;\n`,
      want: `import * as server from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\nconst http: server.HttpRouter = server.httpRouter();\n\nregisterRoutes(http, authRoutes);\n\nexport default http;\n`,
    },
    {
      name: "for `new HttpRouter()`",
      given: `import { HttpRouter } from "convex/server";\nconst http = new HttpRouter();\nexport default http;\n`,
      want: `import { HttpRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\nconst http = new HttpRouter();\n\nregisterRoutes(http, authRoutes);\n\nexport default http;\n`,
    },
    {
      name: "to an inline default export",
      given: `import { httpRouter } from "convex/server";\n\nexport default httpRouter();\n`,
      want: `import { httpRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\n\nconst http = httpRouter();\n\nregisterRoutes(http, authRoutes);\n\nexport default http;\n`,
    },
    {
      name: "below a router that is exported above its routes",
      given: `import { httpRouter } from "convex/server";\nexport { http as default };\nconst http = httpRouter(); // here\nhttp.route(a);\n`,
      want: `import { httpRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\nexport { http as default };\nconst http = httpRouter(); // here\n\nregisterRoutes(http, authRoutes);\nhttp.route(a);\n`,
    },
    {
      name: "with CRLF line ends",
      given: `import { httpRouter } from "convex/server";\r\nconst http = httpRouter();\r\nexport default http;\r\n`,
      want: `import { httpRouter } from "convex/server";\r\nimport { registerRoutes } from "kitcn/auth/http";\r\nimport { authRoutes } from "./generated/routes";\r\nconst http = httpRouter();\r\n\r\nregisterRoutes(http, authRoutes);\r\n\r\nexport default http;\r\n`,
    },
    {
      name: "with .js endings, under free names",
      given: `import { httpRouter } from "convex/server";\nimport { registerRoutes } from "./my-routes.js";\nconst http = httpRouter();\nregisterRoutes(http);\nexport default http;\n`,
      extension: ".js",
      want: `import { httpRouter } from "convex/server";\nimport { registerRoutes as registerRoutes2 } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes.js";\nimport { registerRoutes } from "./my-routes.js";\nconst http = httpRouter();\nregisterRoutes(http);\n\nregisterRoutes2(http, authRoutes);\n\nexport default http;\n`,
    },
    {
      name: "where the words stand in a comment and a string only",
      given: `import { httpRouter } from "convex/server";\n// registerRoutes(http, getAuth);\nconst note = "registerRoutes(http, getAuth)";\nconst http = httpRouter();\nexport default http;\n`,
      want: `import { httpRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { authRoutes } from "./generated/routes";\n// registerRoutes(http, getAuth);\nconst note = "registerRoutes(http, getAuth)";\nconst http = httpRouter();\n\nregisterRoutes(http, authRoutes);\n\nexport default http;\n`,
    },
    {
      name: "reusing a getAuth that is imported, past a wrapper and a type-only import",
      given: `import type { HttpRouter } from "convex/server";\nimport { httpRouter } from "convex/server";\nimport { getAuth as auth } from "./generated/auth";\nconst http = httpRouter() satisfies HttpRouter;\nexport default http as HttpRouter;\nvoid auth;\n`,
      want: `import type { HttpRouter } from "convex/server";\nimport { httpRouter } from "convex/server";\nimport { registerRoutes } from "kitcn/auth/http";\nimport { getAuth as auth } from "./generated/auth";\nconst http = httpRouter() satisfies HttpRouter;\n\nregisterRoutes(http, auth);\n\nexport default http as HttpRouter;\nvoid auth;\n`,
    },
  ];
  test.each(cases)("$name", ({ given, want, extension }) => {
    const text = patch(given, extension);
    expect(text).toBe(want);
    parseModule(text ?? "", "/app/convex/http.ts");
    expect(patch(want, extension)).toBeUndefined();
  });
});

describe("patchHttp changes nothing", () => {
  test.each([
    {
      name: "options and an alias",
      given: `import { httpRouter } from "convex/server";\nimport { registerRoutes as auth } from "kitcn/auth/http";\nimport { getAuth } from "./generated/auth";\nconst http = httpRouter();\nauth(http, getAuth, { cors: { allowedOrigins: ["https://x.y"] } });\nexport default http;\n`,
    },
    {
      name: "a Hono app that calls getAuth itself",
      given: `import { Hono } from "hono";\nimport { HttpRouterWithHono } from "convex-helpers/server/hono";\nimport { getAuth } from "./generated/auth";\nconst app = new Hono();\napp.on(["GET", "POST"], "/api/auth/*", (c) => getAuth(c.env).handler(c.req.raw));\nexport default new HttpRouterWithHono(app);\n`,
    },
    {
      name: "Hono with kitcn's middleware",
      given: `import { Hono } from "hono";\nimport { authMiddleware } from "kitcn/auth/http";\nimport { getAuth } from "./generated/auth";\nconst app = new Hono();\napp.use(authMiddleware(getAuth));\nexport default createHttpRouter(app);\n`,
    },
  ])("for $name", ({ given }) => {
    expect(patch(given)).toBeUndefined();
  });
});

describe("patchHttp follows what http.ts imports", () => {
  const router = `import { httpRouter } from "convex/server";\nimport { addRoutes } from "./lib/routes";\nconst http = httpRouter();\naddRoutes(http);\nexport default http;\n`;
  const own = `import { registerRoutes } from "kitcn/auth/http";\nimport { getAuth } from "../generated/auth";\n`;
  const register = `${own}export const addAuth = (http) => registerRoutes(http, getAuth);\n`;
  const peer = `import { createClient } from "@convex-dev/better-auth";\nexport const auth = createClient(components.betterAuth);\nexport const createAuth = () => 1;\n`;
  const convexAuth = `import { convexAuth } from "@convex-dev/auth/server";\nexport const { auth, signIn } = convexAuth({ providers: [] });\n`;
  const polar = `import { Polar } from "@convex-dev/polar";\nexport const polar = new Polar(components.polar, {});\n`;

  test.each<{ name: string; text?: string; others: Record<string, string> }>([
    { name: "a helper", others: { "lib/routes.ts": register } },
    {
      name: "a helper of a helper",
      others: {
        "lib/routes.ts": `export { addAuth as addRoutes } from "./auth";\n`,
        "lib/auth.ts": register,
      },
    },
    {
      name: "a helper behind `imports` of package.json",
      text: router.replace("./lib/routes", "#lib/routes"),
      others: {
        "package.json": '{ "imports": { "#lib/*": "./lib/*.ts", "#gen/*": "./generated/*.ts" } }',
        "lib/routes.ts": register.replace("../generated", "#gen"),
      },
    },
    {
      name: "a helper that calls getAuth",
      others: {
        "lib/routes.ts": `import { getAuth } from "../generated/auth.js";\nexport const addRoutes = (http) => http.route({ pathPrefix: "/api/auth/", method: "GET", handler: httpAction(async (ctx, request) => { const auth = await getAuth(ctx); return auth.handler(request); }) });\n`,
      },
    },
    {
      name: "a router of another module, re-exported",
      text: `export { default } from "./lib/router";\n`,
      others: {
        "lib/router.ts": `${own}import { httpRouter } from "convex/server";\nconst http = httpRouter();\nregisterRoutes(http, getAuth);\nexport default http;\n`,
      },
    },
    {
      name: "an imported router",
      text: `import http from "./lib/router";\nimport "./lib/routes";\nexport default http;\n`,
      others: {
        "lib/router.ts": `import { httpRouter } from "convex/server";\nexport default httpRouter();\n`,
        "lib/routes.ts": `${own}import http from "./router";\nregisterRoutes(http, getAuth);\n`,
      },
    },
  ])("to routes that are there: $name", ({ text = router, others }) => {
    expect(patch(text, "", others)).toBeUndefined();
  });

  test.each<{ name: string; others: Record<string, string> }>([
    {
      name: "routes of another kind",
      others: { "lib/routes.ts": `export const addRoutes = () => {};\n` },
    },
    {
      name: "a route that asks who calls",
      others: {
        "lib/routes.ts": `import { getAuth } from "../generated/auth";\nexport const addRoutes = (http) => http.route({ path: "/me", method: "GET", handler: httpAction(async (ctx) => Response.json(await getAuth(ctx).api.getSession({ headers: new Headers() }))) });\n`,
      },
    },
    {
      name: "routes of a library that is not about auth",
      others: {
        "lib/polar.ts": polar,
        "lib/routes.ts": `import { polar } from "./polar";\nconst own = new Twilio(components.twilio);\nexport const addRoutes = (http) => { polar.registerRoutes(http, events); own.registerRoutes(http, events); };\n`,
      },
    },
  ])("past $name", ({ others }) => {
    expect(patch(router, "", others)).toContain(
      "registerRoutes(http, authRoutes);\n\nexport default",
    );
  });

  test.each<{ name: string; others: Record<string, string> }>([
    {
      name: "Better Auth's component",
      others: {
        "lib/auth.ts": peer,
        "lib/routes.ts": `import { auth, createAuth } from "./auth";\nexport const addRoutes = (http) => {\n  auth.registerRoutes(http, createAuth);\n};\n`,
      },
    },
    {
      name: "Convex Auth",
      others: {
        "lib/auth.ts": convexAuth,
        "lib/routes.ts": `import { auth } from "./auth";\nexport const addRoutes = (http) => {\n  auth.addHttpRoutes(http);\n};\n`,
      },
    },
    {
      name: "a route of the user's",
      others: {
        "lib/routes.ts": `export const addRoutes = (http) => {\n\n  http.route({ pathPrefix: "/api/auth", method: "GET", handler });\n};\n`,
      },
    },
  ])("and refuses $name, with file and line", ({ others }) => {
    expect(thrown(() => patch(router, "", others))).toMatchObject({
      code: "HTTP_AUTH_TAKEN",
      message: expect.stringContaining("/app/convex/lib/routes.ts:3: ") as string,
    });
  });
});

describe("patchHttp refuses, with the exact edit", () => {
  test.each([
    { given: `const http = 1;\n`, want: { code: "HTTP_UNKNOWN_FORM", says: "no default export" } },
    {
      given: `export { default } from "./router";\n`,
      want: { code: "HTTP_UNKNOWN_FORM", says: "./router" },
    },
    {
      given: `import http from "./router";\nexport default http;\n`,
      want: { code: "HTTP_UNKNOWN_FORM", says: "http.ts:2" },
    },
    {
      given: `import { httpRouter } from "./mine";\nconst http = httpRouter();\nexport default http;\n`,
      want: { code: "HTTP_UNKNOWN_FORM", says: "not made by httpRouter()" },
    },
    {
      given: `import { Hono } from "hono";\nimport { HttpRouterWithHono } from "convex-helpers/server/hono";\nconst api = new Hono();\nexport default new HttpRouterWithHono(api);\n`,
      want: { code: "HTTP_HONO", says: "api.use(authMiddleware(authRoutes));" },
    },
    {
      given: `import { createHttpRouter } from "kitcn/server";\nimport { app } from "./app";\nexport default createHttpRouter(app);\n`,
      want: { code: "HTTP_HONO", says: "app.use(authMiddleware(authRoutes));" },
    },
    {
      given: `import { httpRouter } from "convex/server";\nimport { createClient } from "@convex-dev/better-auth";\nconst component = createClient(components.betterAuth);\nconst http = httpRouter();\ncomponent.registerRoutes(http, createAuth);\nexport default http;\n`,
      want: { code: "HTTP_AUTH_TAKEN", says: "http.ts:5" },
    },
    {
      given: `import { httpRouter } from "convex/server";\nimport { authComponent, createAuth } from "./auth";\nconst http = httpRouter();\nauthComponent.registerRoutes(http, createAuth);\nexport default http;\n`,
      want: { code: "HTTP_AUTH_TAKEN", says: "http.ts:4" },
    },
    {
      given: `import { httpRouter } from "convex/server";\nconst http = httpRouter();\nhttp.route({ pathPrefix: "/api/auth/", method: "GET", handler });\nexport default http;\n`,
      want: { code: "HTTP_AUTH_TAKEN", says: "http.ts:3" },
    },
  ])("$given", ({ given, want }) => {
    const error = thrown(() => patch(given));
    expect(error).toMatchObject({ name: "CodegenError", code: want.code, exitCode: 1 });
    expect(`${error.message} ${(error as { hint?: string }).hint}`).toContain(want.says);
    expect((error as { hint?: string }).hint).toContain("authRoutes");
  });
});

function thrown(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}
