// What agents read leads somewhere: every page of the index and every link of the skill is in the package.
// That the files are fresh is what `npm run generate:check` holds.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Report } from "../../codegen/commands/report.js";
import { EMPTY_REPORT, printJson } from "../../codegen/commands/report.js";

test.each(["llms.txt", "skills/kitcn/SKILL.md"])("%s: every link leads to a file", (file) => {
  const links = [...readFileSync(file, "utf8").matchAll(/\]\(([^)#:]+)\)/g)].map(
    ([, path]) => path,
  );
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((path) => !existsSync(join(dirname(file), path!)))).toEqual([]);
});

test("the package has all three files", () => {
  const { files } = JSON.parse(readFileSync("package.json", "utf8")) as { files: string[] };
  expect(files).toEqual(expect.arrayContaining(["llms.txt", "llms-full.txt", "skills", "docs"]));
});

test("every page of docs/ is in the index", () => {
  const index = readFileSync("llms.txt", "utf8");
  const listed = [...readFileSync("docs/README.md", "utf8").matchAll(/\(([a-z-]+\.md)\)/g)];
  for (const [, page] of listed) expect(index).toContain(`docs/${page}`);
});

test("docs/agents.md names every key of the JSON document", () => {
  const report: Report = {
    ...EMPTY_REPORT,
    command: "doctor",
    status: "healthy",
    packages: [{ folder: "packages/backend", name: "backend", files: [] }],
    imported: { kind: "undo", source: "csv", dryRun: false, deleted: 0 },
  };
  const keys = Object.keys(JSON.parse(printJson(report)) as object);
  const page = readFileSync("docs/agents.md", "utf8");
  const described = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
  expect(described.filter((key) => key !== "error").sort()).toEqual(keys.sort());
});
