// An auth.config.ts of the user's own is judged, never changed.
import { expect, test } from "vitest";
import { missingProvider } from "../../../codegen/patch/auth-config.js";

test.each([
  {
    name: "kitcn's provider",
    given: `import { getAuthConfigProvider as p } from "kitcn/auth/config";\nexport default { providers: [p({ basePath: "/x" })] };\n`,
    want: undefined,
  },
  {
    name: "another provider",
    given: `export default {\n  providers: [{ domain: "https://a.b", applicationID: "convex" }],\n};\n`,
    want: /convex\/auth\.config\.ts:1 .*left alone[^]*import \{ getAuthConfigProvider \}[^]*providers: \[getAuthConfigProvider\(\)/,
  },
  {
    name: "the words in a comment",
    given: `// getAuthConfigProvider()\nexport default { providers: [] };\n`,
    want: /has no provider/,
  },
  { name: "another module's", given: `export { default } from "./config";\n`, want: undefined },
])("$name", ({ given, want }) => {
  const note = missingProvider({ path: "convex/auth.config.ts", text: given });
  if (want === undefined) expect(note).toBeUndefined();
  else expect(note).toMatch(want);
});
