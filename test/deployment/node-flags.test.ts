// The stand-in starts on every Node that kitcn runs on.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { nodeFlags } from "./node-flags.js";

test.each([
  { given: "11.3.244.8-node.33", want: true },
  { given: "12.4.254.21-node.57", want: false },
  { given: "13.6.233.10-node.28", want: false },
])("V8 $given is told when to optimize: $want", ({ given, want }) =>
  expect(nodeFlags(given).some((flag) => flag.startsWith("--interrupt-budget="))).toBe(want),
);

test("this Node takes them all", () =>
  expect(spawnSync(process.execPath, [...nodeFlags(), "-e", ""]).status).toBe(0));
