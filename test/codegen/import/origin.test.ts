// The system that old ids are of, as the map knows it and as a command names it.
import { expect, test } from "vitest";
import {
  importCommand,
  isOriginName,
  originArgs,
  originKey,
} from "../../../codegen/import/origin.js";

test("a key and its arguments", () => {
  expect(originKey({ source: "clerk" })).toBe("clerk");
  expect(originKey({ source: "csv", name: "csv" })).toBe("csv");
  expect(originKey({ source: "csv", name: "shop" })).toBe("csv:shop");
  expect(originArgs("csv")).toBe("csv");
  expect(originArgs("csv:shop")).toBe("csv --name shop");
  expect(["shop", "shop-2.old", "my shop", "a:b", "", "../x"].map(isOriginName)).toEqual([
    ...[true, true, false, false, false, false],
  ]);
});

test.each<[Parameters<typeof importCommand>, string]>([
  [[{ prod: false }, "--rewrite notes.userId"], "npx kitcn import --rewrite notes.userId"],
  [
    [{ source: "csv:shop", prod: true }, "--rewrite notes.userId", undefined, "--back"],
    "npx kitcn import csv --name shop --rewrite notes.userId --back --prod",
  ],
])("%j", (given, want) => expect(importCommand(...given)).toBe(want));
