// The base path of a front end, as its bundler's config has it.
import { expect, test } from "vitest";
import { basePathOf } from "../../../codegen/shell/base-path.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { makeApp } from "../support/app.js";

test.each([
  ["vite", "export default {};", ""],
  ["vite", "export default { base: '/app/' };", "/app"],
  ["vite", "export default { base: './' };", ""],
  ["vite", "export default defineConfig(() => ({ ...shared, base: '/app/' }));", "/app"],
  [
    "vite",
    "export default defineConfig(async () => await get());\nasync function get() {\n  return { base: '/app/' };\n}",
    "/app",
  ],
  [
    "vite",
    "const config = { plugins: [] };\nconfig.base = '/app/';\nexport default config;",
    "/app",
  ],
  [
    "vite",
    "export default defineConfig(({ mode }) => ({ base: mode === 'production' ? '/app/' : '/' }));",
    undefined,
  ],
  ["vite", "const base = process.env.BASE;\nexport default { base };", undefined],
  ["vite", "export default { plugins: [VitePWA({ base: '/pwa/' })] };", ""],
  [
    "vite",
    "const pwa = { base: '/pwa/' };\nexport default { base: '/app/', plugins: [VitePWA(pwa)], experimental: { base: '/x' } };",
    "/app",
  ],
  ["next", "export default { basePath: '/docs' };", "/docs"],
  [
    "next",
    "const config = { basePath: '/docs' };\nmodule.exports = withMdx({ basePath: '/no' })(config);",
    "/docs",
  ],
  [
    "next",
    "const config = { async redirects() { return [{ basePath: false }]; }, env: { basePath: '/no' } };\nexport default config;",
    "",
  ],
  ["next", "const basePath = process.env.BASE;\nmodule.exports = { basePath };", undefined],
] as const)("of %s: %s", (kind, config, want) => {
  const app = makeApp({ [`${kind}.config.ts`]: `${config}\n` });
  const shell = { kind } as Parameters<typeof basePathOf>[0]["shell"]; // its kind alone is read
  expect(basePathOf({ ws: openWorkspace(app.project), shell })).toBe(want);
});
