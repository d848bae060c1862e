// docs/manual.md, followed to the letter: an app made of its code blocks alone is one that `kitcn add auth`
// has nothing to add to.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp } from "../codegen/support/cli.js";
import { withoutDeployment } from "../codegen/support/front-end.js";
import { loadBlocks, type CodeBlock } from "./support/markdown.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const DOCUMENT = "docs/manual.md";
const root = process.cwd();

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

test.each([
  { fixture: "next", sections: ["The server", "Next.js"] },
  { fixture: "vite", sections: ["The server", "Vite"] },
  { fixture: "start", sections: ["The server", "TanStack Start"], also: startParts() },
])("$fixture: $sections", async ({ fixture, sections, also = {} }) => {
  const app = cliApp(fixture);
  const files = sections.flatMap(blocksOf).flatMap(fileOf);
  for (const [path, text] of [...files, ...Object.entries(also)]) app.write(path, text);
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
  const [, client = ""] = blocksOf("Next.js").flatMap(fileOf)[0] ?? [];
  return {
    "src/lib/auth-client.ts": client,
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

function blocksOf(section: string): CodeBlock[] {
  const lines = readFileSync(join(root, DOCUMENT), "utf8").split("\n");
  const from = lines.indexOf(`## ${section}`) + 1;
  expect(from).toBeGreaterThan(0);
  const next = lines.findIndex((line, at) => at >= from && line.startsWith("## "));
  const to = next === -1 ? lines.length : next;
  return loadBlocks(root, DOCUMENT).filter(({ line }) => line > from && line <= to);
}

/** A block that names a file in its first line is that file. */
function fileOf({ text }: CodeBlock): [path: string, text: string][] {
  const path = /^(?:\/\/|#) ([\w./[\]$-]+)$/.exec(text.split("\n", 1)[0] ?? "")?.[1];
  return path === undefined ? [] : [[path, text]];
}
