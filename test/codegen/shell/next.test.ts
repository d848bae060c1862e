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
  newPages,
  withoutDeployment,
} from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const ROUTE = "app/api/auth/[...all]/route.ts";
const CLIENT =
  "import { createAuthClient } from 'better-auth/react'\nexport const authClient = createAuthClient()\n";

describe("an app as create-next-app makes it", () => {
  test("gets a provider, a client, a server, a route and a page", async () => {
    const { app, before, after } = await addAuth("next");
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(created.filter((name) => !name.startsWith("convex/"))).toEqual([
      ".env.local",
      ROUTE,
      ...[...newPages("app/auth"), "app/auth/page.tsx"].sort(),
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

  test("below a path, its author is told where auth has to know of it", async () => {
    const config = 'export default { basePath: "/app" };\n';
    const app = cliApp("next", { files: { "next.config.ts": config } });
    const { stdout } = await app.kitcn("add", "auth", "--yes");
    expect(stdout).toContain("docs/server.md#an-app-below-a-path");
    app.write(
      "lib/auth-client.ts",
      app.read("lib/auth-client.ts").replace("plugins:", 'basePath: "/app/api/auth",\n  plugins:'),
    );
    const again = await app.kitcn("add", "auth", "--yes", "--verbose");
    expect(again.stdout).not.toContain("an-app-below-a-path");
  });

  describe("with Tailwind in Turbopack, whose rule takes CSS modules for global sheets", () => {
    const RULE = `      "*.css": {
        loaders: ["@tailwindcss/turbopack"],
        as: "*.css",
`;
    const CONFIG = `import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  /* config options here */
  cacheComponents: true,
  turbopack: {
    rules: {
${RULE}      },
    },
  },
};

export default nextConfig;
`;
    const CONDITION = "condition: { not: { path: /\\.module\\.css$/ } }";

    test("has its rule leave them alone", async () => {
      const { app, after } = await addAuth("next", { files: { "next.config.ts": CONFIG } });
      expect(after["next.config.ts"]).toBe(CONFIG.replace(RULE, `${RULE}        ${CONDITION},\n`));
      await expectSecondRunEmpty(app);
    });

    test.each<{ name: string; config: string; isTold?: true }>([
      {
        name: "a condition of the author's own",
        config: CONFIG.replace(RULE, `${RULE}        condition: "browser",\n`),
      },
      {
        name: "a rule for other sheets",
        config: CONFIG.replace(/@tailwindcss\/turbopack/, "loader").replace(
          '"*.css":',
          '"*.pcss":',
        ),
      },
      {
        name: "rules that code makes, which are named",
        config: 'export default { turbopack: rulesOf("@tailwindcss/turbopack") };\n',
        isTold: true,
      },
    ])("keeps $name", async ({ config, isTold }) => {
      const app = cliApp("next", { files: { "next.config.ts": config } });
      const { stdout } = await app.kitcn("add", "auth", "--yes");
      expect(app.read("next.config.ts")).toBe(config);
      expect(stdout.includes(`add ${CONDITION} to the rule`)).toBe(isTold === true);
    });

    test("keeps it where it has no page of kitcn", async () => {
      const { after } = await addAuth("next", {
        flags: ["--ui", "none"],
        files: { "next.config.ts": CONFIG },
      });
      expect(after["next.config.ts"]).toBe(CONFIG);
    });
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

  test.each([
    ["an alias", "import { authClient } from '@/lib/auth-client'\n"],
    ["a name of its own", "import { authClient as client } from '@/lib/auth-client'\n"],
    ["a module that passes it on", "import { authClient } from '@/lib/clients'\n"],
  ])("imports the auth client once where that is there by %s", async (_name, line) => {
    const path = "src/components/ConvexClientProvider.tsx";
    const provider = cliApp("next-convex").read(path);
    const { app, after } = await addAuth("next-convex", {
      files: {
        [path]: provider.replace("\n\nconst", `\n${line}\nconst`),
        "src/lib/auth-client.ts": CLIENT,
        "src/lib/clients.ts": "export { authClient } from './auth-client'\n",
      },
    });
    expect(after[path]!.match(/auth-client|clients/g)).toHaveLength(1);
    expect(after[path]).toContain(
      `authClient={${line.includes(" as ") ? "client" : "authClient"}}`,
    );
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

describe("a route that has kitcn's handlers is left alone", () => {
  const SERVER = `import { createNextAuth as make } from 'kitcn/auth/nextjs'
export const { handlers, getToken } = make()
`;
  const NAMESPACE = `import * as kitcn from "kitcn/auth/nextjs";
export const auth = kitcn.createNextAuth();
`;
  const cases: { name: string; files: Record<string, string> }[] = [
    {
      name: "in other quotes, through an alias and another module",
      files: {
        [ROUTE]: "import { handlers as h } from '@/server/auth'\nexport const { GET, POST } = h\n",
        "server/auth.ts": SERVER,
      },
    },
    {
      name: "re-exported twice",
      files: {
        [ROUTE]: `export { GET, POST } from "../../../../server";\n`,
        "server/index.ts": `export * from "./handlers";\n`,
        "server/handlers.ts": `import { handlers } from "./auth";\nexport const GET = handlers.GET;\nexport const POST = handlers["POST"];\n`,
        "server/auth.ts": SERVER,
      },
    },
    {
      name: "made in place, and wrapped",
      files: {
        [ROUTE]: `import { createNextAuth } from "kitcn/auth/nextjs";
const { handlers: { GET: get, POST } } = createNextAuth();
export { POST };
export async function GET(request: Request) {
  return get(request);
}
`,
      },
    },
    {
      name: "below a namespace, in a route group",
      files: {
        "app/(api)/api/auth/[...rest]/route.ts": `import * as server from "../../../../../server/auth";
const { handlers } = server.auth;
export const GET = (request: Request) => handlers.GET(request);
export const POST = (request: Request) => server.auth.handlers.POST(request);
`,
        "server/auth.ts": NAMESPACE,
      },
    },
  ];
  test.each(cases)("$name", async ({ files }) => {
    const { app, after } = await addAuth("next", { files });
    for (const [path, text] of Object.entries(files)) expect(after[path]).toBe(text);
    const routes = Object.keys(after).filter((path) => path.endsWith("/route.ts"));
    expect(routes).toEqual(Object.keys(files).filter((path) => path.endsWith("/route.ts")));
    expect(after["lib/auth-server.ts"]).toBeUndefined();
    await expectSecondRunEmpty(app);
  });
});

describe("names are followed", () => {
  test("to a provider that another module of the app hands on", async () => {
    const provider = `"use client";
import type { ReactNode } from "react";
import { Provider } from "./kit";
import { client, authClient } from "./clients";
export const Providers = ({ children }: { children: ReactNode }) => (
  <Provider client={client} authClient={authClient}>{children}</Provider>
);
`;
    const layout = `import { Providers } from "../kit/providers";
export default function RootLayout({ children }: { children: React.ReactNode }) {
  return <html><body><Providers>{children}</Providers></body></html>;
}
`;
    const files = {
      "app/layout.tsx": layout,
      "kit/providers.tsx": provider,
      "kit/kit.ts": `export { ConvexAuthProvider as Provider } from "kitcn/auth/client";\n`,
    };
    const { after } = await addAuth("next", { files });
    for (const [path, text] of Object.entries(files)) expect(after[path]).toBe(text);
    expect(after["components/ConvexClientProvider.tsx"]).toBeUndefined();
    const plain = `export { ConvexProvider as Provider } from "convex/react";\n`;
    const bare = provider
      .replace("client, authClient", "client")
      .replace(" authClient={authClient}", "");
    const plainFiles = { ...files, "kit/kit.ts": plain, "kit/providers.tsx": bare };
    const patched = await addAuth("next", { files: plainFiles });
    expect(patched.after["kit/providers.tsx"]).toMatch(
      /import \{ ConvexAuthProvider \} from "kitcn\/auth\/client"[^]*<ConvexAuthProvider client=\{client\} authClient=\{authClient\}>/,
    );
    expect(patched.after["kit/providers.tsx"]).not.toContain("./kit");
  });

  test.each([
    ["without the auth client", "<ConvexAuthProvider client={convex}>", ""],
    [
      "with an auth client that nothing imports",
      "<ConvexAuthProvider client={convex} authClient={auth}>",
      " as auth",
    ],
  ])("to a provider of kitcn's %s, which is completed", async (_name, tag, alias) => {
    const provider = `"use client";
import { ConvexReactClient } from "convex/react";
import { ConvexAuthProvider } from "kitcn/auth/client";
import type { ReactNode } from "react";

const convex = new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!);

export function Providers({ children }: { children: ReactNode }) {
  return ${tag}{children}</ConvexAuthProvider>;
}
`;
    const layout = LAYOUT.replace("{props.children}", "<Providers>{props.children}</Providers>");
    const { app, after } = await addAuth("next", {
      files: {
        "components/providers.tsx": provider,
        "app/layout.tsx": `import { Providers } from "@/components/providers";\n${layout}`,
      },
    });
    const name = alias === "" ? "authClient" : "auth";
    expect(after["components/providers.tsx"]).toContain(
      `import { authClient${alias} } from "../lib/auth-client";\n`,
    );
    expect(after["components/providers.tsx"]).toContain(
      `<ConvexAuthProvider client={convex} authClient={${name}}>`,
    );
    await expectSecondRunEmpty(app);
  });

  test("to an auth client that is made elsewhere", async () => {
    const client = `import { createAuthClient } from "better-auth/react";\nexport const client = createAuthClient();\n`;
    const handed = `export { client as authClient } from "../shared/client";\n`;
    const { app, after } = await addAuth("next", {
      files: { "shared/client.ts": client, "lib/auth-client.ts": handed },
    });
    expect(after["lib/auth-client.ts"]).toBe(handed);
    expect(after["shared/client.ts"]).toContain("plugins: [convexClient()]");
    await expectSecondRunEmpty(app);
  });
});

describe("refused, with the exact edit, and nothing written", () => {
  const cases: { name: string; files: Record<string, string>; says: RegExp }[] = [
    {
      name: "a layout without children",
      files: {
        "app/layout.tsx": "// the layout\nexport { default } from '../elsewhere';\n",
      },
      says: /layout\.tsx:2: kitcn does not find \{children\}[^]*<ConvexClientProvider>\{children\}/,
    },
    {
      name: "a layout with children in two places",
      files: {
        "app/layout.tsx": `export default function RootLayout({ children }: { children: React.ReactNode }) {
  return isWide()
    ? <Wide>{children}</Wide>
    : <Narrow>{children}</Narrow>;
}
`,
      },
      says: /layout\.tsx:4: this is the second place[^]*<ConvexClientProvider>\{children\}/,
    },
    {
      name: "another module in the provider's place",
      files: {
        "components/ConvexClientProvider.tsx": "// mine\nexport const Mine = () => null;\n",
      },
      says: /ConvexClientProvider\.tsx:2: kitcn would create this file[^]*<ConvexProvider client/,
    },
    {
      name: "an empty file in the provider's place",
      files: { "components/ConvexClientProvider.tsx": "" },
      says: /ConvexClientProvider\.tsx:1: kitcn would create this file/,
    },
    {
      name: "another library's route",
      files: {
        "app/api/auth/[...nextauth]/route.ts": "export const GET = () => new Response();\n",
      },
      says: /\[\.\.\.nextauth\]\/route\.ts:1: this route answers below \/api\/auth already[^]*DELETE, OPTIONS/,
    },
    {
      name: "a route that only talks of kitcn",
      files: {
        [ROUTE]: `// kitcn/auth/nextjs, auth-server, handlers
import type { handlers } from "../../../../lib/auth-server";
import { getToken } from "../../../../lib/auth-server";
const text = "import { handlers } from 'kitcn/auth/nextjs'";
export const GET = async () => Response.json([text, await getToken()]);
export const POST = GET;
`,
        "lib/auth-server.ts": `import { createNextAuth } from "kitcn/auth/nextjs";\nexport const { handlers, getToken } = createNextAuth();\n`,
      },
      says: /route\.ts:5: this route answers below \/api\/auth already/,
    },
    {
      name: "a route for one path segment, and a server still to write",
      files: { "app/api/auth/[action]/route.ts": "export const GET = () => new Response();\n" },
      says: /\[action\]\/route\.ts:1: [^]*\/\/ lib\/auth-server\.ts[^]*createNextAuth\(\)[^]*\/\/ replace [^\n]*\[action\]\/route\.ts with this/,
    },
    {
      name: "handlers that are something else's",
      files: { "lib/auth-server.ts": `// createNextAuth\nexport const handlers = {};\n` },
      says: /auth-server\.ts:2: kitcn would create this file[^]*createNextAuth\(\)/,
    },
    {
      name: "an auth client under another name",
      files: {
        "lib/auth-client.ts": `import { createAuthClient } from "better-auth/react";\n// authClient\nexport const client = createAuthClient();\n`,
      },
      says: /auth-client\.ts:3: kitcn imports `authClient`[^]*export \{ client as authClient \}/,
    },
    {
      name: "another component in the auth page's place",
      files: { "app/auth/AuthPage.tsx": "// mine\nexport const Mine = () => null;\n" },
      says: /AuthPage\.tsx:2: kitcn would create this file[^]*as AuthPage/,
    },
    {
      name: "an auth server without handlers",
      files: { "lib/auth-server.ts": "export const x = 1;\n" },
      says: /auth-server\.ts:1: kitcn would create this file/,
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
  expect(stdout).toContain(
    "kitcn does not wire the front end of Next's Pages Router without an App Router layout in app/. Write this in it:",
  );
  expect(app.has("convex/auth.ts")).toBe(true);
});
