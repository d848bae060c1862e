// docs/api.md has an entry for all that the package's entries export, found here by running them, and its
// examples parse. That none is stale is what `npm run generate:check` holds.
import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { blocksOf } from "./support/markdown.js";

const page = readFileSync("docs/api.md", "utf8");

/** What users import; `own` has entries elsewhere. */
const ENTRIES = [
  { name: "kitcn/auth", load: () => import("../../src/auth/index.js"), own: [] },
  { name: "kitcn/auth/config", load: () => import("../../src/auth/config.js"), own: [] },
  { name: "kitcn/auth/http", load: () => import("../../src/auth/http.js"), own: [] },
  { name: "kitcn/auth/client", load: () => import("../../src/client/index.js"), own: [] },
  { name: "kitcn/auth/react", load: () => import("../../src/client/react.js"), own: [] },
  { name: "kitcn/auth/browser", load: () => import("../../src/client/browser.js"), own: [] },
  { name: "kitcn/auth/nextjs", load: () => import("../../src/nextjs/index.js"), own: [] },
  { name: "kitcn/auth/start", load: () => import("../../src/start/index.js"), own: [] },
  { name: "kitcn/auth/web", load: () => import("../../src/web/index.js"), own: [] },
  { name: "kitcn/orm", load: () => import("../../src/orm/index.js"), own: [] },
  // zid is convex-helpers' own.
  { name: "kitcn/server", load: () => import("../../src/server/index.js"), own: ["zid"] },
  { name: "kitcn/test", load: () => import("../../src/test/index.js"), own: [] },
];

test.each(ENTRIES)("every value of $name has an entry", async ({ name, load, own }) => {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${name}\n`)) ?? "";
  const entries = [...section.matchAll(/^### (\w+)$/gm)].map(([, entry = ""]) => entry);
  const exported = Object.keys(await load());
  expect([...entries, ...own].sort()).toEqual(exported.sort());
});

test('an example stands after "For example:" alone, which is how docs.test.ts finds it', () => {
  const found = blocksOf(page).filter(({ lead }) => lead === "For example:");
  expect(found.length).toBeGreaterThan(20);
  expect(found.length).toBe(page.match(/^For example:$/gm)?.length);
});

test("every entry says what it is for", () => {
  const mute = [...page.matchAll(/^### (\w+)\n\n```/gm)].map(([, name]) => name);
  expect(mute).toEqual([]);
});

test("a plugin's interface says its members, and extends no type that the page does not have", () => {
  const interfaces = [...page.matchAll(/^export interface \w+Plugin\b[^`]*/gm)].map(
    ([text]) => text,
  );
  expect(interfaces).toHaveLength(4);
  for (const text of interfaces) expect(text).toMatch(/^export interface \w+ \{\n {2}id: "/);
});

test("declarations and examples parse", () => {
  const blocks = blocksOf(page);
  expect(blocks.length).toBeGreaterThan(80);
  for (const { line, text } of blocks) {
    const { diagnostics = [] } = ts.transpileModule(text, {
      fileName: `api-${line}.tsx`,
      reportDiagnostics: true,
    });
    expect(diagnostics.map(({ messageText }) => messageText)).toEqual([]);
  }
});
