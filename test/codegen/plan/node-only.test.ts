// A plugin that no deployment takes is told when its tables are planned, and planned all the same.
import { expect, test } from "vitest";
import { authFile, makeApp } from "../support/app.js";

test("sso() is told, and what to use instead", async () => {
  const app = makeApp({
    "convex/auth.ts": authFile(
      "{ plugins: [sso(), username()] }",
      'import { sso } from "@better-auth/sso";\nimport { username } from "better-auth/plugins";',
    ),
  });
  const { notes } = await app.run();
  expect(notes).toEqual([
    expect.stringMatching(/^@better-auth\/sso imports .*genericOAuth\(\)/),
    // The app has no overrides, so npm would refuse what is installed.
    expect.stringMatching(/^@better-auth\/sso .*ERESOLVE/),
  ]);
  expect(app.read("convex/schema.ts")).toContain("ssoProvider: ssoProviderTable");
});
