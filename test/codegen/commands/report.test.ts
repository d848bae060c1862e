// What a report says to a person: only what is true of the part that it is about.
import { expect, test } from "vitest";
import { EMPTY_REPORT } from "../../../codegen/commands/report.js";
import { printText } from "../../../codegen/commands/report-text.js";

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
