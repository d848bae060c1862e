// Builds the documentation site: every page, the search index, and the first page with its picture and its table.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { PAGES } from "../../site/pages.js";
import { runIn } from "../support/packed-app.js";

const folder = mkdtempSync(join(tmpdir(), "kitcn-site-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("npm run site builds every page", async () => {
  const built = await runIn(resolve("."), ["npm", "run", "site", "--", "--outDir", folder]);
  expect(built, built.stdout + built.stderr).toMatchObject({ code: 0 });
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const page of PAGES) expect(files).toContain(`${page}.html`);
  expect(files.some((name) => /localSearchIndex/.test(name))).toBe(true);
  const home = readFileSync(join(folder, "index.html"), "utf8");
  expect(home).toContain("npx");
  expect(home).toMatch(/<td>sign-up<\/td>\s*<td>2 \/ 0<\/td>/);
  expect(home).toMatch(/<img src="[^"]*data-flow[^"]*\.svg"/);
});
