// The documentation site without building it: every page is in its side bar, every link leads somewhere, and the table
// on its first page is README.md's. test/matrix/site.test.ts builds it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COSTS_MARK, costsOf, withCosts } from "../../site/costs.js";
import { targetOf } from "../../site/links.js";
import { GROUPS, OTHERS, PAGES, titleOf } from "../../site/pages.js";
import { commandsOf, problemOf } from "./support/commands.js";
import { loadBlocks, loadLinks } from "./support/markdown.js";

const root = process.cwd();
const read = (path: string) => readFileSync(join(root, path), "utf8");
const listed = GROUPS.flatMap(({ pages }) => pages);

test("every page of docs/ is in the side bar, once, and every page of the side bar exists", () => {
  const names = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md"));
  const pages = names.map((name) => `docs/${name.replace(/\.md$/, "")}`);
  expect(pages.filter((page) => !listed.includes(page))).toEqual([...OTHERS]);
  expect(new Set(listed).size).toBe(listed.length);
  for (const page of PAGES) expect(titleOf(page, read(`${page}.md`)), page).not.toBe("");
});

test("every link of every page leads to a page or a file", () => {
  const has = (path: string) => existsSync(join(root, path));
  const targets = [...PAGES, "site/index"].flatMap((page) =>
    loadLinks(root, `${page}.md`).map((href) =>
      targetOf(href, { from: `${page}.md`, pages: PAGES, has }),
    ),
  );
  expect(targets.filter(({ kind }) => kind === "page").length).toBeGreaterThan(100);
  const [, action = ""] = /link: (\/docs\/\w+)/.exec(read("site/index.md")) ?? [];
  expect(PAGES).toContain(action.slice(1));
});

test.each([
  ["docs/a.md", "b.md#c-d", { kind: "page", link: "/docs/b#c-d" }],
  ["docs/a.md", "../README.md", { kind: "page", link: "/README" }],
  ["README.md", "docs/b.md", { kind: "page", link: "/docs/b" }],
  ["docs/a.md", "../src/x.ts", { kind: "file", path: "src/x.ts" }],
  ["docs/a.md", "../examples/README.md", { kind: "file", path: "examples/README.md" }],
  ["docs/a.md", "#c", { kind: "elsewhere" }],
  ["docs/a.md", "https://example.com/b.md", { kind: "elsewhere" }],
])("a link of %s to %s", (from, href, want) => {
  const pages = new Set(["README", "docs/a", "docs/b"]);
  const has = (path: string) => path === "src/x.ts" || path === "examples/README.md";
  expect(targetOf(href, { from, pages, has })).toEqual(want);
});

test("a link that leads nowhere ends the build, with its page", () => {
  const input = { from: "docs/a.md", pages: new Set(["docs/a"]), has: () => false };
  expect(() => targetOf("gone.md", input)).toThrow("docs/a.md: the link gone.md leads nowhere");
});

test("the first page has README.md's table of costs, and commands that the programs take", async () => {
  const costs = costsOf(read("README.md"));
  expect(costs).toMatch(/^\| sign-up +\| 2 \/ 0/m);
  expect(costs).not.toContain("![");
  const page = withCosts(read("site/index.md"), read("README.md"));
  expect(page).toContain(costs);
  expect(page).not.toContain(COSTS_MARK);
  expect(() => withCosts(COSTS_MARK, "# No table\n")).toThrow("What it costs");
  const commands = loadBlocks(root, "site/index.md").flatMap(({ text }) => commandsOf(text));
  expect(commands).toHaveLength(2);
  for (const words of commands)
    expect(await problemOf(words, root), words.join(" ")).toBeUndefined();
});

test("the site is no part of the package", () => {
  const { files } = JSON.parse(read("package.json")) as { files: string[] };
  expect(files.filter((path) => path.startsWith("site"))).toEqual([]);
});
