// What generated/auth.ts imports beside the runtime: what makes plugins that copy their options.
import { expect, test } from "vitest";
import { printGeneratedAuth } from "../../../codegen/print/generated-auth.js";

const textFor = (plugins: readonly string[]) =>
  printGeneratedAuth({
    ...{ plugins, usesComponent: false, basePath: "/api/auth" },
    ...{ extension: "", needsBuffer: false },
  });

test.each([
  { plugins: ["email-otp", "admin"], makers: ["emailOTP"], entry: '{ "email-otp": emailOTP }' },
  {
    plugins: ["phone-number", "email-otp"],
    makers: ["emailOTP", "phoneNumber"],
    entry: '{ "email-otp": emailOTP, "phone-number": phoneNumber }',
  },
])("for $plugins it imports $makers", ({ plugins, makers, entry }) => {
  const text = textFor(plugins);
  expect(text).toContain(`import { ${makers.join(", ")} } from "better-auth/plugins";`);
  expect(text).toContain(`makers: ${entry},`);
});

test("for other plugins it imports nothing of Better Auth", () => {
  expect(textFor(["organization", "magic-link"])).not.toMatch(/better-auth|makers/);
});
