// What a report says to a person: only what is true of the part that it is about.
import { expect, test } from "vitest";
import { EMPTY_REPORT } from "../../../codegen/commands/report.js";
import { printText } from "../../../codegen/commands/report-text.js";
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
    ` (of organization), no longer asked for${want}. --prune removes it.`,
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
    "orphaned: table member, invitation (of organization), no longer asked for; documents may still hold it. --prune removes it.",
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
