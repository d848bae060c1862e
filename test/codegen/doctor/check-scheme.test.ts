// What `kitcn doctor` says of an Expo app that phones cannot sign in to: its scheme is no trusted origin.
import { expect, test } from "vitest";
import { checkSchemes } from "../../../codegen/doctor/check-scheme.js";

const scheme = { scheme: "notes", file: "app.json", line: 6 };
const check = (trustedOrigins: string[], variable?: string, hasOriginsFunction = false) =>
  checkSchemes({
    schemes: [scheme],
    auth: {
      trustedOrigins,
      hasOriginsFunction,
      limits: { isOn: true, file: "convex/auth.ts", line: 1 },
    },
    env: variable === undefined ? {} : { BETTER_AUTH_TRUSTED_ORIGINS: variable },
  });

test("a scheme that is not listed is an error, with its place and the edit", () => {
  expect(check(["https://notes.example", "notesapp://"])).toEqual([
    {
      code: "SCHEME_NOT_TRUSTED",
      level: "error",
      message:
        "app.json:6 says that the app's links begin with notes://, which trustedOrigins in convex/auth.ts lacks: the auth routes refuse phones.",
      fix: 'Add "notes://" to trustedOrigins in convex/auth.ts. Then push it: npx convex dev, in production npx convex deploy',
      file: "app.json",
      line: 6,
    },
  ]);
});

test.each([
  ["auth.ts", ["notes://"], undefined],
  ["auth.ts, with a path", ["notes://auth"], undefined],
  ["auth.ts, spelled in capitals", ["Notes://"], undefined],
  ["a pattern", ["*://"], undefined],
  ["the variable", [], "https://a.example, notes://"],
])("none is reported that is listed in %s", (_name, origins, variable) => {
  expect(check(origins, variable)).toEqual([]);
});

test("none is reported where a function decides", () => {
  expect(check([], undefined, true)).toEqual([]);
});
