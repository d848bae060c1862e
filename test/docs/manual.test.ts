// docs/manual.md, followed to the letter: an app made of its code blocks alone is one that `kitcn add auth`
// has nothing to add to.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp } from "../codegen/support/cli.js";
import { withoutDeployment } from "../codegen/support/front-end.js";
import { loadSection } from "./support/manual.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

test.each([
  { fixture: "next", sections: ["The server", "Next.js"] },
  { fixture: "vite", sections: ["The server", "Vite"] },
  { fixture: "start", sections: ["The server", "TanStack Start"], also: startParts() },
])("$fixture: $sections", async ({ fixture, sections, also = {} }) => {
  const app = cliApp(fixture);
  const files = Object.assign({}, ...sections.map(loadSection), also) as Record<string, string>; // later ones win
  for (const [path, text] of Object.entries(files)) app.write(path, text);
  for (const args of [["add", "auth", "--schema", "--yes"], ["codegen"]])
    expect(await app.kitcn(...args)).toMatchObject({ code: 0 });
  for (const name of ["tsconfig.app.json", "tsconfig.json"])
    if (app.has(name))
      app.write(name, app.read(name).replace('"vite/client"]', '"vite/client", "node"]'));
  const { stdout } = await app.kitcn("add", "auth", "--ui", "none", "--dry-run", "--json");
  const report = JSON.parse(stdout) as { files: { path: string; action: string }[] };
  const changed = report.files.filter(({ action }) => action !== "unchanged");
  // What follows from auth.ts alone is a command's work, in the document too.
  const isMachineMade = /^convex\/(_?generated\/.*|relations\.ts|plugins\.lock\.json)$/;
  expect(changed.filter(({ path }) => !isMachineMade.test(path))).toEqual([]);
});

// --- internal ---

/** What the document says in words for Start: Next's client, a provider around the children. */
function startParts(): Record<string, string> {
  return {
    "src/lib/auth-client.ts": loadSection("Next.js")["lib/auth-client.ts"]!, // named there
    ".env.local": "VITE_CONVEX_URL=http://a\nVITE_CONVEX_SITE_URL=http://b\n",
    "src/routes/__root.tsx": `import { createRootRoute } from "@tanstack/react-router";
import { ConvexReactClient } from "convex/react";
import { ConvexAuthProvider } from "kitcn/auth/client";
import { authClient } from "../lib/auth-client";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL);

export const Route = createRootRoute({
  shellComponent: ({ children }) => (
    <html>
      <body>
        <ConvexAuthProvider client={convex} authClient={authClient}>{children}</ConvexAuthProvider>
      </body>
    </html>
  ),
});
`,
  };
}
