// Convex Auth in a Next app, as `add auth --replace` moves it: what its middleware closed to visitors stays closed,
// whichever version of Convex Auth the app has.
import { runInNewContext } from "node:vm";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listCalls } from "../../../../codegen/patch/calls.js";
import { textOf, parseModule } from "../../../../codegen/edit/index.js";
import { awaitingOf } from "../../../../codegen/sign-in/common/edit-await.js";
import { cliApp, type CliApp } from "../../support/cli.js";
import { COMPILED, withoutDeployment } from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const SOURCE = "@convex-dev/auth/nextjs/server";

/** A Next app with this middleware of Convex Auth, and nothing else of it. */
function nextApp(middleware: string, files: Record<string, string> = {}): CliApp {
  return cliApp("next-convex", { ...COMPILED, files: { "middleware.ts": middleware, ...files } });
}

const replace = (app: CliApp) => app.kitcn("add", "auth", "--replace", "--yes");

/** Where the app's middleware sends this visitor; undefined where the request goes on. */
async function visit(app: CliApp, address: string): Promise<string | undefined> {
  const code = app
    .read("middleware.ts")
    .replace(/^import .*\n/gm, "")
    .replace(/^export default /m, "");
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { target: ts.ScriptTarget.ESNext },
  });
  const name = /^async function (\w+)/m.exec(code)?.[1] ?? "";
  const nextUrl = Object.assign(new URL(address), { basePath: "", clone: () => new URL(address) });
  const given = {
    URL,
    isAuthenticated: () => Promise.resolve(false),
    NextResponse: { redirect: ({ href }: URL) => href },
    request: { url: address, nextUrl },
  };
  // The middleware gives what redirect() above gives, or nothing.
  return (await runInNewContext(`(() => { ${outputText}\nreturn ${name}(request); })()`, given)) as
    string | undefined;
}

const MIDDLEWARE = (
  fn: string,
) => `import { convexAuthNextjsMiddleware, createRouteMatcher, nextjsMiddlewareRedirect } from "${SOURCE}";

const isProtected = createRouteMatcher(["/notes(.*)"]);

export default convexAuthNextjsMiddleware(${fn});
`;

describe("a call that gave a value, and gives a promise with kitcn", () => {
  /** The call `f()` of a module as it is written then; undefined where it is refused. */
  const awaited = (text: string) => {
    const module = parseModule(text, "/app/page.tsx");
    const call = listCalls(module).find((one) => textOf(module, one) === "f()");
    const found = call && awaitingOf(module, call);
    return found && `${found.before}f()${found.after}`;
  };

  test.each([
    ["async () => { if (!f()) leave(); }", "(await f())"],
    ["async () => { if (f()) stay(); }", "await f()"],
    ["async () => { if (closed && !f()) leave(); }", "(await f())"],
    ["async () => { const token = f(); }", "await f()"],
    ["async () => { const { length } = f()!; }", "(await f())"],
    ["async () => { const given = f() ? 1 : 2; }", "(await f())"],
    ["async () => { use(f()); }", "await f()"],
    ["async () => { use(query, {}, { token: f() }); }", "await f()"],
    ["async () => { f().length; }", undefined],
    ["async () => { const size = f().length; }", "(await f())"],
    ["async () => { stay\nf() || leave() }", "await f()"],
    ["async () => { stay\nf()! }", undefined],
    ["async () => <p>{f() && 1}</p>", "(await f())"],
    ["class Page { async load() { if (!f()) leave(); } }", "(await f())"],
  ])("is awaited: %s", (text, want) => expect(awaited(text)).toBe(want));

  test.each([
    "async () => { if (!(await f())) leave(); }",
    "async () => { const length = (await f()!)?.length; }",
    "async () => { return f(); }",
    "async () => f()",
    "() => f().then((is) => is || leave())",
  ])("stays as it is where its promise is waited for: %s", (text) =>
    expect(awaited(text)).toBe("f()"),
  );

  test.each([
    "() => { if (!f()) leave(); }",
    "() => f()",
    "async () => list.filter(() => f())",
    "async (is = f()) => is",
    "async () => class { is = f() }",
    "export const is = f();",
  ])("is refused where nothing can wait for it: %s", (text) =>
    expect(awaited(text)).toBeUndefined(),
  );
});

test("a middleware awaits what it asked without `await`, and the author's names stay theirs", async () => {
  const author = `
  const redirectTo = request.nextUrl.searchParams.get("from") ?? "/in";
  const isOneOf = isProtected(request);
  if (isOneOf && !`;
  const app = nextApp(
    MIDDLEWARE(
      `function (request, context) {${author}context.convexAuth.isAuthenticated()) return nextjsMiddlewareRedirect(request, redirectTo);\n}`,
    ).replace("const isProtected", "const pathOf = 1, middleware = pathOf;\nconst isProtected"),
  );
  expect(await replace(app)).toMatchObject({ code: 0, stderr: "" });
  const code = app.read("middleware.ts");
  expect(code).toContain(
    `${author}(await isAuthenticated()))\n    return redirectTo2(request, redirectTo);`,
  );
  expect(code).toContain("=> isOneOf2(request,");
  expect(code).toContain("async function middleware2(request: NextRequest)");
  expect(code).toContain('if (pathOf2(request).startsWith("/api/auth/"))');
  expect(await visit(app, "https://a.example/about")).toBeUndefined();
  const left = "https://a.example/notes/1?from=%2Fchat";
  expect(await visit(app, left)).toBe("https://a.example/chat?from=%2Fchat");
});

test("a middleware of older releases, which asks by isAuthenticatedNextjs(), asks kitcn", async () => {
  const app = nextApp(`import {
  convexAuthNextjsMiddleware,
  createRouteMatcher,
  isAuthenticatedNextjs,
  nextjsMiddlewareRedirect,
} from "${SOURCE}";

const isPublic = createRouteMatcher(["/auth"]);

export default convexAuthNextjsMiddleware((request) => {
  if (!isPublic(request) && !isAuthenticatedNextjs()) return nextjsMiddlewareRedirect(request, "/auth");
  if (isPublic(request) && isAuthenticatedNextjs()) return nextjsMiddlewareRedirect(request, "/");
});
`);
  expect(await replace(app)).toMatchObject({ code: 0, stderr: "" });
  expect(app.read("middleware.ts")).toContain("!(await isAuthenticated())");
  expect(app.read("middleware.ts")).not.toMatch(/Nextjs|convex-dev/);
  expect(await visit(app, "https://a.example/notes")).toBe("https://a.example/auth");
  expect(await visit(app, "https://a.example/auth")).toBeUndefined();
});

test("a middleware whose helper asks by isAuthenticatedNextjs() is left to its author", async () => {
  const asked = MIDDLEWARE("(request) => { if (isIn()) return undefined; }");
  const app = nextApp(
    `${asked.replace("createRouteMatcher,", "createRouteMatcher, isAuthenticatedNextjs,")}const isIn = () => isAuthenticatedNextjs();\n`,
  );
  const before = app.snapshot();
  expect(await replace(app)).toMatchObject({ code: 1 });
  expect(app.snapshot()).toEqual(before);
});

test("a middleware that asks in a function that cannot wait is left to its author", async () => {
  const app = nextApp(
    MIDDLEWARE(
      "async (request, { convexAuth }) => {\n  const isClosed = () => isProtected(request) && !convexAuth.isAuthenticated();\n  if (isClosed()) return nextjsMiddlewareRedirect(request, '/in');\n}",
    ),
  );
  const before = app.snapshot();
  const ran = await replace(app);
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain("await convexAuth.isAuthenticated()");
  expect(app.snapshot()).toEqual(before);
});

test("a page awaits what it asked without `await`, and what cannot wait is left to its author", async () => {
  const page = (kind: string, line: string) =>
    `import { convexAuthNextjsToken, isAuthenticatedNextjs } from "${SOURCE}";

export default ${kind} Page() {
  const token = ${line.includes("await") ? "await getToken()" : "convexAuthNextjsToken()"};
  return ${line} ? <p>{token?.length}</p> : null;
}
`;
  const middleware = "export function middleware() {}\n";
  const sync = page("function", "isAuthenticatedNextjs()");
  const left = nextApp(middleware, { "src/app/team/page.tsx": sync });
  const before = left.snapshot();
  const refused = await replace(left);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain(
    "src/app/team/page.tsx:5  isAuthenticatedNextjs of Convex Auth: becomes isAuthenticated() of lib/auth-server. That gives a promise, and kitcn cannot add `await` here. Write `await isAuthenticatedNextjs()` in an async function",
  );
  expect(left.snapshot()).toEqual(before);
  const app = nextApp(middleware, {
    "src/app/team/page.tsx": page("async function", "isAuthenticatedNextjs()"),
  });
  expect(await replace(app)).toMatchObject({ code: 0, stderr: "" });
  const [, body] = app.read("src/app/team/page.tsx").split("export default");
  const [, want] = page("async function", "(await isAuthenticated())").split("export default");
  expect(body).toBe(want);
});

test("a redirect stays in the app whatever its path says, and the app's own routes stay closed", async () => {
  const route = "export const GET = () => new Response();\n";
  const app = nextApp(
    MIDDLEWARE(
      'async (request) => nextjsMiddlewareRedirect(request, request.nextUrl.searchParams.get("to") ?? "/in")',
    ).replace(/const isProtected.*\n/, ""),
    {
      "src/app/api/auth/me/route.ts": route,
      "src/app/(site)/api/auth/(own)/[team]/edit/route.ts": route,
      "src/pages/api/auth/old/index.ts": "export default () => undefined;\n",
    },
  );
  expect(await replace(app)).toMatchObject({ code: 0, stderr: "" });
  const site = "https://a.example";
  expect(await visit(app, `${site}/notes?y=1`)).toBe(`${site}/in?y=1`);
  for (const to of ["https://evil.example/x", "//evil.example/x", "/\\evil.example/x"])
    expect(new URL((await visit(app, `${site}/?to=${to}`)) ?? "").origin, to).toBe(site);
  for (const path of ["me", "ME/", "m%65", "t1/edit", "old"])
    expect(await visit(app, `${site}/api/auth/${path}`), path).toBe(`${site}/in`);
  for (const path of ["ok", "get-session", "callback/github", "edit", "me/you"])
    expect(await visit(app, `${site}/api/auth/${path}`), path).toBeUndefined();
});
