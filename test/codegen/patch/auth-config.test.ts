// A user's own auth.config.ts gets kitcn's provider beside its own, or the lines to write.
import { describe, expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { patchAuthConfig } from "../../../codegen/patch/auth-config.js";

const patch = (text: string) => patchAuthConfig(parseModule(text, "convex/auth.config.ts"));
const IMPORT = `import { getAuthConfigProvider } from "kitcn/auth/config";\n`;

describe("kitcn's provider is added", () => {
  test.each([
    {
      name: "to a list of others",
      given: `export default {\n  providers: [\n    { domain: "https://a.b", applicationID: "convex" }, // Clerk\n  ],\n};\n`,
      want: `${IMPORT}\nexport default {\n  providers: [\n    { domain: "https://a.b", applicationID: "convex" }, // Clerk\n    getAuthConfigProvider(),\n  ],\n};\n`,
    },
    {
      name: "to an empty list, under a type",
      given: `import type { AuthConfig } from 'convex/server'\n\nexport default { providers: [] } satisfies AuthConfig\n`,
      want: `import type { AuthConfig } from 'convex/server'\nimport { getAuthConfigProvider } from 'kitcn/auth/config'\n\nexport default { providers: [\n  getAuthConfigProvider(),\n] } satisfies AuthConfig\n`,
    },
    {
      name: "to a config without providers",
      given: `// getAuthConfigProvider()\nconst config = {};\nexport default config;\n`,
      want: `${IMPORT}\n// getAuthConfigProvider()\nconst config = {\n  providers: [getAuthConfigProvider()],\n};\nexport default config;\n`,
    },
  ])("$name", ({ given, want }) => {
    expect(patch(given)).toEqual({ text: want });
    expect(patch(want)).toEqual({ text: undefined });
  });
});

test.each([
  {
    name: "kitcn's provider under another name",
    given: `import { getAuthConfigProvider as p } from "kitcn/auth/config";\nexport default { providers: [p({ basePath: "/x" })] };\n`,
  },
  { name: "another module's config", given: `export { default } from "./config";\n` },
])("nothing is done about $name", ({ given }) => {
  expect(patch(given)).toEqual({ text: undefined });
});

test.each([
  {
    name: "providers of another module",
    given: `import { providers } from "./providers";\n\nexport default { providers };\n`,
    want: /^convex\/auth\.config\.ts:3 /,
  },
  {
    name: "a spread",
    given: `import base from "./base";\nexport default { ...base };\n`,
    want: /^convex\/auth\.config\.ts:2 /,
  },
  { name: "no default export", given: `export {};\n`, want: /^convex\/auth\.config\.ts:1 / },
])("the lines to write are told for $name", ({ given, want }) => {
  const { text, note } = patch(given);
  expect(text).toBeUndefined();
  expect(note).toMatch(want);
  expect(note).toMatch(
    /kitcn could not edit it[^]*import \{ getAuthConfigProvider \}[^]*providers: \[getAuthConfigProvider\(\)/,
  );
});
