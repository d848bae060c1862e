// `kitcn add auth` on Next App Router apps: as create-next-app makes them, with a provider of their own, and
// with routes and pages in the way.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp } from "../support/cli.js";
import {
  addAuth,
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  lostLines,
  withoutDeployment,
} from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const ROUTE = "app/api/auth/[...all]/route.ts";

describe("an app as create-next-app makes it", () => {
  test("gets a provider, a client, a server, a route and a page", async () => {
    const { app, before, after } = await addAuth("next");
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(created.filter((name) => !name.startsWith("convex/"))).toEqual([
      ".env.local",
      ROUTE,
      "app/auth/AuthPage.tsx",
      "app/auth/auth.module.css",
      "app/auth/page.tsx",
      "components/ConvexClientProvider.tsx",
      "lib/auth-client.ts",
      "lib/auth-server.ts",
    ]);
    expect(after["app/layout.tsx"]).toBe(
      before["app/layout.tsx"]!.replace(
        'import "./globals.css";\n',
        'import "./globals.css";\nimport { ConvexClientProvider } from "../components/ConvexClientProvider";\n',
      ).replace(
        '<body className="min-h-full flex flex-col">{children}</body>',
        '<body className="min-h-full flex flex-col">\n        <ConvexClientProvider>{children}</ConvexClientProvider>\n      </body>',
      ),
    );
    expect(after["components/ConvexClientProvider.tsx"]).toMatch(/^"use client";\n/);
    expect(after[ROUTE]).toContain('import { handlers } from "../../../../lib/auth-server";');
    expect(after["convex/auth.ts"]).toContain("baseURL: process.env.SITE_URL,");
    expect(after["convex/auth.ts"]).not.toContain("crossDomain");
    expect(after[".env.local"]).toContain("NEXT_PUBLIC_CONVEX_SITE_URL=http://127.0.0.1:3211\n");
    await expectSecondRunEmpty(app);
  });

  test("has no route segment config, which cache components refuse", async () => {
    const { after } = await addAuth("next");
    for (const [name, text] of Object.entries(after).filter(([name]) => name.startsWith("app/")))
      expect(text, name).not.toMatch(/export const (dynamic|revalidate|runtime|fetchCache)/);
  });

  test("gets what the convex CLI would generate, until it does", async () => {
    const { after } = await addAuth("next");
    expect(Object.keys(after).filter((name) => name.includes("_generated"))).toEqual([
      "convex/_generated/api.d.ts",
      "convex/_generated/api.js",
      "convex/_generated/dataModel.d.ts",
      "convex/_generated/server.d.ts",
      "convex/_generated/server.js",
    ]);
    expect(after["convex/_generated/api.d.ts"]).toContain(
      '"generated/auth": typeof generated_auth;',
    );
  });

  test("--ui none gives it no page, and the rest", async () => {
    const { app, after } = await addAuth("next", { flags: ["--ui", "none"] });
    expect(Object.keys(after).filter((name) => name.startsWith("app/auth"))).toEqual([]);
    expect(after[ROUTE]).toBeDefined();
    await expectSecondRunEmpty(app, "--ui", "none");
  });
});

describe("an app with src/ and its own provider, a default export found through an alias", () => {
  test("has it replaced where it is, in its own quotes and without semicolons", async () => {
    const { app, before, after } = await addAuth("next-convex");
    const path = "src/components/ConvexClientProvider.tsx";
    expect(after[path]).toBe(
      before[path]!.replace(
        "import { ConvexProvider as Provider, ConvexReactClient } from 'convex/react'\n",
        "import { ConvexReactClient } from 'convex/react'\nimport { ConvexAuthProvider } from 'kitcn/auth/client'\nimport { authClient } from '../lib/auth-client'\n",
      )
        .replace(
          "<Provider\n      client={convex}",
          "<ConvexAuthProvider\n      client={convex}\n      authClient={authClient}",
        )
        .replace("</Provider>", "</ConvexAuthProvider>"),
    );
    expect(after["src/app/layout.tsx"]).toBe(before["src/app/layout.tsx"]);
    expect(after["src/lib/auth-client.ts"]).toBeDefined();
    expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:4000\n");
    await expectSecondRunEmpty(app);
  });

  test("keeps what the convex CLI generated", async () => {
    const { before, after } = await addAuth("next-convex");
    const path = "convex/_generated/api.d.ts";
    expect(after[path]).toBe(before[path]);
    expect(after["convex/_generated/server.js"]).toBeDefined();
  });
});

test("what is written compiles, before the first push", async () => {
  const layout = { "app/layout.tsx": LAYOUT };
  const [fresh, own] = [
    await addAuth("next", { ...COMPILED, files: layout }),
    await addAuth("next-convex", COMPILED),
  ];
  expectTypes([
    ...["app/layout.tsx", "app/auth/page.tsx", "convex/http.ts", ROUTE].map(fresh.app.path),
    ...["src/components/ConvexClientProvider.tsx", "convex/http.ts"].map(own.app.path),
  ]);
});

const LAYOUT = `export default function RootLayout(props: { children: React.ReactNode }) {
  return <html><body>{props.children}</body></html>;
}
`;

describe("what is there already", () => {
  test("route groups with a layout each all get the provider", async () => {
    const { app, after } = await addAuth("next", {
      files: {
        "app/layout.tsx": undefined,
        "app/(site)/layout.tsx": LAYOUT,
        "app/(admin)/layout.tsx": LAYOUT,
      },
    });
    for (const group of ["(site)", "(admin)"])
      expect(after[`app/${group}/layout.tsx`]).toContain(
        'import { ConvexClientProvider } from "../../components/ConvexClientProvider";',
      );
    await expectSecondRunEmpty(app);
  });

  test("a page at /auth stays, and is told", async () => {
    const page = "export default function Mine() {\n  return <p>Mine</p>;\n}\n";
    const app = cliApp("next", { files: { "app/(site)/auth/page.tsx": page } });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran.stdout).toContain("app/(site)/auth/page.tsx is your page at /auth");
    expect(app.read("app/(site)/auth/page.tsx")).toBe(page);
    expect(app.has("app/auth/page.tsx")).toBe(false);
  });

  test("an auth server of the app's own", async () => {
    const server = `import { createNextAuth } from "kitcn/auth/nextjs";\n\n// mine\nexport const { handlers } = createNextAuth();\n`;
    const { after } = await addAuth("next", { files: { "lib/auth-server.ts": server } });
    expect(after["lib/auth-server.ts"]).toBe(server);
    expect(after[ROUTE]).toContain("lib/auth-server");
  });

  test("a provider inside another component, and lines of the layout", async () => {
    const layout = `export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html>
      <body>
        <Header />
        {/* the page */}
        {children}
      </body>
    </html>
  );
}

const Header = () => <header>{"children"}</header>;
`;
    const { after } = await addAuth("next", { files: { "app/layout.tsx": layout } });
    expect(lostLines(layout, after["app/layout.tsx"])).toEqual(["        {children}"]);
    expect(after["app/layout.tsx"]).toContain(
      "        <ConvexClientProvider>{children}</ConvexClientProvider>\n",
    );
  });
});

describe("refused, with the exact edit, and nothing written", () => {
  const cases: { name: string; files: Record<string, string>; says: RegExp }[] = [
    {
      name: "a layout without children",
      files: {
        "app/layout.tsx": "export { default } from '../elsewhere';\n",
      },
      says: /layout\.tsx: there is no single \{children\}[^]*<ConvexClientProvider>\{children\}/,
    },
    {
      name: "another library's route",
      files: {
        "app/api/auth/[...nextauth]/route.ts": "export const GET = () => new Response();\n",
      },
      says: /\[\.\.\.nextauth\]\/route\.ts: this route answers below \/api\/auth already[^]*DELETE, OPTIONS/,
    },
    {
      name: "an auth server without handlers",
      files: { "lib/auth-server.ts": "export const x = 1;\n" },
      says: /auth-server\.ts: kitcn would create this file/,
    },
  ];
  test.each(cases)("$name", async ({ files, says }) => {
    const app = cliApp("next", { files });
    const before = app.snapshot();
    const { code, stdout, stderr } = await app.kitcn("add", "auth", "--yes");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(says);
    expect(app.snapshot()).toEqual(before);
  });
});

test("Next with the pages router only is named, and the server's half is done", async () => {
  const app = cliApp("next", {
    files: { "app/layout.tsx": undefined, "pages/index.tsx": "export default () => null;\n" },
  });
  const { code, stdout } = await app.kitcn("add", "auth", "--yes");
  expect(code).toBe(0);
  expect(stdout).toContain("Next without an App Router layout");
  expect(app.has("convex/auth.ts")).toBe(true);
});
