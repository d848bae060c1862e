// auth.ts of an app on another site, and of an Expo app: what it lacks is added, and what is computed stays its author's.
import { expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { patchAuth } from "../../../codegen/patch/auth.js";

const patch = (text: string, origin?: string, imported?: string) => {
  const module = parseModule(text, "/app/convex/auth.ts");
  const others = imported === undefined ? [] : [parseModule(imported, "/app/convex/plugins.ts")];
  return patchAuth(module, [module, ...others], {
    plugin: 'crossDomain({ siteUrl: "http://localhost:8081" })',
    origin,
  });
};

const authWith = (imports: string, options: string) =>
  `import { expo } from "@better-auth/expo";
${imports}import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ ${options} }));
`;

test("computed origins of an app that has expo() stay", () => {
  const all = 'import { crossDomain } from "kitcn/auth";\n';
  const done = authWith(
    all,
    'plugins: [expo(), crossDomain({ siteUrl: "a" })], trustedOrigins: Array.from(["exp://", set])',
  );
  expect(patch(done, "notes://").text ?? done).toBe(done);
  const lacking = authWith("", "plugins: [expo()], trustedOrigins: originsOf(`${scheme}://`)");
  expect(patch(lacking, "notes://").text).toMatch(/plugins: \[\s*expo\(\),\s*crossDomain\(\{/);
});

test("computed origins without a link of an app are refused", () => {
  const text = authWith("", 'plugins: [expo()], trustedOrigins: originsOf("https://a.example")');
  expect(() => patch(text, "notes://")).toThrow(/are not written as lists/);
});

test("what is refused names only what is missing", () => {
  const text = authWith("", "plugins: pluginsOf(), trustedOrigins: []").replace(/^.*expo".*\n/, "");
  expect(() => patch(text, "notes://")).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/crossDomain\(\{.*expo\(\)\],\n.*notes/s),
    }),
  );
  const withSite = authWith(
    'import { crossDomain } from "kitcn/auth";\n',
    'plugins: [crossDomain({ siteUrl: "a" })].concat(others), trustedOrigins: []',
  ).replace(/^.*expo".*\n/, "");
  expect(() => patch(withSite, "notes://")).toThrow(
    expect.objectContaining({ hint: expect.not.stringContaining("crossDomain") }),
  );
});

test("a plugin or an origin in a module that auth.ts imports is not added again", () => {
  const text = authWith(
    'import { plugins } from "./plugins";\n',
    "plugins, trustedOrigins",
  ).replace(/^.*expo".*\n/, "");
  const imported = [
    'import { expo } from "@better-auth/expo";',
    'import { crossDomain } from "kitcn/auth";',
    'export const plugins = [expo(), crossDomain({ siteUrl: "a" })];',
    'export const trustedOrigins = ["notes://"];',
  ].join("\n");
  expect(patch(text, "notes://", imported)).toEqual({ text: undefined });
});
