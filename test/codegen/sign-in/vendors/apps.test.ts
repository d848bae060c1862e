// `kitcn add auth --replace` takes Clerk, WorkOS AuthKit and Auth0 out of an app: one run, after which the app compiles,
// nothing of the service is left, and what was closed to visitors still is.
import { execFileSync } from "node:child_process";
import { runInNewContext } from "node:vm";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { INSTEAD } from "../../../../codegen/sign-in/instead.js";
import { cliApp, type AppOptions } from "../../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../../support/front-end.js";
import { AUTH0_VITE } from "../apps/auth0.js";
import { CLERK_NEXT, CLERK_VITE } from "../apps/clerk.js";
import { writeInstead } from "../apps/instead.js";
import { WORKOS_NEXT, WORKOS_VITE } from "../apps/workos.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const app = (name: string, files: AppOptions["files"] = {}) => cliApp(name, { ...COMPILED, files });

type Report = {
  readonly status: string;
  readonly left: readonly { file: string; line: number; name: string; becomes: string }[];
  readonly signIn: readonly { file: string; name: string; becomes: string }[];
  readonly notes: readonly string[];
};

/** Modules of the apps that moved, for one run of the compiler: it takes the functions of one app. */
const moved: string[] = [];

describe.each([
  [
    "Clerk on Next",
    "next",
    CLERK_NEXT,
    /clerk/i,
    ["app/layout.tsx", "app/page.tsx", "app/notes/page.tsx", "middleware.ts", "convex/http.ts"],
  ],
  ["Clerk on Vite", "vite", CLERK_VITE, /clerk/i, ["src/main.tsx", "convex/auth.config.ts"]],
  [
    "WorkOS AuthKit on Next",
    "next",
    WORKOS_NEXT,
    /workos|authkit/i,
    ["app/layout.tsx", "app/page.tsx", "app/server/page.tsx", "proxy.ts", "convex/auth.config.ts"],
  ],
  [
    "WorkOS AuthKit on Vite",
    "vite",
    WORKOS_VITE,
    /workos|authkit/i,
    ["src/main.tsx", "convex/auth.config.ts"],
  ],
  ["Auth0 on Vite", "vite", AUTH0_VITE, /auth0/i, ["src/main.tsx", "convex/auth.config.ts"]],
])("%s", (_name, fixture, files, traces, compiled) => {
  test("goes in one run: nothing is left of it, the app compiles, and a second run is one line", async () => {
    const made = app(fixture, files);
    const before = made.snapshot();
    const dry = await made.kitcn("add", "auth", "--replace", "--dry-run");
    expect(dry, dry.stdout + dry.stderr).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain("becomes <ConvexAuthProvider> of kitcn/auth/client.");
    expect(made.snapshot()).toEqual(before);
    const ran = await made.kitcn("add", "auth", "--replace", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
    for (const [path, text] of Object.entries(made.snapshot()))
      if (/^(app|src|ui|components|convex|middleware|proxy)/.test(path))
        expect(text, path).not.toMatch(traces);
    moved.push(...compiled.map(made.path));
    await expectSecondRunEmpty(made, "--replace");
    const again = await made.kitcn("add", "auth", "--replace", "--yes");
    expect(again.stdout).toBe("kitcn add auth: everything is in place; nothing was written.\n");
  });
});

test("all of them compile, and so does every replacement that kitcn tells their owners to write", async () => {
  expect(moved.length).toBeGreaterThan(0);
  const replacements = await writeInstead();
  expect(replacements.length).toBeGreaterThan(40);
  expectTypes([...moved, ...replacements]);
});

describe("what kitcn cannot carry over", () => {
  const PROFILE = `"use client";
import { useClerk, useUser } from "@clerk/nextjs";

export default function Profile() {
  const { user } = useUser();
  const { openUserProfile } = useClerk();
  return <button onClick={() => openUserProfile()}>{user?.firstName}</button>;
}
`;

  test("is listed at once and stays, with the provider that it needs; the next run takes that out", async () => {
    const made = app("next", { ...CLERK_NEXT, "app/profile/page.tsx": PROFILE });
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
    expect(ran.code).toBe(1);
    const report = JSON.parse(ran.stdout) as Report;
    expect(report.status).toBe("failed");
    expect(report.left.map(({ file, line, name }) => `${file}:${line} ${name}`)).toEqual([
      "app/profile/page.tsx:5 useUser",
      "app/profile/page.tsx:6 useClerk",
    ]);
    expect(report.signIn).toContainEqual(
      expect.objectContaining({
        name: "ClerkProvider",
        becomes: "stays while a component inside it needs it.",
      }),
    );
    expect(report.notes.join()).not.toContain("No longer needed");
    expect(report.left[0]?.becomes).toContain("authClient.useSession().data?.user");
    expect(made.read("app/profile/page.tsx")).toBe(PROFILE);
    expectTypes(["app/layout.tsx", "app/profile/page.tsx", "app/page.tsx"].map(made.path));
    const before = made.snapshot();
    const second = await made.kitcn("add", "auth", "--replace", "--yes");
    expect(second.code).toBe(1);
    expect(second.stdout).toContain("change these yourself, then run the command again:");
    expect(made.snapshot()).toEqual(before);
    made.write(
      "app/profile/page.tsx",
      `"use client";
import { authClient } from "../../lib/auth-client";

export default function Profile() {
  return <p>{authClient.useSession().data?.user.name}</p>;
}
`,
    );
    const last = await made.kitcn("add", "auth", "--replace", "--yes");
    expect(last, last.stdout + last.stderr).toMatchObject({ code: 0 });
    expect(made.read("app/layout.tsx")).not.toContain("lerk");
    expectTypes(["app/layout.tsx", "app/profile/page.tsx"].map(made.path));
    await expectSecondRunEmpty(made, "--replace");
  });

  const TEAM = `"use client";
import { useAuth, useOrganization } from "@clerk/nextjs";

export default function Page() {
  const { orgRole, sessionClaims } = useAuth();
  const name = useOrganization().organization?.name;
  return <p>{orgRole} {String(sessionClaims)} {name}</p>;
}
`;

  test("is a role, claims and an organization: each is listed with its replacement", async () => {
    const made = app("next", { ...CLERK_NEXT, "app/team/page.tsx": TEAM });
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
    const { left } = JSON.parse(ran.stdout) as { left: { name: string; becomes: string }[] };
    expect(left.map(({ name, becomes }) => `${name} ${becomes}`)).toEqual([
      `useAuth stays; use instead: orgRole: ${INSTEAD["useAuth.orgRole"]}; sessionClaims: ${INSTEAD["useAuth.sessionClaims"]}.`,
      `useOrganization stays; use instead: organization: ${INSTEAD["useOrganization.organization"]}.`,
    ]);
  });

  test.each([
    ["a role", "await auth.protect({ role: 'org:admin' });"],
    ["the session's claims", "const { sessionClaims } = await auth(); if (!sessionClaims) return;"],
    ["a function in the function", "[1].forEach(async () => { await auth.protect(); });"],
  ])(
    "is a middleware that asks for %s: it stays and keeps its pages closed",
    async (_name, body) => {
      const middleware = `import { clerkMiddleware } from "@clerk/nextjs/server";

export default clerkMiddleware(async (auth) => {
  ${body}
});
`;
      const made = app("next", { ...CLERK_NEXT, "middleware.ts": middleware });
      const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
      expect(ran.code).toBe(1);
      expect(made.read("middleware.ts")).toBe(middleware);
      const { left } = JSON.parse(ran.stdout) as Report;
      const found = left.find(({ file }) => file === "middleware.ts");
      expect(found?.becomes).toContain('NextResponse.redirect(new URL("/auth", request.url))');
    },
  );

  test("is a matcher with a pattern that is not understood", async () => {
    const middleware = CLERK_NEXT["middleware.ts"]!.replace("/notes(.*)", "/((?!open).*)");
    const made = app("next", { ...CLERK_NEXT, "middleware.ts": middleware });
    await made.kitcn("add", "auth", "--replace", "--yes");
    expect(made.read("middleware.ts")).toBe(middleware);
  });

  test.each([
    ["", "{ contentSecurityPolicy: { strict: true } }"],
    ["() => {}, ", "{ contentSecurityPolicy: { strict: true } }"],
    ["() => {}, ", "() => ({ signInUrl: '/sign-in' })"],
  ])("is what a middleware says to browsers: clerkMiddleware(%s%s)", async (callback, options) => {
    const middleware = `import { clerkMiddleware } from "@clerk/nextjs/server";

export default clerkMiddleware(${callback}${options});
`;
    const made = app("next", { ...CLERK_NEXT, "middleware.ts": middleware });
    await made.kitcn("add", "auth", "--replace", "--yes");
    expect(made.read("middleware.ts")).toBe(middleware);
  });

  test.each([
    "const headers = { Authorization: `Bearer ${await (await auth()).getToken()}` };",
    "const { getToken } = await auth();\n  const headers = { Authorization: `Bearer ${await getToken()}` };",
  ])("is a token that goes to some server in a header: %s", async (lines) => {
    const page = `import { auth } from "@clerk/nextjs/server";

export default async function Page() {
  ${lines}
  const answer = await fetch("https://api.example.com/plans", { headers });
  return <p>{answer.status}</p>;
}
`;
    const made = app("next", { ...CLERK_NEXT, "app/plans/page.tsx": page });
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
    const { left } = JSON.parse(ran.stdout) as Report;
    expect(left.map(({ file, name }) => `${file} ${name}`)).toEqual(["app/plans/page.tsx auth"]);
    expect(made.read("app/plans/page.tsx")).toBe(page);
  });

  test.each([
    "const { isSignedIn } = useAuth();\n  if (isSignedIn === false) window.location.assign('/');",
    "if (useAuth().isSignedIn === false) window.location.assign('/');",
  ])(
    "is a state of three values that is compared: while Convex loads, it is false (%s)",
    async (lines) => {
      const page = `"use client";
import { useAuth } from "@clerk/nextjs";

export default function Page() {
  ${lines}
  return <p>Plans</p>;
}
`;
      const made = app("next", { ...CLERK_NEXT, "app/plans/page.tsx": page });
      const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
      const { left } = JSON.parse(ran.stdout) as Report;
      expect(left.map(({ file, name }) => `${file} ${name}`)).toEqual([
        "app/plans/page.tsx useAuth",
      ]);
      expect(made.read("app/plans/page.tsx")).toBe(page);
    },
  );

  test("is what asks Convex above its provider: Clerk's stays around it", async () => {
    const made = app("next", {
      ...CLERK_NEXT,
      "app/layout.tsx": CLERK_NEXT["app/layout.tsx"]!.replace(
        "<ConvexClientProvider>{children}</ConvexClientProvider>",
        "{children}",
      ).replace(/import \{ ConvexClientProvider.*\n/, ""),
      "app/team/layout.tsx": `import type { ReactNode } from "react";
import { ConvexClientProvider } from "@/ui/ConvexClientProvider";

export default function Layout({ children }: { children: ReactNode }) {
  return <ConvexClientProvider>{children}</ConvexClientProvider>;
}
`,
    });
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
    const { left } = JSON.parse(ran.stdout) as Report;
    expect(left.map(({ file, name }) => `${file} ${name}`)).toEqual([
      "app/layout.tsx Show",
      "app/layout.tsx Show",
      "app/layout.tsx UserButton",
    ]);
  });
});

describe("pages and middleware", () => {
  test("a sign-in page with more than the service's form keeps its lines", async () => {
    const page = `import { SignIn } from "@clerk/nextjs";

export default function Page() {
  return (
    <main>
      <h1>Come in</h1>
      <SignIn path="/sign-in" />
    </main>
  );
}
`;
    const made = app("next", { ...CLERK_NEXT, "app/sign-in/[[...sign-in]]/page.tsx": page });
    await made.kitcn("add", "auth", "--replace", "--yes");
    expect(made.read("app/sign-in/[[...sign-in]]/page.tsx")).toBe(
      page
        .replace('import { SignIn } from "@clerk/nextjs";', 'import Link from "next/link";')
        .replace('<SignIn path="/sign-in" />', '<Link href="/auth">Sign in</Link>'),
    );
  });

  test("without kitcn's page what leads to it stays, and is listed", async () => {
    const made = app("next", CLERK_NEXT);
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--ui", "none", "--json");
    const { left } = JSON.parse(ran.stdout) as Report;
    expect(made.read("app/sign-up/[[...sign-up]]/page.tsx")).toContain("<SignUp />");
    expect(left.map(({ file, name }) => `${file} ${name}`)).toContain(
      "app/sign-up/[[...sign-up]]/page.tsx SignUp",
    );
  });

  describe("without kitcn's page, what led to the service's form", () => {
    const PROTECTED = "app/notes/page.tsx";

    test("leads to the app's own page at its path, which is listed", async () => {
      const made = app("next", CLERK_NEXT);
      const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--ui", "none", "--json");
      const { left } = JSON.parse(ran.stdout) as Report;
      const form = left.find(({ name }) => name === "SignIn");
      expect(form?.file).toBe("app/sign-in/[[...sign-in]]/page.tsx");
      expect(form?.becomes).toContain("authClient.signIn.email({ email, password })");
      expect(made.read(PROTECTED)).toContain('redirect("/sign-in");');
      expect(made.read("app/page.tsx")).toContain('<Link href="/sign-in">');
      expect(made.read("app/page.tsx")).toContain('<Link href="/sign-up">Sign up</Link>');
      const middleware = made.read("middleware.ts");
      expect(middleware).toContain('new URL(request.nextUrl.basePath + "/sign-in", request.url)');
      expect(middleware).toContain("/^\\/sign-in\\/?$/.test(path)");
      for (const [path, text] of Object.entries(made.snapshot()))
        if (/^(app|ui|middleware)/.test(path)) expect(text, path).not.toMatch(/["'`]\/auth\b/);
      expect(ran.stdout).not.toMatch(/(?<![\w/])\/auth(?![\w-])/);
      expectTypes(["middleware.ts", "app/page.tsx", PROTECTED].map(made.path));
    });

    test("leads to a page that the app wrote itself", async () => {
      const { "app/sign-in/[[...sign-in]]/page.tsx": _in, ...others } = CLERK_NEXT;
      const page = "export default function Page() {\n  return <p>Come in</p>;\n}\n";
      const made = app("next", { ...others, "app/(site)/login/page.tsx": page });
      await made.kitcn("add", "auth", "--replace", "--yes", "--ui", "none", "--json");
      expect(made.read(PROTECTED)).toContain('redirect("/login");');
      expect(made.read("middleware.ts")).toContain('basePath + "/login"');
    });

    test("stays where the app has no such page, and is listed with what to write", async () => {
      const { "app/sign-in/[[...sign-in]]/page.tsx": _in, ...others } = CLERK_NEXT;
      const made = app("next", others);
      const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--ui", "none", "--json");
      expect(ran.code).toBe(1);
      const { left } = JSON.parse(ran.stdout) as Report;
      const closed = left.find(({ name }) => name === "clerkMiddleware");
      expect(closed?.line).toBe(6);
      expect(closed?.becomes).toContain('new URL("/sign-in", request.url)');
      const asked = left.find(({ file, name }) => file === PROTECTED && name === "auth.protect");
      expect(asked?.becomes).toBe(
        'stays; use instead: `if (!(await isAuthenticated())) redirect("/sign-in")`, with isAuthenticated of lib/auth-server and redirect of next/navigation (write your own page at /sign-in first).',
      );
      expect(made.read("middleware.ts")).toBe(CLERK_NEXT["middleware.ts"]);
      expect(made.read(PROTECTED)).toContain("auth.protect()");
      expect(ran.stdout).not.toMatch(/(?<![\w/])\/auth(?![\w-])/);
    });

    test("stays in an app on Vite, whose paths kitcn does not know", async () => {
      const made = app("vite", WORKOS_VITE);
      const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--ui", "none", "--json");
      const { left } = JSON.parse(ran.stdout) as Report;
      expect(left.map(({ file, name }) => `${file} ${name}`)).toContain("src/Home.tsx useAuth");
      expect(made.read("src/Home.tsx")).toBe(WORKOS_VITE["src/Home.tsx"]);
    });
  });

  test("what leads to kitcn's page begins with the app's base path", async () => {
    const vite = app("vite", {
      ...WORKOS_VITE,
      "vite.config.ts": "export default { base: '/app/' };\n",
      "src/Other.tsx": `import { SignInButton } from "@clerk/clerk-react";
export const Other = () => <SignInButton />;
`,
      "src/Home.tsx": WORKOS_VITE["src/Home.tsx"]! + 'export { Other } from "./Other";\n',
    });
    await vite.kitcn("add", "auth", "--replace", "--yes");
    const base = 'import.meta.env.BASE_URL.replace(/\\/$/, "")';
    expect(vite.read("src/Home.tsx")).toContain(`window.location.assign(\`\${${base}}/auth\`)`);
    expect(vite.read("src/Other.tsx")).toContain(`<a href={\`\${${base}}/auth\`}>Sign in</a>`);
    expectTypes([vite.path("src/Home.tsx")]);
    const page = `"use client";
import { useClerk } from "@clerk/nextjs";

export default function Page() {
  const { openSignIn } = useClerk();
  return <button onClick={() => openSignIn()}>Come in</button>;
}
`;
    const next = app("next", {
      ...CLERK_NEXT,
      "next.config.ts": 'const config = { basePath: "/app" };\nexport default config;\n',
      "app/plans/page.tsx": page,
    });
    await next.kitcn("add", "auth", "--replace", "--yes");
    expect(next.read("app/plans/page.tsx")).toContain(
      'window.location.assign(`${process.env.__NEXT_ROUTER_BASEPATH ?? ""}/auth`)',
    );
    // Next's link and its redirect() add the path themselves.
    expect(next.read("app/page.tsx")).toContain('<Link href="/auth">');
    expectTypes([next.path("app/plans/page.tsx")]);
  });

  test("where buttons, forms and the provider lead after a sign-in is kept, or listed", async () => {
    const made = app("next", {
      ...CLERK_NEXT,
      "app/layout.tsx": CLERK_NEXT["app/layout.tsx"]!.replace(
        'afterSignOutUrl="/"',
        'afterSignOutUrl="/bye" signInForceRedirectUrl="/in"',
      ),
      "app/login/page.tsx": `import { SignIn } from "@clerk/nextjs";

export default function Page() {
  return <SignIn fallbackRedirectUrl="/notes?new=1" />;
}
`,
      "app/plans/page.tsx": `import { SignInButton, SignUpButton } from "@clerk/nextjs";

export default function Plans({ plan }: { plan: string }) {
  return (
    <main>
      <SignInButton mode="modal" forceRedirectUrl="/a" fallbackRedirectUrl="/b" signUpForceRedirectUrl="/a" />
      <SignInButton forceRedirectUrl={\`/plans/\${plan}\`} />
      <SignInButton signUpForceRedirectUrl="/welcome" />
      <SignUpButton forceRedirectUrl="https://example.com">
        <b>Join</b>
      </SignUpButton>
    </main>
  );
}
`,
    });
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
    const { notes, left } = JSON.parse(ran.stdout) as Report;
    expect(left ?? []).toEqual([]);
    expect(made.read("app/login/page.tsx")).toContain(
      'redirect("/auth?redirectTo=/notes%3Fnew%3D1")',
    );
    const plans = made.read("app/plans/page.tsx");
    expect(plans).toContain('<Link href="/auth?redirectTo=/a">Sign in</Link>');
    expect(plans.match(/<Link href="\/auth">/g)).toHaveLength(3);
    const told = notes.flatMap((one) => /^(\S+ .*) is not kept\. To open/.exec(one)?.[1] ?? []);
    expect(told.toSorted()).toEqual([
      'app/layout.tsx:16 afterSignOutUrl="/bye"',
      'app/layout.tsx:16 signInForceRedirectUrl="/in"',
      "app/plans/page.tsx:7 forceRedirectUrl={`/plans/${plan}`}",
      'app/plans/page.tsx:8 signUpForceRedirectUrl="/welcome"',
      'app/plans/page.tsx:9 forceRedirectUrl="https://example.com"',
    ]);
  });

  test("a middleware that closes no page goes, and public pages of another stay public", async () => {
    const idle = app("next", {
      ...CLERK_NEXT,
      "middleware.ts": `import { clerkMiddleware } from "@clerk/nextjs/server";

export default clerkMiddleware();

export const config = { matcher: ["/(.*)"] };
`,
    });
    const ran = await idle.kitcn("add", "auth", "--replace", "--yes");
    expect(ran, ran.stdout).toMatchObject({ code: 0 });
    expect(idle.has("middleware.ts")).toBe(false);
    const open = app("next", {
      ...CLERK_NEXT,
      "middleware.ts": `import { clerkMiddleware, createRouteMatcher } from "@clerk/nextjs/server";

const isPublic = createRouteMatcher(["/", "/sign-in(.*)"]);

export default clerkMiddleware(async (auth, request) => {
  const { userId, redirectToSignIn } = await auth();
  if (!userId && !isPublic(request)) return redirectToSignIn();
});
`,
    });
    const second = await open.kitcn("add", "auth", "--replace", "--yes");
    expect(second, second.stdout).toMatchObject({ code: 0 });
    expect(open.read("middleware.ts")).toContain("const userId = await isAuthenticated();");
    expect(open.read("middleware.ts")).toContain("return refuseVisitor(request);");
    // An app that is not at the root of its site has its sign-in page below the same path.
    expect(open.read("middleware.ts")).toContain('new URL(request.nextUrl.basePath + "/auth"');
    expectTypes([open.path("middleware.ts")]);
  });

  test("what a middleware closed stays closed, however the address is spelled", async () => {
    const middleware = CLERK_NEXT["middleware.ts"]!.replace(
      '"/teams/:team/edit"',
      '"/:lang(en|de)/admin", "/Team/:path*", "/api/auth(.*)"',
    );
    const made = app("next", {
      ...CLERK_NEXT,
      "middleware.ts": middleware,
      "app/api/auth/me/route.ts": "export const GET = () => new Response();\n",
    });
    await made.kitcn("add", "auth", "--replace", "--yes");
    const code = made
      .read("middleware.ts")
      .replace(/^import .*\n/gm, "")
      .replace(/^export default /m, "")
      .replace(/^export const config[\s\S]*?^\};$/m, "");
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ESNext },
    });
    /** Where a request is sent; undefined where it goes on. */
    const visit = async (pathname: string, isSignedIn = false) => {
      const given = {
        URL,
        isAuthenticated: () => isSignedIn,
        NextResponse: { redirect: ({ href }: URL) => href },
        request: { url: "https://a.example/app/x?y=1", nextUrl: { pathname, basePath: "/app" } },
      };
      return (await runInNewContext(`${outputText}\nmiddleware(request)`, given)) as unknown;
    };
    const closed = ["/notes", "/notes/", "/NOTES/1", "/n%6Ftes/1", "//notes", "/notes%2F1"];
    closed.push("/en/admin", "/de/admin/", "/team", "/team/a/b", "//en//admin");
    // The app's own, beside kitcn's route.
    closed.push("/api/auth/me", "/api/auth/ME/", "/api//auth/me");
    for (const path of closed) {
      expect(await visit(path), path).toBe("https://a.example/app/auth");
      expect(await visit(path, true), path).toBeUndefined();
    }
    for (const path of [
      "/",
      "/note",
      "/fr/admin",
      "/admin",
      "/auth",
      "/api/auth/ok",
      "/en/a/admin",
    ])
      expect(await visit(path), path).toBeUndefined();
    await expect(visit("/%E0%A4%A")).rejects.toThrow("URI");
  });

  test("the dry run's diff does to the letter what the run does, files that go included", async () => {
    const byHand = app("next", WORKOS_NEXT);
    const dry = await byHand.kitcn("add", "auth", "--replace", "--dry-run", "--json");
    const { diff } = JSON.parse(dry.stdout) as { diff: string };
    byHand.write("edits.patch", diff);
    execFileSync("git", ["apply", "--whitespace=nowarn", "edits.patch"], {
      cwd: byHand.root,
      stdio: "pipe",
    });
    byHand.remove("edits.patch");
    const made = app("next", WORKOS_NEXT);
    await made.kitcn("add", "auth", "--replace", "--yes");
    expect(made.has("app/callback/route.ts")).toBe(false);
    expect(byHand.snapshot()).toEqual(made.snapshot());
  });
});

describe("what the service showed to users only", () => {
  test("is decided on the server where the server renders it: visitors are sent nothing of it", async () => {
    const made = app("next", CLERK_NEXT);
    const ran = await made.kitcn("add", "auth", "--replace", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    const page = made.read("app/plans/page.tsx");
    expect(page).toContain("<AuthenticatedOnServer>\n        <Plans />\n");
    expect(page).toContain("<Unauthenticated>");
    const shown = made.read("components/authenticated-on-server.tsx");
    expect(shown).toContain("const isSignedIn = await isAuthenticated();");
    expect(shown).toContain("{isSignedIn ? children : null}");
    expect(shown).not.toContain("use client");
    expect(made.read("components/follow-sign-in.tsx")).toMatch(/^"use client";\n/);
    // Links are no secret: the layout stays one that is rendered once for all.
    expect(made.read("app/layout.tsx")).not.toContain("OnServer");
    expectTypes(["app/plans/page.tsx", "components/authenticated-on-server.tsx"].map(made.path));
    await expectSecondRunEmpty(made, "--replace");
  });

  const SHARED = `import { SignedIn } from "@clerk/nextjs";

export function Shared() {
  return (
    <SignedIn>
      <p>Our plans</p>
    </SignedIn>
  );
}
`;
  const inBrowser = `"use client";
import { Shared } from "../../ui/Shared";

export default function Page() {
  return <Shared />;
}
`;

  test("stays in a module that the server and the browser render, and is decided in one for the browser", async () => {
    const both = app("next", {
      ...CLERK_NEXT,
      "ui/Shared.tsx": SHARED,
      "app/a/page.tsx": inBrowser,
      "app/b/page.tsx": inBrowser.replace('"use client";\n', ""),
    });
    const ran = await both.kitcn("add", "auth", "--replace", "--yes", "--json");
    const { left } = JSON.parse(ran.stdout) as Report;
    expect(left.map(({ file, name }) => `${file} ${name}`)).toEqual(["ui/Shared.tsx SignedIn"]);
    const one = app("next", {
      ...CLERK_NEXT,
      "ui/Shared.tsx": SHARED,
      "app/a/page.tsx": inBrowser,
    });
    const second = await one.kitcn("add", "auth", "--replace", "--yes");
    expect(second, second.stdout + second.stderr).toMatchObject({ code: 0 });
    expect(one.read("ui/Shared.tsx")).toContain("<Authenticated>");
    expectTypes(["ui/Shared.tsx", "app/a/page.tsx"].map(one.path));
  });
});

test("a module of the app that only a story still imports stays", async () => {
  const story = `import { ConvexProviderWithAuthKit } from "./ConvexProviderWithAuthKit";

export default { component: ConvexProviderWithAuthKit };
`;
  const made = app("vite", { ...WORKOS_VITE, "src/Provider.stories.tsx": story });
  const ran = await made.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  expect(made.read("src/ConvexProviderWithAuthKit.tsx")).toBe(
    WORKOS_VITE["src/ConvexProviderWithAuthKit.tsx"],
  );
});

test("webhooks, ids of users and variables of the service are named", async () => {
  const made = app("next", {
    ...CLERK_NEXT,
    ".env.local": "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_1\nCLERK_SECRET_KEY=sk_test_secret\n",
    "convex/http.ts": `import { httpRouter } from "convex/server";
import type { WebhookEvent } from "@clerk/backend";
import { httpAction } from "./_generated/server";

export type Event = WebhookEvent;
const http = httpRouter();
http.route({
  path: "/clerk-users-webhook",
  method: "POST",
  handler: httpAction(async () => new Response(process.env.CLERK_WEBHOOK_SECRET)),
});
export default http;
`,
  });
  const manifest = JSON.parse(made.read("package.json")) as { dependencies: object };
  const more = {
    "@clerk/backend": "^2.0.0",
    "@clerk/elements": "^0.24.0",
    "@clerk/localizations": "^3.0.0",
    "@clerk/themes": "^2.0.0",
  };
  const dependencies = { ...manifest.dependencies, ...more };
  made.write(
    "lib/mistake.ts",
    `export const isClerk = (text) => text.includes("@clerk/elements");\n`,
  );
  made.write("kept.config.ts", `export default { transpilePackages: ["@clerk/localizations"] };\n`);
  made.write("app/globals.css", "@import '@clerk/themes/shadcn.css';\n");
  made.write("package.json", JSON.stringify({ ...manifest, dependencies }));
  const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
  expect(ran.stdout).not.toContain("sk_test_secret");
  const notes = (JSON.parse(ran.stdout) as Report).notes.join("\n");
  expect(notes).toContain("convex/http.ts:7 /clerk-users-webhook is called by Clerk");
  expect(notes).toContain("convex/notes.ts:11  identity.subject, kept in notes.userId");
  expect(notes).toContain("npx kitcn import --rewrite notes.userId");
  expect(notes).toContain("@clerk/backend stays installed: convex/http.ts still imports it.");
  // A text that has the name of a package is no import.
  expect(notes).not.toContain("@clerk/elements stays installed");
  expect(notes).toContain("@clerk/localizations stays installed: kept.config.ts still names it.");
  expect(notes).toContain("@clerk/themes stays installed: app/globals.css still imports it.");
  expect(notes).toContain(
    "No longer needed: CLERK_JWT_ISSUER_DOMAIN, CLERK_SECRET_KEY, NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY.",
  );
});
