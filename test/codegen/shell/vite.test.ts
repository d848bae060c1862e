// `kitcn add auth` on Vite apps: as create-vite makes them, with a provider of their own, and odd ones.
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

const PROVIDER_IN_ENTRY = `import { createRoot } from "react-dom/client";
import { ConvexProvider, ConvexReactClient } from "convex/react";
import App from "./App.tsx";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);
createRoot(document.getElementById("root")!).render(
  <ConvexProvider client={convex}>
    <App />
  </ConvexProvider>,
);
`;

describe("an app as create-vite makes it", () => {
  test("gets a client, a provider, a page and the types of node", async () => {
    const { app, before, after } = await addAuth("vite");
    const created = Object.keys(after).filter((name) => !(name in before));
    expect(created.filter((name) => !name.startsWith("convex/"))).toEqual([
      ".env.local",
      ...newPages("src/auth"),
      "src/components/ConvexClientProvider.tsx",
      "src/lib/auth-client.ts",
    ]);
    expect(after["src/main.tsx"]).toBe(
      before["src/main.tsx"]!.replace(
        "import App from './App.tsx'\n",
        "import App from './App.tsx'\nimport { AuthPage } from './auth/AuthPage'\nimport { ConvexClientProvider } from './components/ConvexClientProvider'\n",
      ).replace(
        "    <App />\n",
        "    <ConvexClientProvider>\n      {window.location.pathname.replace(/\\/$/, '') === '/auth' ? (\n        <AuthPage />\n      ) : (\n        <App />\n      )}\n    </ConvexClientProvider>\n",
      ),
    );
    expect(after["tsconfig.app.json"]).toBe(
      before["tsconfig.app.json"]!.replace('["vite/client"]', '["vite/client", "node"]'),
    );
    expect(after["tsconfig.json"]).toBe(before["tsconfig.json"]);
    await expectSecondRunEmpty(app);
  });

  test("is another site than its auth routes, on both sides", async () => {
    const { after } = await addAuth("vite");
    expect(after["convex/auth.ts"]).toContain("baseURL: process.env.CONVEX_SITE_URL,");
    expect(after["convex/auth.ts"]).toContain(
      "crossDomain({ siteUrl: process.env.SITE_URL ?? 'http://localhost:5173' })",
    );
    expect(after["convex/http.ts"]).toContain(
      "cors: { allowedOrigins: [process.env.SITE_URL ?? 'http://localhost:5173'] }",
    );
    expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:5173\n");
    expect(after["src/lib/auth-client.ts"]).toContain("crossDomainClient()");
    expect(after["src/lib/auth-client.ts"]).toContain(
      "baseURL: import.meta.env.VITE_CONVEX_SITE_URL",
    );
  });

  test("--ui none gives it no page", async () => {
    const { app, after } = await addAuth("vite", { flags: ["--ui", "none"] });
    expect(Object.keys(after).filter((name) => /auth\.module|AuthPage/.test(name))).toEqual([]);
    expect(after["src/main.tsx"]).toContain(
      "    <ConvexClientProvider>\n      <App />\n    </ConvexClientProvider>\n",
    );
    await expectSecondRunEmpty(app, "--ui", "none");
  });

  test("--dry-run --json lists the files and writes none", async () => {
    const app = cliApp("vite");
    const before = app.snapshot();
    const { code, stdout } = await app.kitcn("add", "auth", "--dry-run", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      files: expect.arrayContaining([
        { path: "src/main.tsx", action: "patched" },
        { path: "src/auth/AuthPage.tsx", action: "created" },
      ]),
    });
    expect(app.snapshot()).toEqual(before);
  });

  test("social providers of auth.ts become buttons", async () => {
    const first = await addAuth("vite", { flags: ["--ui", "none"] });
    const auth = first.app.read("convex/auth.ts");
    first.app.write(
      "convex/auth.ts",
      auth.replace(
        "emailAndPassword:",
        "socialProviders: { github: { clientId: 'a', clientSecret: 'b' } },\n  emailAndPassword:",
      ),
    );
    await first.app.kitcn("add", "auth", "--yes");
    const buttons = first.app.read("src/auth/parts/SocialButtons.tsx");
    expect(buttons).toContain("{ id: 'github', name: 'GitHub' }");
  });
});

describe("an app that is not at the root of its site", () => {
  const config = (base: string) =>
    `import { defineConfig } from 'vite'\n\nexport default defineConfig({ base: ${base} })\n`;
  const BELOW =
    "window.location.pathname.replace(/\\/$/, '') === `${import.meta.env.BASE_URL.replace(/\\/$/, '')}/auth` ?";
  const AT_ROOT = "window.location.pathname.replace(/\\/$/, '') === '/auth' ?";

  test.each([
    ["a path", config("'/app/'"), BELOW],
    ["a path by a variable", config("process.env.BASE ?? '/'"), BELOW],
    ["the root", config("'/'"), AT_ROOT],
    ["a relative path", config("'./'"), AT_ROOT],
    ["another site", config("'https://cdn.example/'"), AT_ROOT],
  ])("has the page below Vite's base: %s", async (_name, text, want) => {
    const { app, after } = await addAuth("vite", { files: { "vite.config.ts": text } });
    expect(after["src/main.tsx"]!.replaceAll('"', "'").replaceAll(/\s+/g, " ")).toContain(want);
    await expectSecondRunEmpty(app);
  });
});

describe("the entry of an app", () => {
  const page = (head: string, body = '<script type="module" src="/src/main.tsx"></script>') =>
    `<!doctype html>\n<html>\n<head>\n${head}\n</head>\n<body>\n<div id="root"></div>\n${body}\n</body>\n</html>\n`;
  test.each([
    [
      "after a script of another site",
      page('<script defer src="https://a.example/s.js"></script>'),
    ],
    ["after one without a scheme", page("<script async src=//a.example/s.js></script>")],
    ["after a script of public/", page('<script src="/config.js"></script>')],
    ["after one of the app that is no module", page('<script src="/theme.js"></script>')],
    ["after one in a comment", page('<!-- <script type="module" src="/src/old.tsx"></script> -->')],
    [
      "with its attributes in another order, and a query",
      page("", "<script src='./src/main.tsx?v=2' type='module' async></script>"),
    ],
  ])("is found %s", async (_name, html) => {
    const { app, after } = await addAuth("vite", {
      files: { "index.html": html, "theme.js": "0;\n", "src/old.tsx": "export {};\n" },
    });
    expect(after["src/main.tsx"]).toContain("<ConvexClientProvider>");
    await expectSecondRunEmpty(app);
  });
});

describe("an app with its own provider, found through an alias", () => {
  test("has it replaced where it is, and the page put beside the app", async () => {
    const { app, before, after } = await addAuth("vite-convex");
    expect(after["src/components/ConvexClientProvider.tsx"]).toBeUndefined();
    expect(after["src/providers/Providers.tsx"]).toBe(`import { ReactNode } from "react";
import { ConvexReactClient } from "convex/react";
import { ConvexAuthProvider } from "kitcn/auth/client";
import { authClient } from "../lib/auth-client";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);

export function Providers({ children }: { children: ReactNode }) {
  return (
    <ConvexAuthProvider client={convex} authClient={authClient}>
      {children}
    </ConvexAuthProvider>
  );
}
`);
    expect(after["src/main.tsx"]).toContain(`render(
  window.location.pathname.replace(/\\/$/, "") === "/auth" ? (
    <AuthPage />
  ) : (
    <Providers>
      <App />
    </Providers>
  ),
);`);
    expect(lostLines(before["src/main.tsx"], after["src/main.tsx"])).toEqual([]);
    expect(after["convex/.env"]).toContain("SITE_URL=http://localhost:4000\n");
    await expectSecondRunEmpty(app);
  });

  test("is found where only the bundler knows the alias, and is told", async () => {
    const app = cliApp("vite-convex", { files: { "tsconfig.json": '{ "compilerOptions": {} }' } });
    const ran = await app.kitcn("add", "auth", "--yes");
    expect(ran.stdout).toContain("src/providers/Providers.tsx has the provider");
    expect(app.read("src/providers/Providers.tsx")).toContain("<ConvexAuthProvider");
    expect(app.has("src/components/ConvexClientProvider.tsx")).toBe(false);
    await expectSecondRunEmpty(app);
  });

  test("in the entry itself, with the page inside it", async () => {
    const { app, after } = await addAuth("vite-convex", {
      files: { "src/main.tsx": PROVIDER_IN_ENTRY },
    });
    expect(after["src/main.tsx"]).toBe(`import { createRoot } from "react-dom/client";
import { ConvexReactClient } from "convex/react";
import App from "./App.tsx";
import { ConvexAuthProvider } from "kitcn/auth/client";
import { authClient } from "./lib/auth-client";
import { AuthPage } from "./auth/AuthPage";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);
createRoot(document.getElementById("root")!).render(
  <ConvexAuthProvider client={convex} authClient={authClient}>
    {window.location.pathname.replace(/\\/$/, "") === "/auth" ? (
      <AuthPage />
    ) : (
      <App />
    )}
  </ConvexAuthProvider>,
);
`);
    await expectSecondRunEmpty(app);
  });
});

describe("what is there already", () => {
  test("an auth client of the app's own gains the plugins", async () => {
    const client = `import { createAuthClient } from "better-auth/react";
import { usernameClient } from "better-auth/client/plugins";

// Ours.
export const authClient = createAuthClient({
  plugins: [usernameClient()],
});
`;
    const { app, after } = await addAuth("vite-convex", {
      files: { "src/lib/auth-client.ts": client },
    });
    expect(lostLines(client, after["src/lib/auth-client.ts"])).toEqual([
      "  plugins: [usernameClient()],",
    ]);
    expect(after["src/lib/auth-client.ts"]).toContain(
      "  plugins: [usernameClient(), convexClient(), crossDomainClient()],\n  baseURL: import.meta.env.VITE_CONVEX_SITE_URL,\n",
    );
    await expectSecondRunEmpty(app);
  });

  test("an auth client with plugins of kitcn/auth/browser has them", async () => {
    const client = `import { createAuthClient } from "better-auth/react";
import { convexClient, crossDomainClient } from "kitcn/auth/browser";

export const authClient = createAuthClient({
  baseURL: import.meta.env.VITE_CONVEX_SITE_URL,
  plugins: [convexClient(), crossDomainClient()],
});
`;
    const { after } = await addAuth("vite-convex", { files: { "src/lib/auth-client.ts": client } });
    expect(after["src/lib/auth-client.ts"]).toBe(client);
  });

  test("auth.ts and http.ts of an app that had no front end gain what another site needs", async () => {
    const { app } = await addAuth("vite-convex", { flags: ["--ui", "none"] });
    const [auth, http] = ["convex/auth.ts", "convex/http.ts"].map(app.read);
    app.write(
      "convex/auth.ts",
      auth!.replace(/\n *crossDomain\([^]*?\),\n/, "\n").replace("convex, crossDomain", "convex"),
    );
    app.write("convex/http.ts", http!.replace(/, \{[^]*?\}\)/, ")"));
    await app.kitcn("add", "auth", "--yes", "--ui", "none");
    expect(app.read("convex/auth.ts")).toContain("crossDomain({ siteUrl: process.env.SITE_URL");
    expect(app.read("convex/auth.ts")).toMatch(/import \{ convex, crossDomain \}/);
    expect(app.read("convex/http.ts")).toContain("cors: { allowedOrigins: [");
    await expectSecondRunEmpty(app, "--ui", "none");
  });

  test("routes that a module behind http.ts registers gain the option there", async () => {
    const router = `import { httpRouter } from "convex/server";
import { addAuth } from "./lib/routes";

const http = httpRouter();
addAuth(http);
export default http;
`;
    const routes = `import type { HttpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { getAuth } from "../generated/auth";

// Ours.
export const addAuth = (http: HttpRouter) => registerRoutes(http, getAuth);
`;
    const { app, after } = await addAuth("vite-convex", {
      files: { "convex/http.ts": router, "convex/lib/routes.ts": routes },
    });
    expect(after["convex/http.ts"]).toBe(router);
    expect(after["convex/lib/routes.ts"]).toMatch(
      /^[^]*\n\/\/ Ours\.\nexport const addAuth = \(http: HttpRouter\) => registerRoutes\(http, getAuth, \{ cors: \{ allowedOrigins: \[[^\]]*\] \} \}\);\n$/,
    );
    await expectSecondRunEmpty(app);
  });

  test("a deployment's addresses in .env.local", async () => {
    const env =
      "# mine\nCONVEX_DEPLOYMENT=dev:happy-animal-1 # team\nVITE_CONVEX_URL='https://x'\n";
    const { after } = await addAuth("vite", { files: { ".env.local": env } });
    expect(after[".env.local"]).toBe(env);
  });
});

test("what is written compiles", async () => {
  const files = { "src/main.tsx": PROVIDER_IN_ENTRY };
  const made = await addAuth("vite", COMPILED);
  const aliased = await addAuth("vite-convex", COMPILED);
  const inEntry = await addAuth("vite-convex", { ...COMPILED, files });
  expectTypes([
    made.app.path("src/main.tsx"),
    // Its entry needs the aliases of its own tsconfig.
    aliased.app.path("src/providers/Providers.tsx"),
    aliased.app.path("src/auth/AuthPage.tsx"),
    inEntry.app.path("src/main.tsx"),
  ]);
});

describe("refused, with the exact edit, and nothing written", () => {
  const main = (body: string, imports = "") =>
    `import { createRoot } from "react-dom/client";\nimport App from "./App.tsx";\n${imports}\n${body}\n`;
  const cases: { name: string; files: Record<string, string>; says: RegExp }[] = [
    {
      name: "an entry that renders nothing of its own",
      files: { "src/main.tsx": `import { start } from "./start";\nstart();\n` },
      says: /main\.tsx:1: kitcn does not find a single createRoot[^]*<ConvexClientProvider>\{window\.location/,
    },
    {
      name: "two roots",
      files: {
        "src/main.tsx": main("createRoot(a).render(<App />);\ncreateRoot(b).render(<App />);"),
      },
      says: /main\.tsx:4: kitcn does not find a single createRoot/,
    },
    {
      name: "Clerk's provider",
      files: {
        "src/main.tsx": main(
          "createRoot(a).render(<ConvexProviderWithClerk><App /></ConvexProviderWithClerk>);",
          'import { ConvexProviderWithClerk } from "convex/react-clerk";',
        ),
      },
      says: /This app already signs users in with Clerk:\n {2}src\/main\.tsx:4 {2}ConvexProviderWithClerk of Clerk: becomes <ConvexAuthProvider>/,
    },
    {
      name: "an auth client that is something else",
      files: { "src/lib/auth-client.ts": "export const authClient = {};\n" },
      says: /auth-client\.ts:1: kitcn does not find a single createAuthClient\(\)[^]*convexClient\(\)/,
    },
    {
      name: "a file in the provider's place",
      files: { "src/components/ConvexClientProvider.tsx": "export const x = 1;\n" },
      says: /ConvexClientProvider\.tsx:1: kitcn would create this file/,
    },
    {
      name: "an entry that does not parse",
      files: { "src/main.tsx": "const = 1;\n" },
      says: /main\.tsx:1:\d+ does not parse/,
    },
  ];
  test.each(cases)("$name", async ({ files, says }) => {
    const app = cliApp("vite", { files });
    const before = app.snapshot();
    const { code, stdout, stderr } = await app.kitcn("add", "auth", "--yes");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(says);
    expect(app.snapshot()).toEqual(before);
  });
});
