// Imports that lead nowhere, or to a name that is not there: each is told with its own line and what to write instead.
import { expect, test } from "vitest";
import { CodegenError } from "../../../codegen/errors.js";
import { loadAuth } from "../../../codegen/load/load-auth.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { makeApp } from "../support/app.js";

const auth = (body: string, imports: string) =>
  `import { defineAuth } from "./generated/auth";\n${imports}\nexport default defineAuth(${body});\n`;

/** A package of the app. */
const installed = (name: string, code: string) => ({
  [`convex/node_modules/${name}/package.json`]: `{ "name": "${name}", "type": "module", "exports": "./index.js" }`,
  [`convex/node_modules/${name}/index.js`]: code,
});

type Case = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly code: string;
  readonly want: RegExp;
  readonly hint: RegExp;
};

const cases: Case[] = [
  {
    name: "a plugin that is a package of its own by now",
    files: {
      "convex/auth.ts": auth(
        `() => ({\n  plugins: [twoFactor(), apiKey({ prefix: "x" })],\n})`,
        `import {\n  apiKey,\n  twoFactor,\n} from "better-auth/plugins";`,
      ),
    },
    code: "EXPORT_NOT_FOUND",
    want: /^convex\/auth\.ts:2 imports `apiKey` from "better-auth\/plugins", but what is installed does not export it\.$/,
    hint: /^Import `apiKey` from "@better-auth\/api-key"\.$/,
  },
  {
    name: "a plugin of that kind under another name, in a module of the app's",
    files: {
      "convex/auth.ts": auth(
        `() => ({ plugins: makePlugins() })`,
        `import { makePlugins } from "./lib/plugins";`,
      ),
      "convex/lib/plugins.ts": `import { passkey as key } from "better-auth/plugins";\nexport const makePlugins = () => [\n  key(),\n];`,
    },
    code: "EXPORT_NOT_FOUND",
    want: /^convex\/lib\/plugins\.ts:1 imports `passkey` from "better-auth\/plugins"/,
    hint: /^Import `passkey` from "@better-auth\/passkey"\.$/,
  },
  {
    name: "a plugin that another one replaced, in a namespace",
    files: {
      "convex/auth.ts": auth(
        `() => ({ plugins: [p.oidcProvider({ loginPage: "/" })] })`,
        `import * as p from "better-auth/plugins";`,
      ),
    },
    code: "EXPORT_NOT_FOUND",
    want: /^convex\/auth\.ts:2 imports `oidcProvider` from "better-auth\/plugins"/,
    hint: /^Import `oauthProvider` from "@better-auth\/oauth-provider"\.$/,
  },
  {
    name: "a helper that moved",
    files: {
      "convex/auth.ts": auth(
        `() => ({ hooks: { before: createAuthMiddleware(async () => {}) } })`,
        `import { createAuthMiddleware } from "better-auth/plugins";`,
      ),
    },
    code: "EXPORT_NOT_FOUND",
    want: /^convex\/auth\.ts:2 imports `createAuthMiddleware`/,
    hint: /^Import `createAuthMiddleware` from "better-auth\/api"\.$/,
  },
  {
    name: "a name that another package does not export",
    files: {
      "convex/auth.ts": auth(`() => ({ plugins: [gone()] })`, `import { acme, gone } from "acme";`),
      ...installed("acme", `export const acme = () => ({ id: "acme" });`),
    },
    code: "EXPORT_NOT_FOUND",
    want: /^convex\/auth\.ts:2 imports `gone` from "acme"/,
    hint: /^Correct the name, or install a release of acme that exports it\.$/,
  },
  {
    name: "a type on a line that fails is not missing",
    files: {
      "convex/auth.ts": auth(
        `() => options`,
        `import { BetterAuthOptions } from "better-auth";\nconst options = (undefined as never as { make(): never }).make() as BetterAuthOptions;`,
      ),
    },
    code: "AUTH_FAILED",
    want: /^convex\/auth\.ts:3: Cannot read properties of undefined/,
    hint: /^Make convex\/auth\.ts load without a deployment/,
  },
  {
    name: "a plugin's own path that became a package",
    files: {
      "convex/auth.ts": auth(
        `() => ({ plugins: [passkey()] })`,
        `import { passkey } from "better-auth/plugins/passkey";`,
      ),
    },
    code: "MODULE_NOT_FOUND",
    want: /^convex\/auth\.ts:2 imports "better-auth\/plugins\/passkey", but the installed better-auth has no such path\.$/,
    hint: /^Import `passkey` from "@better-auth\/passkey"\.$/,
  },
  {
    name: "a path that a package does not export",
    files: { "convex/auth.ts": auth(`() => ({})`, `import "better-auth/adapters/gone";`) },
    code: "MODULE_NOT_FOUND",
    want: /"better-auth\/adapters\/gone", but the installed better-auth has no such path\.$/,
    hint: /^Import it from a path that better-auth exports, or install a release/,
  },
  ...["cloudflare:workers", "$env/static/private", "bun:sqlite"].map((specifier) => ({
    name: `${specifier}, which is no package`,
    files: { "convex/auth.ts": auth(`() => ({ secret: x })`, `import { x } from "${specifier}";`) },
    code: "MODULE_NOT_FOUND",
    want: /^convex\/auth\.ts:2 imports ".*", which was not found\.$/,
    hint: /^Remove this import: .* Read variables from process\.env\.$/,
  })),
  {
    name: "a package that lacks another one",
    files: {
      "convex/auth.ts": auth(`() => ({ plugins: [acme()] })`, `import { acme } from "acme";`),
      ...installed("acme", `import "@gone/peer/sub";\nexport const acme = () => ({ id: "acme" });`),
    },
    code: "MODULE_NOT_FOUND",
    want: /^convex\/auth\.ts:2 imports "acme", which needs @gone\/peer, and that is not installed\.$/,
    hint: /^Install it: npm install @gone\/peer$/,
  },
  {
    name: "a package that throws before a line of the app runs",
    files: {
      "convex/auth.ts": auth(`() => ({ appName: acme })`, `import { acme } from "acme";`),
      ...installed("acme", `export const acme = "x";\nthrow new Error("no licence");`),
    },
    code: "AUTH_FAILED",
    want: /^convex\/auth\.ts:2: no licence$/,
    hint: /^Make convex\/auth\.ts load without a deployment/,
  },
];

test.each(cases)("$name", async ({ files, code, want, hint }) => {
  const error: unknown = await loadAuth(openWorkspace(makeApp(files).project)).then(
    () => undefined,
    (one: unknown) => one,
  );
  if (!(error instanceof CodegenError)) throw new Error(`no CodegenError: ${String(error)}`);
  expect(error.message).toMatch(want);
  expect(error.hint).toMatch(hint);
  expect(error.code).toBe(code);
});
