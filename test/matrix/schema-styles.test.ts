// `npm run test:all`: what is generated for each way of writing schema.ts type-checks, down to generated/auth.ts.
import { expect, test } from "vitest";
import { appFor, STYLES } from "../codegen/support/schema-styles.js";
import { typeCheck } from "../codegen/support/type-check.js";

test.each(STYLES)("%s", async (style) => {
  const { app } = appFor(style, "cases/saas.auth.ts");
  await app.run();
  expect(typeCheck([app.path("convex/generated/auth.ts")])).toEqual([]);
});
