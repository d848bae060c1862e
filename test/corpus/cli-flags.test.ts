// Flags that do not go together, and files that are not what they should be, for every command. Each is refused:
// exit code 2 for wrong usage, else 1; what is wrong and the next step on stderr, no stack, nothing written.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment } from "../codegen/support/cli.js";

const AUTH = `import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ emailAndPassword: { enabled: true } }));
`;

const SCHEMA = ["add", "auth", "--schema", "--yes"];
const ADD = ["add", "auth", "--yes", "--no-install"];
const PUSH = ["env", "push"];

type Case = {
  given: string;
  args: readonly string[];
  /** A path below another one here makes that a folder. */
  files?: Record<string, string | undefined>;
  env?: Record<string, string>;
  says: RegExp;
};

const usage: Case[] = [
  {
    given: "a file that is not there",
    args: [...PUSH, "--from-file", "nope.env"],
    says: /nope\.env does not exist/,
  },
  { given: "--grace alone", args: [...PUSH, "--grace"], says: /--rotate --grace/ },
  { given: "--keep-sessions alone", args: [...PUSH, "--keep-sessions"], says: /--rotate --keep/ },
  {
    given: "--grace with --keep-sessions",
    args: [...PUSH, "--rotate", "--grace", "--keep-sessions"],
    says: /cannot be used with/,
  },
  { given: "--rotate with nobody to ask", args: [...PUSH, "--rotate"], says: /--yes/ },
  { given: "an unknown env command", args: ["env", "pull"], says: /pull[^]*push/ },
  { given: "an unknown template", args: ["init", "-t", "svelte"], says: /next, vite, start/ },
  { given: "two folders", args: ["init", "a", "b"], says: /too many arguments/ },
  {
    given: "--schema of a preset",
    args: ["add", "auth", "--schema", "--preset", "convex"],
    says: /--preset convex --yes/,
  },
  {
    given: "procedures without the rest",
    args: ["add", "auth", "--schema", "--crpc"],
    says: /--crpc[^]*--schema/,
  },
  {
    given: "procedures of a preset",
    args: ["add", "auth", "--crpc", "--preset", "convex"],
    says: /--preset[^]*--crpc/,
  },
  {
    given: "an unknown page",
    args: ["add", "auth", "--ui", "popup"],
    says: /page, better-auth-ui, none/,
  },
  {
    given: "an unknown preset",
    args: ["add", "auth", "--preset", "raw"],
    says: /choices are convex/,
  },
  { given: "a flag of another command", args: ["doctor", "--from-file", "x"], says: /--from-file/ },
  { given: "dev with a flag of add", args: ["dev", "--yes"], says: /--yes/ },
  { given: "a value for a switch", args: ["add", "auth", "--yes=maybe"], says: /--yes=maybe/ },
  { given: "an unknown letter among known ones", args: ["add", "auth", "-yx"], says: /'-x'/ },
  { given: "two commands", args: ["codegen", "doctor"], says: /too many arguments/ },
  {
    given: "a flag that is a prototype",
    args: ["add", "auth", "--__proto__", "x"],
    says: /__proto__/,
  },
  {
    given: "--prod with the key of a preview",
    args: [...PUSH, "--prod"],
    env: { CONVEX_DEPLOY_KEY: "preview:team:app|key" },
    says: /production deploy key/,
  },
];

const files: Case[] = [
  { given: "no deployment", args: PUSH, env: { CONVEX_DEPLOYMENT: "" }, says: /npx convex dev/ },
  {
    given: "init -t in a folder with something",
    args: ["init", "-t", "next", "--yes", "--no-install"],
    says: /not empty[^]*kitcn init .*--yes/,
  },
  {
    given: "an app without convex",
    args: PUSH,
    files: { "package.json": '{"name":"x"}' },
    says: /package\.json[^]*init --yes/,
  },
  {
    given: "keys that are none",
    args: PUSH,
    files: { "convex/.env": "JWKS=nonsense\n" },
    says: /JWKS[^]*--rotate/,
  },
  {
    given: "localhost in production",
    args: [...PUSH, "--prod"],
    files: { "convex/.env": "SITE_URL=localhost:3000\n" },
    says: /SITE_URL in convex\/\.env[^]*--from-file/,
  },
  {
    given: "the secret of development in production",
    args: [...PUSH, "--prod"],
    files: { "convex/.env": "AUTH_SECRET=0123456789-abcdefghijklmnopqrstuvw\n" },
    says: /AUTH_SECRET in convex\/\.env is the secret of development\./,
  },
  {
    given: "a weak secret in production",
    args: [...PUSH, "--prod", "--from-file", "p.env"],
    files: { "p.env": "AUTH_SECRET=short\n" },
    says: /AUTH_SECRET in p\.env is shorter than 32/,
  },
  {
    given: "a folder to push",
    args: [...PUSH, "--from-file", "convex"],
    says: /convex cannot be read: it is a folder/,
  },
  {
    given: "convex/.env is a folder",
    args: PUSH,
    files: { "convex/.env/keep": "" },
    says: /\.env cannot be read: it is a folder/,
  },
  {
    given: ".env.local is a folder",
    args: PUSH,
    files: { ".env.local/keep": "" },
    says: /\.env\.local cannot be read/,
  },
  {
    given: "package.json is a folder",
    args: ADD,
    files: { "package.json": undefined, "package.json/keep": "" },
    says: /package\.json cannot be read/,
  },
  {
    given: "convex.json is a folder",
    args: ADD,
    files: { "convex.json/keep": "" },
    says: /convex\.json cannot be read/,
  },
  {
    given: "auth.ts is a folder",
    args: ADD,
    files: { "convex/auth.ts/keep": "" },
    says: /auth\.ts cannot be read/,
  },
  {
    given: "schema.ts is a folder",
    args: ADD,
    files: { "convex/schema.ts": undefined, "convex/schema.ts/keep": "" },
    says: /schema\.ts cannot be read/,
  },
  {
    given: "the lock is a folder",
    args: ADD,
    files: { "convex/plugins.lock.json/keep": "" },
    says: /plugins\.lock\.json cannot be read/,
  },
  {
    given: "generated is a file",
    args: ADD,
    files: { "convex/generated": "mine\n" },
    says: /convex\/generated is not a folder/,
  },
  {
    given: "an http.ts that does not parse",
    args: ADD,
    files: { "convex/http.ts": "export default {\n" },
    says: /http\.ts:2:1/,
  },
  {
    given: "an http.ts without a router",
    args: ADD,
    files: { "convex/http.ts": "export default 7;\n" },
    says: /http\.ts:1[^]*registerRoutes\(http, authRoutes\)/,
  },
  {
    given: "an http.ts that exports no router",
    args: ADD,
    files: { "convex/http.ts": "export const http = 1;\n" },
    says: /no default export[^]*registerRoutes/,
  },
  {
    given: "a convex.config.ts that does not parse",
    args: ADD,
    files: { "convex/convex.config.ts": "const app = (;\n" },
    says: /convex\.config\.ts:1:14/,
  },
  {
    given: "a convex.config.ts that defines no app",
    args: ADD,
    files: { "convex/convex.config.ts": "export default {};\n" },
    says: /convex\.config\.ts:1[^]*app\.use\(authComponent\)/,
  },
  {
    given: "an auth.config.ts that does not parse",
    args: ADD,
    files: { "convex/auth.config.ts": "export default {{\n" },
    says: /auth\.config\.ts:1:17/,
  },
  {
    given: "a relations.ts that does not parse",
    args: SCHEMA,
    files: { "convex/auth.ts": AUTH, "convex/relations.ts": "export default (\n" },
    says: /relations\.ts:2:1/,
  },
  {
    given: "a module with triggers that does not parse",
    args: SCHEMA,
    files: {
      "convex/auth.ts": AUTH,
      "convex/x.ts": 'import { defineTriggers } from "kitcn/orm"; const = 1;\n',
    },
    says: /x\.ts:1:51/,
  },
  { given: "no auth.ts to refresh", args: SCHEMA, says: /kitcn add auth/ },
];

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

describe.each([
  { kind: "wrong usage", cases: usage, code: 2 },
  { kind: "a bad file or place", cases: files, code: 1 },
])("$kind ends with $code, and nothing is written", ({ cases, code }) => {
  test.each(cases)("$given", async ({ args, files: given = {}, env = {}, says }) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const app = cliApp("plain", { files: given });
    app.convex.setState({ dev: {} });
    const before = app.snapshot();
    const ran = await app.kitcn(...args);
    expect(ran.code, ran.stdout + ran.stderr).toBe(code);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toMatch(says);
    expect(ran.stderr).toMatch(/^error: .+\n\n?\S/s);
    expect(ran.stderr).toMatch(/\n\n[A-Z_]+ is explained in \S+\/docs\/errors\.md#[a-z_]+\n$/);
    expect(ran.stderr).not.toMatch(/\n {4}at |in a way it should not/);
    expect(app.snapshot()).toEqual(before);
    expect(app.convex.state().env).toEqual({});
  });
});
