import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { errorText } from "../../src/error-text.js";
import { KitcnError } from "../../src/errors.js";

test("an error: its name, its message, where it was thrown and why, and none of its properties", () => {
  const cause = new TypeError("no route");
  const text = errorText(Object.assign(new Error("failed", { cause }), { state: "a secret" }));
  expect(text).toMatch(
    /^Error: failed\n +at .*error-text\.test\.ts[^]*Caused by TypeError: no route/,
  );
  expect(text).not.toContain("a secret");
});

test.each([
  {
    given: new KitcnError({ code: "FORCED_ID", message: "No.", hint: "Do." }),
    want: "KitcnError: No. Do.",
  },
  { given: new ConvexError({ secret: "x" }), want: /^ConvexError: / },
  { given: "text", want: "text" },
  { given: undefined, want: "undefined" },
  { given: { secret: "x" }, want: "[object Object]" },
])("$want", ({ given, want }) => {
  const [first] = errorText(given).split("\n");
  if (typeof want === "string") expect(first).toBe(want);
  else expect(first).toMatch(want);
});
