// Where JSON output says that an error or a finding is explained: a heading of docs/errors.md, in the section of the
// commands, of the findings, or of the runtime. Headings of one name are numbered, as GitHub and the site do.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EMPTY_REPORT, printJson } from "../../codegen/commands/report.js";
import { CODES } from "../../codegen/errors/codes.js";
import { docsOf, docsOfFinding } from "../../codegen/errors/docs.js";
import { noDeployment } from "../../codegen/errors/env.js";
import { secretNotSet } from "../../codegen/errors/doctor-env.js";
import { FINDING_CODES } from "../../codegen/errors/finding-codes.js";
import { anchorOf } from "../../site/links.js";

const headings = headingsOf(readFileSync("docs/errors.md", "utf8"));
const runtime = [...readFileSync("src/errors/codes.ts", "utf8").matchAll(/"([A-Z_]+)"/g)].flatMap(
  ([, code]) => code ?? [],
);
const commands: readonly string[] = CODES;

test.each([
  ["Commands", CODES, docsOf],
  ["Findings of `kitcn doctor`", FINDING_CODES, docsOfFinding],
  [
    "In functions, HTTP and the browser",
    runtime.filter((code) => !commands.includes(code)), // a deployment answers with none of the others
    docsOf,
  ],
] as const)("%s: every code leads to its own heading", (section, codes, find) => {
  for (const code of codes) {
    const { path, anchor } = parts(find(code));
    expect(path).toBe("docs/errors.md");
    expect(headings.get(anchor), code).toEqual({ section, heading: code });
  }
});

test("a finding that is an error of a command leads to that error", () => {
  expect(docsOfFinding("BROKEN_PACKAGE")).toBe(docsOf("BROKEN_PACKAGE"));
  expect(docsOfFinding("NO_BETTER_AUTH")).not.toBe(docsOf("NO_BETTER_AUTH"));
});

test("JSON has it beside each finding and each failure", () => {
  const printed = printJson({
    ...EMPTY_REPORT,
    command: "doctor",
    status: "unhealthy",
    findings: [secretNotSet({ flag: "" })],
    failure: noDeployment(),
  });
  expect(JSON.parse(printed)).toMatchObject({
    findings: [{ code: "NO_SECRET", docs: "docs/errors.md#no_secret" }],
    error: { code: "NO_DEPLOYMENT", docs: "docs/errors.md#no_deployment" },
  });
});

// --- internal ---

function parts(docs: string) {
  const [path, anchor = ""] = docs.split("#");
  return { path, anchor };
}

/** Each heading by its anchor, with the section that it is in. */
function headingsOf(page: string): ReadonlyMap<string, { section: string; heading: string }> {
  const found = new Map<string, { section: string; heading: string }>();
  let section = "";
  for (const [, marks = "", heading = ""] of page.matchAll(/^(#+) (.+)$/gm)) {
    if (marks === "##") section = heading;
    const name = anchorOf(heading);
    let anchor = name;
    for (let count = 1; found.has(anchor); count += 1) anchor = `${name}-${count}`;
    found.set(anchor, { section, heading });
  }
  return found;
}
