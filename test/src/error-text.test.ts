import { APIError } from "better-auth/api";
import { ConvexError } from "convex/values";
import { expect, test } from "vitest";
import { errorText } from "../../src/error-text.js";
import { KitcnError } from "../../src/errors/error.js";

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
    want: "KitcnError [FORCED_ID]: No. Do.",
  },
  { given: new ConvexError({ secret: "x" }), want: /^ConvexError: / },
  { given: new APIError("BAD_GATEWAY", { code: "DOWN" }), want: "APIError [BAD_GATEWAY] [DOWN]: " },
  { given: "text", want: "text" },
  { given: undefined, want: "undefined" },
  { given: { secret: "x" }, want: "Thrown: no message" },
  { given: { code: "E_GONE", message: "gone" }, want: "Thrown [E_GONE]: gone" },
])("$want", ({ given, want }) => {
  const [first] = errorText(given).split("\n");
  if (typeof want === "string") expect(first).toBe(want);
  else expect(first).toMatch(want);
});

test("inner errors and causes are followed, and a circle of causes ends", () => {
  const text = errorText(new AggregateError([new Error("one"), new Error("two")], "both"));
  expect(text).toMatch(/^AggregateError: both\n[^]*Caused by Error: one\n[^]*Caused by Error: two/);
  const error = new Error("again");
  error.cause = error;
  expect(errorText(error).match(/again/g)).toHaveLength(6);
  expect(errorText(new Error("a", { cause: "b" }))).toContain("Caused by b");
});
