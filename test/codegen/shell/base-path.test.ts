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
  ["nuxt", "export default defineNuxtConfig({ app: { baseURL: '/app/' } });", "/app"],
  [
    "nuxt",
    "export default defineNuxtConfig({ app: { head: {} }, nitro: { baseURL: '/no' } });",
    "",
  ],
  ["nuxt", "export default { app: { baseURL: process.env.BASE } };", undefined],
  ["sveltekit", "export default { kit: { adapter: adapter(), paths: { base: '/app' } } };", "/app"],
  [
    "sveltekit",
    "const dev = false;\nexport default { kit: { paths: { base: dev ? '' : '/app' } } };",
    undefined,
  ],
  ["sveltekit", "export default { kit: { paths: { base: '', relative: false } } };", ""],
  ["solidstart in vite", "export default { base: '/app/', plugins: [solidStart()] };", "/app"],
  [
    "sveltekit in vite",
    "export default defineConfig({ plugins: [sveltekit({ paths: { base: '/app' } })], base: '/no' });",
    "/app",
  ],
] as const)("of %s: %s", (title, config, want) => {
  const [kind, , other] = title.split(" ");
  const file = other ?? (kind === "sveltekit" ? "svelte" : kind);
  const app = makeApp({ [`${file}.config.ts`]: `${config}\n` });
  const shell = { kind } as Parameters<typeof basePathOf>[0]["shell"]; // its kind alone is read
  expect(basePathOf({ ws: openWorkspace(app.project), shell })).toBe(want);
});
