// What a report says to a person: only what is true of the part that it is about.
import { expect, test } from "vitest";
import { EMPTY_REPORT, reportDiff } from "../../../codegen/commands/report.js";
import { printText } from "../../../codegen/commands/report-text.js";
import type { EnvPushReport } from "../../../codegen/env/push-env.js";
import type { Conflict } from "../../../codegen/merge/types.js";

test.each([
  { part: "table", name: "team", want: "; documents may still hold it" },
  { part: "column", name: "role", want: "; documents may still hold it" },
  { part: "index", name: "by_role", want: "" },
  { part: "relation", name: "teams", want: "" },
] as const)("an orphaned $part", ({ part, name, want }) => {
  const orphan = { table: "team", part, name, plugin: "organization", pruned: false };
  const report = { ...EMPTY_REPORT, command: "add auth", status: "in-sync" as const };
  expect(printText({ ...report, orphaned: [orphan] })).toContain(
    ` (of organization), no longer asked for${want}. To remove it: npx kitcn add auth --schema --prune --yes`,
  );
});

test("what a plugin left of one kind is one line", () => {
  const of = (table: string, blocked?: string) => ({
    ...{ table, part: "table" as const, name: table, plugin: "organization", pruned: false },
    ...(blocked !== undefined && { blocked }),
  });
  const orphaned = [of("member"), of("team", "you changed it"), of("invitation")];
  const text = printText({ ...EMPTY_REPORT, command: "add auth", status: "in-sync", orphaned });
  expect(text.split("\n").filter((line) => line.startsWith("orphaned"))).toEqual([
    "orphaned: table member, invitation (of organization), no longer asked for; documents may still hold it. To remove it: npx kitcn add auth --schema --prune --yes",
    "orphaned: table team (of organization), no longer asked for; documents may still hold it. --prune keeps it: you changed it",
  ]);
});

const conflict = (change: Partial<Conflict> = {}): Conflict => ({
  table: "user",
  part: "column",
  name: "plan",
  reason: "edited",
  at: "convex/schema.ts:9",
  yours: "plan: v.null()",
  wanted: "plan: v.string()",
  kept: true,
  ...change,
});

test.each([
  ["in-sync", [], "everything is in place; nothing was written."],
  ["in-sync", [conflict()], "everything is in place, but for 1 conflict; nothing was written."],
  [
    "in-sync",
    [conflict(), conflict()],
    "everything is in place, but for 2 conflicts; nothing was written.",
  ],
  ["written", [conflict()], "done, but for 1 conflict."],
  ["written", [conflict({ kept: false })], "done."],
] as const)("the headline of %s counts the conflicts that stay: %j", (status, conflicts, want) => {
  const text = printText({ ...EMPTY_REPORT, command: "add auth", status, conflicts });
  expect(text.split("\n")[0]).toContain(`kitcn add auth: ${want}`);
});

test("--overwrite is named only where it can replace the code", () => {
  const print = (reason: Conflict["reason"]) =>
    printText({
      ...EMPTY_REPORT,
      command: "add auth",
      status: "in-sync",
      conflicts: [conflict({ reason })],
    });
  expect(print("declared")).toContain("--overwrite");
  expect(print("unreadable")).not.toContain("--overwrite");
});

const deployment: EnvPushReport = {
  ...{ dryRun: false, file: "convex/.env", set: [], kept: ["SITE_URL"], unchanged: ["NAME"] },
  ...{ withoutValue: [], skipped: [], shared: [], generatedSecret: false },
  ...{ jwks: "unchanged", pushed: false },
};

test.each([
  { command: "add auth", want: ["everything is in place; nothing was written."] },
  {
    command: "env push",
    want: [
      "everything is in place; nothing was written.",
      "kept as it is on the deployment  SITE_URL",
      "unchanged  NAME",
    ],
  },
])("a second $command tells what the deployment has: $want", ({ command, want }) => {
  const text = printText({ ...EMPTY_REPORT, command, status: "in-sync", deployment });
  const lines = text.split("\n").filter((line) => line !== "");
  expect(lines.map((line) => line.replace(`kitcn ${command}: `, ""))).toEqual(want);
});

const file = (path: string, action: "created" | "unchanged") => ({ path, action });

test.each([
  {
    given: "unchanged files are a count",
    files: [file("a.ts", "created"), file("b.ts", "unchanged"), file("c.ts", "unchanged")],
    want: ["  created     a.ts", "  left alone  2 files (--verbose lists them)"],
  },
  {
    given: "one unchanged file",
    files: [file("b.ts", "unchanged")],
    want: ["  left alone  1 file (--verbose lists them)"],
  },
  {
    given: "with --verbose, each is a line",
    files: [file("a.ts", "created"), file("b.ts", "unchanged")],
    isVerbose: true,
    want: ["  created     a.ts", "  left alone  b.ts"],
  },
])("$given", ({ files, isVerbose = false, want }) => {
  const report = { ...EMPTY_REPORT, command: "add auth", status: "written" as const, files };
  expect(printText(report, { isVerbose }).split("\n").slice(2, -1)).toEqual(want);
});

test("a run with nothing to do is one line, and all of it with --verbose", () => {
  const report = {
    ...{ ...EMPTY_REPORT, command: "add plugin", status: "in-sync" as const },
    files: [file("convex/auth.ts", "unchanged")],
    items: [{ name: "jwt", action: "unchanged" as const, variables: [], docs: "" }],
    notes: ["a note of the first run"],
  };
  const line = expect.stringContaining("everything is in place; nothing was written.") as string;
  expect(printText(report).trimEnd().split("\n")).toEqual([line]);
  const all = printText(report, { isVerbose: true });
  for (const part of ["jwt: is there already", "convex/auth.ts", "a note of the first run"])
    expect(all).toContain(part);
});

test("what is still to be changed is told by a run with nothing to do, too", () => {
  const report = {
    ...{ ...EMPTY_REPORT, command: "codegen", status: "in-sync" as const },
    ...{ notes: ["a note of the first run", "Add this line."], due: ["Add this line."] },
  };
  expect(printText(report).trimEnd().split("\n").slice(1)).toEqual(["", "note: Add this line."]);
});

test("findings say where their codes are explained", () => {
  const finding = {
    ...{ code: "MISSING_VARIABLE" as const, level: "error" as const },
    ...{ message: "SITE_URL has no value.", fix: "Set it." },
  };
  const report = { ...EMPTY_REPORT, command: "doctor", status: "unhealthy" as const };
  const print = (findings: readonly (typeof finding)[]) =>
    printText({ ...report, findings }, { errorDocs: "node_modules/kitcn/docs/errors.md" });
  expect(print([finding])).toContain("codes are explained in node_modules/kitcn/docs/errors.md");
  expect(print([])).not.toContain("explained");
});

test("a diff has no value that stands in a .env file, also none of several lines or in a comment", () => {
  const before = [
    "# STRIPE=sk_live_1",
    "export SITE_URL=http://localhost:3000",
    'APPLE_KEY="-----BEGIN',
    "MIIsecret1=",
    'MIIsecret2"',
    "",
  ].join("\n");
  const after = `${before}ADDED=http://localhost:3001\n`;
  const root = "/app";
  const diff = reportDiff({ root }, [{ path: "/app/convex/.env", before, after }]);
  expect(diff).not.toMatch(/sk_live|MII|BEGIN|3000/);
  expect(diff).toContain("+ADDED=http://localhost:3001");
  expect(diff).toContain(" APPLE_KEY=<hidden>");
});
