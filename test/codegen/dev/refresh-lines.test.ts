// What `kitcn dev` says after each run of codegen.
import { expect, test } from "vitest";
import { createRefreshLines } from "../../../codegen/dev/refresh-lines.js";

test("a note is said when it is new, and again when it comes back", () => {
  const linesOf = createRefreshLines();
  const files = [{ path: "a.ts" }, { path: "b.ts" }];
  expect(linesOf({ files, notes: ["x keeps y"] })).toEqual(["wrote a.ts, b.ts", "x keeps y"]);
  expect(linesOf({ files: [], notes: ["x keeps y"] })).toEqual([]);
  expect(linesOf({ files: [], notes: ["x keeps y", "z"] })).toEqual(["z"]);
  expect(linesOf({ files: [], notes: [] })).toEqual([]);
  expect(linesOf({ files: [], notes: ["z"] })).toEqual(["z"]);
});
