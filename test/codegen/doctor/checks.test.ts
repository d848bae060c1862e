// Each check of `kitcn doctor`: facts in, findings out.
import { parseModule } from "../../../codegen/edit/index.js";
import type { ModuleReader } from "../../../codegen/modules/resolve.js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { checkConfig, type ConfigFacts } from "../../../codegen/doctor/check-config.js";
import { checkEnv, withoutEffects, type EnvFacts } from "../../../codegen/doctor/check-env.js";
import {
  checkComponent,
  checkConflicts,
  checkDrift,
  checkHttp,
  type SourceFile,
} from "../../../codegen/doctor/check-files.js";
import { checkKeys, type KeysFacts } from "../../../codegen/doctor/check-keys.js";
import { checkPackages } from "../../../codegen/doctor/check-packages.js";
import { reasonOf } from "../../../codegen/doctor/load-deployment.js";
import { cliApp } from "../support/cli.js";
import { checkTodos, checkVariables } from "../../../codegen/doctor/check-unfinished.js";
import { findVariableReads } from "../../../codegen/grow/reads.js";
import { openServer } from "../../../codegen/grow/server-half.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { makeApp } from "../support/app.js";
import { findHttpBasePath } from "../../../codegen/doctor/http-base-path.js";
import type { FileChange } from "../../../codegen/types.js";
import type {
  AuthFacts,
  Finding,
  PackageFacts,
  ProviderFacts,
} from "../../../codegen/doctor/types.js";

const AUTH =
  'import { defineAuth } from "./generated/auth";\nexport default defineAuth(() => ({}));\n';
const SECRET = "k3Jd8sLq0ZpX7vTn2RbY5wMc9GhF4aUe6";
const SITE = "https://happy.convex.site";
const codes = (findings: readonly Finding[]) => findings.map(({ code }) => code);

function expectComplete(findings: readonly Finding[]): void {
  for (const { message, fix } of findings) {
    expect(message).toMatch(/\.$|:/);
    expect(fix).not.toBe("");
    expect(message + fix).not.toContain(SECRET);
  }
}

test.each([
  { name: "auth.ts", files: { "convex/auth.ts": `${AUTH}export {\n` } },
  { name: "http.ts", files: { "convex/auth.ts": AUTH, "convex/http.ts": "export {\n" } },
])("a syntax error of $name is one finding, and hides no others", async ({ name, files }) => {
  const http =
    'import { httpRouter } from "convex/server";\nimport auth from "./auth";\nconst http = httpRouter();\nauth(http);\nexport default http;\n';
  const app = cliApp("plain", { files: { "convex/http.ts": http, ...files } });
  const { stdout } = await app.kitcn("doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const about = findings.filter(({ message }) => message.includes(`${name}:`));
  expect(about).toMatchObject([{ code: "SYNTAX_ERROR" }]);
  expect(codes(findings)).not.toContain("HTTP_NOT_WIRED");
});

test("what other commands did not write is nothing that doctor speaks of", async () => {
  const app = cliApp("plain", { files: { "convex/auth.ts": AUTH, "convex/http.ts": "export {" } });
  app.write(
    "convex/schema.ts",
    `import { defineSchema } from "convex/server";
import { defineTriggers } from "kitcn/orm";
import { relations } from "./relations";
export default defineSchema({});
defineTriggers(relations, { nowhere: { change: () => undefined } });
`,
  );
  const { stdout } = await app.kitcn("doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  expect(codes(findings)).toEqual(
    expect.arrayContaining(["SYNTAX_ERROR", "UNKNOWN_TRIGGER_TABLE"]),
  );
  expect(stdout).not.toMatch(/was (written|changed)/);
});

test.each([
  ['{"code":"UNKNOWN_TRIGGER_TABLE","message":"No such table.","hint":"x"}', "No such table."],
  [
    '{"code":"[Request ID: 0f1e2d] Server Error: Uncaught BetterAuthError: jwt_config","trace":"x"}',
    "Uncaught BetterAuthError: jwt_config",
  ],
  ['{"code":"[Request ID: 0f1e2d] Server Error"}', undefined],
  ["<html>bad gateway</html>", undefined],
  ["", undefined],
  ["null", undefined],
])("a failure that says %s is reported with its own words", (text, want) => {
  expect(reasonOf(text)).toBe(want);
});

describe("checkEnv", () => {
  const good: EnvFacts = {
    env: { BETTER_AUTH_SECRET: SECRET, SITE_URL: "https://a.example.com" },
    isProduction: true,
    development: [],
    auth: { secret: undefined, usesSiteUrl: true },
  };
  const cases: [string, Partial<EnvFacts>, string[]][] = [
    ["all well", {}, []],
    ["no secret", { env: { SITE_URL: "https://a.b" } }, ["NO_SECRET"]],
    [
      "a secret in auth.ts",
      { env: { SITE_URL: "https://a.b" }, auth: { secret: "x", usesSiteUrl: true } },
      [],
    ],
    [
      "versions of a secret",
      { env: { ...good.env, BETTER_AUTH_SECRET: "", BETTER_AUTH_SECRETS: `2:${SECRET},1:x` } },
      [],
    ],
    ["a short one", { env: { ...good.env, BETTER_AUTH_SECRET: "short" } }, ["WEAK_SECRET"]],
    [
      "that of development",
      { development: [{ where: "convex/.env", values: { BETTER_AUTH_SECRET: SECRET } }] },
      ["SHARED_SECRET"],
    ],
    [
      "a version that development has, too",
      {
        env: {
          ...good.env,
          BETTER_AUTH_SECRET: "",
          BETTER_AUTH_SECRETS: `2:${SECRET}x,1:${SECRET}`,
        },
        development: [{ where: "there", values: { BETTER_AUTH_SECRETS: `1:${SECRET}` } }],
      },
      ["SHARED_SECRET"],
    ],
    [
      "another than those of development",
      { development: [{ where: "there", values: { BETTER_AUTH_SECRET: `${SECRET}x`, A: "" } }] },
      [],
    ],
    ["no SITE_URL", { env: { BETTER_AUTH_SECRET: SECRET } }, ["NO_SITE_URL"]],
    ["SITE_URL nobody reads", { env: { BETTER_AUTH_SECRET: SECRET }, auth: undefined }, []],
    ["localhost", { env: { ...good.env, SITE_URL: "http://localhost:3000" } }, ["LOCAL_SITE_URL"]],
  ];
  test.each(cases)("%s", (_title, facts, want) => {
    const findings = checkEnv({ ...good, ...facts });
    expect(codes(findings)).toEqual(want);
    expectComplete(findings);
  });

  test.each([
    ["is in the file", { SITE_URL: "http://localhost:3000" }, false, "npx kitcn env push"],
    ["is empty there", { SITE_URL: "" }, false, "npx convex env set SITE_URL https://your.site"],
    ["is in no file", undefined, true, "npx convex env set SITE_URL https://your.site --prod"],
  ])("a SITE_URL that %s", (_title, values, isProduction, fix) => {
    const file = values && { name: "convex/.env", values };
    const env = { BETTER_AUTH_SECRET: SECRET };
    const [finding] = checkEnv({ ...good, env, isProduction, file });
    expect(finding).toMatchObject({ code: "NO_SITE_URL", fix });
  });

  const failing = { url: SITE, status: 500, reason: "Missing variables: GITHUB_ID", kids: [] };
  const [unset] = checkEnv({ ...good, env: { SITE_URL: SITE } });
  const variable = (name: string) =>
    checkVariables([{ name, of: "github()", file: "convex/auth.ts", line: 1 }], {
      env: {},
      isProduction: true,
      shorten: (path) => path,
      envFile: "convex/.env",
    })[0]!;
  test.each([
    ["a secret is missing", failing, [unset!], 0],
    ["a variable is missing that the routes name", failing, [variable("GITHUB_ID")], 0],
    ["another variable is missing", failing, [variable("GITHUB")], 1],
    ["nothing is missing", failing, [], 1],
    ["routes do not exist", { ...failing, status: 404 }, [unset!], 1],
  ])("failing routes are an effect: %s", (_title, served, causes, left) => {
    const found: Finding[] = [
      { code: "AUTH_ROUTES_MISSING", level: "error", message: "They fail.", fix: "Fix it." },
    ];
    expect(withoutEffects(found, { causes, served })).toHaveLength(left);
  });

  test.each([
    ["BETTER_AUTH_SECRET", "short", 'BETTER_AUTH_SECRET "$(openssl rand'],
    ["BETTER_AUTH_SECRETS", "2:short", 'BETTER_AUTH_SECRETS "1:$(openssl rand'],
  ])("a new %s has a version where Better Auth wants one", (name, secret, want) => {
    const [finding] = checkEnv({ ...good, env: { SITE_URL: SITE, [name]: secret } });
    expect(finding).toMatchObject({ code: "WEAK_SECRET", fix: expect.stringContaining(want) });
  });
});

const provider = (change: Partial<ProviderFacts> = {}): ProviderFacts => ({
  isOidc: false,
  issuer: SITE,
  algorithm: "RS256",
  applicationID: "convex",
  jwks: `${SITE}/api/auth/convex/jwks`,
  ...change,
});

describe("checkKeys", () => {
  const key = { id: "k1", publicKey: "{}", privateKey: SECRET, createdAt: 2 };
  const good: KeysFacts = {
    isProduction: true,
    nowMs: 1000,
    keys: [{ key, opens: "yes" }],
    unreadable: undefined,
    stored: ["k1"],
    plugin: { jwks: "there", signer: "jwks", basePath: undefined, providers: [] },
    providers: [provider({ jwks: dataUri("k1") })],
    served: { url: SITE, status: 200, kids: ["k1"] },
  };
  const cases: [string, Partial<KeysFacts>, string[]][] = [
    ["all well", {}, []],
    [
      "in grace",
      {
        keys: [
          { key, opens: "yes" },
          { key: { ...key, id: "k0", privateKey: undefined, expiresAt: 2000 }, opens: undefined },
        ],
      },
      [],
    ],
    ["none yet", { keys: undefined }, ["NO_JWKS"]],
    ["not readable", { keys: undefined, unreadable: "it is not valid JSON" }, ["INVALID_JWKS"]],
    [
      "public keys only",
      { keys: [{ key: { ...key, privateKey: undefined }, opens: undefined }] },
      ["NO_SIGNING_KEY"],
    ],
    ["another secret", { keys: [{ key, opens: "no" }] }, ["WRONG_SECRET"]],
    ["halves of two keys", { keys: [{ key, opens: "another-key" }] }, ["KEY_HALVES_DIFFER"]],
    [
      "over",
      {
        keys: [
          { key, opens: "yes" },
          { key: { ...key, id: "k0", privateKey: undefined, expiresAt: 999 }, opens: undefined },
        ],
      },
      ["EXPIRED_KEYS"],
    ],
    [
      "not passed on",
      { plugin: { jwks: undefined, signer: "jwks", basePath: undefined, providers: [] } },
      ["JWKS_NOT_USED"],
    ],
    [
      "others in auth.config.ts",
      { providers: [provider({ jwks: dataUri("k9") })] },
      ["AUTH_CONFIG_KEYS"],
    ],
    [
      "others in base64",
      {
        providers: [
          provider({
            jwks: `data:application/json;base64,${Buffer.from('{"keys":[{"kid":"k9"}]}').toString("base64")}`,
          }),
        ],
      },
      ["AUTH_CONFIG_KEYS"],
    ],
    ["others served", { served: { url: SITE, status: 200, kids: ["k9"] } }, ["SERVED_KEYS_DIFFER"]],
    ["others stored", { stored: ["k9"] }, ["JWKS_NOT_STORED"]],
    ["stored not known", { stored: undefined, served: undefined }, []],
  ];
  test.each(cases)("%s", (_title, facts, want) => {
    const findings = checkKeys({ ...good, ...facts });
    expect(codes(findings)).toEqual(want);
    expectComplete(findings);
  });

  function dataUri(kid: string): string {
    return `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [{ kid }] }))}`;
  }
});

describe("checkConfig", () => {
  const auth: AuthFacts = {
    basePath: "/api/auth",
    secret: undefined,
    usesSiteUrl: true,
    trustedOrigins: [],
    hasOriginsFunction: false,
    limits: { isOn: true, file: "convex/auth.ts", line: 6 },
    proxy: undefined,
    plugin: { jwks: undefined, signer: "jwks", basePath: undefined, providers: [provider()] },
    providers: [provider()],
  };
  test("the reason of a failure is in the finding", () => {
    const [finding] = checkConfig({
      auth,
      http: undefined,
      served: { url: SITE, status: 500, reason: "jwt_config", kids: [] },
    });
    expect(finding).toMatchObject({
      code: "AUTH_ROUTES_MISSING",
      message: expect.stringContaining('answers 500 ("jwt_config")') as string,
    });
  });

  test("a provider of auth.config.ts that auth.ts does not pass on is to be passed, and not added", () => {
    const plugin = { jwks: undefined, signer: "jwks", basePath: undefined, providers: [] } as const;
    const [finding] = checkConfig({
      auth: { ...auth, plugin },
      http: undefined,
      served: undefined,
    });
    expect(finding).toMatchObject({
      code: "NO_CONVEX_PROVIDER",
      message: expect.stringContaining("auth.config.ts has one") as string,
      fix: expect.stringContaining('import authConfig from "./auth.config"') as string,
    });
  });

  const cases: [
    string,
    Partial<Omit<ConfigFacts, "auth">> & { auth?: Partial<AuthFacts> },
    string[],
  ][] = [
    ["all well", {}, []],
    [
      "a foreign provider beside ours",
      {
        auth: {
          providers: [provider({ issuer: "https://other", applicationID: "other" }), provider()],
        },
      },
      [],
    ],
    ["no plugin", { auth: { plugin: undefined } }, ["NO_CONVEX_PLUGIN"]],
    ["no provider", { auth: { providers: [] } }, ["NO_CONVEX_PROVIDER"]],
    [
      "another algorithm",
      { auth: { providers: [provider({ algorithm: "ES256" })] } },
      ["NO_CONVEX_PROVIDER"],
    ],
    [
      "a domain instead",
      { auth: { providers: [provider({ isOidc: true, algorithm: undefined, jwks: undefined })] } },
      ["OIDC_PROVIDER"],
    ],
    [
      "a domain of the deployment beside kitcn's",
      {
        auth: {
          providers: [
            provider(),
            provider({ isOidc: true, algorithm: undefined, jwks: undefined }),
          ],
        },
      },
      ["OIDC_PROVIDER"],
    ],
    [
      "another library's domain before kitcn's",
      {
        auth: {
          providers: [
            provider({
              isOidc: true,
              issuer: "https://a.clerk.accounts.dev",
              algorithm: undefined,
              jwks: undefined,
            }),
            provider(),
          ],
        },
      },
      [],
    ],
    [
      "two issuers",
      { auth: { providers: [provider({ issuer: "https://other" })] } },
      ["ISSUER_MISMATCH"],
    ],
    [
      "a slash more is the same issuer",
      { auth: { providers: [provider({ issuer: `${SITE}/` })] } },
      [],
    ],
    ["moved in auth.ts only", { auth: { basePath: "/a" } }, ["BASE_PATH_MISMATCH"]],
    [
      "moved in http.ts only",
      { http: { basePath: "/a", at: "http.ts:3" } },
      ["BASE_PATH_MISMATCH"],
    ],
    [
      "moved in the plugin only",
      {
        auth: {
          plugin: { jwks: undefined, signer: "jwks", basePath: "/a", providers: [provider()] },
        },
      },
      ["BASE_PATH_MISMATCH"],
    ],
    [
      "moved everywhere",
      {
        auth: {
          basePath: "/a/",
          plugin: { jwks: undefined, signer: "jwks", basePath: "/a", providers: [provider()] },
          providers: [provider({ jwks: `${SITE}/a/convex/jwks` })],
        },
        http: { basePath: "/a", at: "http.ts:3" },
      },
      [],
    ],
    ["not served", { served: { url: SITE, status: 404, kids: [] } }, ["AUTH_ROUTES_MISSING"]],
    ["failing", { served: { url: SITE, status: 500, kids: [] } }, ["AUTH_ROUTES_MISSING"]],
    [
      "no rate limits",
      { auth: { limits: { isOn: false, file: "convex/auth.ts", line: 6 } } },
      ["RATE_LIMITS_OFF"],
    ],
  ];
  test.each(cases)("%s", (_title, { auth: change, ...facts }, want) => {
    const findings = checkConfig({
      http: undefined,
      served: undefined,
      ...facts,
      auth: { ...auth, ...change },
    });
    expect(codes(findings)).toEqual(want);
    expectComplete(findings);
  });
});

describe("checkPackages", () => {
  const good = { "better-auth": "1.7.25", convex: "1.48.0" };
  const cases: [string, Partial<PackageFacts>, string[]][] = [
    ["all well", {}, []],
    ["the oldest that work", { versions: { "better-auth": "1.7.8", convex: "1.44.0" } }, []],
    ["too old", { versions: { ...good, "better-auth": "1.7.7" } }, ["PACKAGE_VERSION"]],
    ["too new", { versions: { ...good, "better-auth": "1.8.0-beta.1" } }, ["PACKAGE_VERSION"]],
    ["convex too old", { versions: { ...good, convex: "1.9.3" } }, ["PACKAGE_VERSION"]],
    ["not installed", { versions: { ...good, "better-auth": undefined } }, ["NO_BETTER_AUTH"]],
    ["half unpacked", { broken: [{ folder: "a", file: "index.js" }] }, ["BROKEN_PACKAGE"]],
    [
      "twice",
      {
        copies: [
          { path: "a", version: "1.7.25" },
          { path: "b", version: "1.7.9" },
        ],
      },
      ["DUPLICATE_BETTER_AUTH"],
    ],
  ];
  test.each(cases)("%s", (_title, facts, want) => {
    const findings = checkPackages({ versions: good, copies: [], broken: [], ...facts });
    expect(codes(findings)).toEqual(want);
    expectComplete(findings);
  });

  test.each([
    ["npm", /^npm install "convex@>=1\.44\.0 <2/],
    ["pnpm-yaml", /^pnpm add "convex@>=/],
    ["yarn-berry", /^yarn add "convex@>=/],
    ["bun", /^bun add "convex@>=/],
  ] as const)("%s: the fix is a command of the app's package manager", (form, want) => {
    const versions = { ...good, convex: "1.9.3" };
    const place = { root: "", form };
    const [finding] = checkPackages({ versions, copies: [], broken: [], place });
    expect(finding?.fix).toMatch(want);
  });

  test.each([
    ["npm", "(`npm dedupe`, or one version in overrides), then run npm install."],
    ["pnpm-json", "(`pnpm dedupe`, or one version in pnpm.overrides), then run pnpm install."],
    ["yarn", "(one version in resolutions), then run yarn install."],
    ["bun", "(one version in overrides), then run bun install."],
  ] as const)("%s: what makes two copies one", (form, want) => {
    const copies = ["a", "b"].map((path) => ({ path, version: "1.7.25" }));
    const place = { root: "", form };
    const [finding] = checkPackages({ versions: good, copies, broken: [], place });
    expect(finding?.fix).toContain(want);
  });
});

describe("the app's files", () => {
  const source = (path: string, text?: string): SourceFile => ({
    path,
    open: () => (text === undefined ? undefined : parseModule(text, path)),
  });
  const http = (lines: string): SourceFile =>
    source(
      "convex/http.ts",
      `import { httpRouter } from "convex/server";
import { authMiddleware, registerRoutes } from "kitcn/auth/http";
import { getAuth } from "./generated/auth";
import { authRoutes } from "./generated/routes";
const http = httpRouter();
${lines}
export default http;
`,
    );
  const routes = `import { registerRoutes } from "kitcn/auth/http";\nimport { getAuth } from "./generated/auth";\nexport const addRoutes = (http) => registerRoutes(http, getAuth, { basePath: "/c" });\n`;
  const read: ModuleReader = (specifier) =>
    specifier === "./routes" ? parseModule(routes, "convex/routes.ts") : undefined;
  const wirings: [string, SourceFile, string[], string | undefined][] = [
    ["wired elsewhere", http('addRoutes(http);\nimport { addRoutes } from "./routes";'), [], "/c"],
    ["wired", http("registerRoutes(http, getAuth);"), [], undefined],
    ["wired lightly", http("registerRoutes(http, authRoutes, { cors });"), [], undefined],
    ["by a handler of the app's", http("registerRoutes(http, own);"), [], "/api/auth"],
    ["moved", http('registerRoutes(http, getAuth, { basePath: "/a" });'), [], "/a"],
    ["on Hono", http('app.use(authMiddleware(getAuth, { basePath: "/b" }));'), [], "/b"],
    ["computed", http("registerRoutes(http, getAuth, { basePath });"), [], undefined],
    ["not wired", http(""), ["HTTP_NOT_WIRED"], undefined],
    ["no file", source("convex/http.ts"), ["HTTP_NOT_WIRED"], undefined],
  ];
  test.each(wirings)("http.ts: %s", (_title, file, want, basePath) => {
    const findings = checkHttp(file, read);
    expect(codes(findings)).toEqual(want);
    expectComplete(findings);
    expect(findHttpBasePath(file, read)?.basePath).toBe(basePath);
  });

  test("a router that only its author can wire comes with the lines to write", () => {
    const text =
      'import { createHttpRouter } from "kitcn/server";\nexport default createHttpRouter(app);\n';
    const [finding] = checkHttp(source("convex/http.ts", text), read);
    expect(finding).toMatchObject({
      code: "HTTP_NOT_WIRED",
      fix: expect.stringContaining("authMiddleware(authRoutes)"),
    });
  });

  test.each([
    ["column", "edited", "column user.plan", "--overwrite"],
    ["table", "unreadable", "table user", "there."],
  ] as const)("a %s that is %s and stays is a warning", (part, reason, what, fix) => {
    const [finding] = checkConflicts([
      {
        ...{ table: "user", part, name: "plan", reason, at: "convex/schema.ts:9", yours: "" },
        ...{ wanted: "plan: v.string()", kept: true },
      },
    ]);
    expect(finding).toMatchObject({
      ...{ code: "SCHEMA_CONFLICT", level: "warning", file: "convex/schema.ts", line: 9 },
      message: `convex/schema.ts:9: ${what} is not what Better Auth needs.`,
      fix: expect.stringContaining(fix) as string,
    });
  });

  test("convex.config.ts", () => {
    const path = "convex/convex.config.ts";
    const app =
      'import { defineApp } from "convex/server";\nconst app = defineApp();\nexport default app;\n';
    expect(codes(checkComponent(source(path, app)))).toEqual(["COMPONENT_NOT_MOUNTED"]);
    expect(codes(checkComponent(source(path)))).toEqual(["COMPONENT_NOT_MOUNTED"]);
    const mounted = (from: string) =>
      `import { defineApp } from "convex/server";\nimport auth from "${from}";\nconst app = defineApp();\napp.use(auth);\nexport default app;\n`;
    const own = "./components/auth/convex.config";
    expect(checkComponent(source(path, mounted("kitcn/convex.config")))).toEqual([]);
    expect(checkComponent(source(path, mounted(own)), "local")).toEqual([]);
    const [other] = checkComponent(source(path, mounted("kitcn/convex.config")), "local");
    expect(other).toMatchObject({ code: "COMPONENT_NOT_MOUNTED" });
    expect(other?.fix).toContain(own);
  });

  const change = (path: string, before: string, after: string) => ({ path, before, after });
  const drifts: [string, Parameters<typeof checkDrift>[0], string[]][] = [
    ["in sync", { schema: [], generated: [], shorten: String }, []],
    [
      "a field",
      {
        schema: [change("schema.ts", "a", "b")],
        generated: [change("auth.ts", "a", "b")],
        shorten: String,
      },
      ["SCHEMA_DRIFT"],
    ],
    [
      "an index of a second table",
      {
        schema: [
          change(
            "schema.ts",
            '.index("by_userId", ["userId"])',
            '.index("by_userId", ["userId"]) .index("by_userId", ["userId"])',
          ),
        ],
        generated: [],
        shorten: String,
      },
      ["MISSING_INDEXES", "SCHEMA_DRIFT"],
    ],
    [
      "generated only",
      { schema: [], generated: [change("auth.ts", "a", "b")], shorten: String },
      ["GENERATED_STALE"],
    ],
  ];
  test("drift: files that are missing are named, and nothing that they would have", () => {
    const created = (path: string) => ({ path, before: undefined, after: '.index("a", ["a"])' });
    const messages = (schema: FileChange[], generated: FileChange[]) =>
      checkDrift({ schema, generated, shorten: String }).map(({ message }) => message);
    const three = ["a.ts", "b.ts", "c.ts"].map(created);
    expect(messages([created("schema.ts")], three)).toEqual(["schema.ts is missing."]);
    expect(messages([], three)).toEqual(["a.ts, b.ts and c.ts are missing."]);
    expect(messages([], [created("a.ts"), change("b.ts", "a", "b")])).toEqual([
      "a.ts is missing.",
      "b.ts is out of date.",
    ]);
  });

  test.each(drifts)("drift: %s", (_title, facts, want) => {
    const findings = checkDrift(facts);
    expect(codes(findings)).toEqual(want);
    expectComplete(findings);
  });
});

describe("checkTodos", () => {
  const text = "a;\n  // TODO(kitcn): send this.\n// TODO: of the author\n";

  test.each([
    [false, "warning"],
    [true, "error"],
  ] as const)("names what is left, and where; production: %s", (isProduction, level) => {
    const findings = checkTodos([{ file: "convex/auth.ts", text }], isProduction);
    expect(findings).toMatchObject([
      { code: "UNFINISHED_CODE", level, file: "convex/auth.ts", line: 2 },
    ]);
    expect(findings[0]?.message).toBe(
      "convex/auth.ts:2 has code that you have to finish: send this.",
    );
    expectComplete(findings);
  });
});

describe("the variables that plugins and providers need", () => {
  const auth = (options: string) => `import { captcha, siwe } from "better-auth/plugins";
import { scim } from "@better-auth/scim";
import { convex } from "kitcn/auth";
import { defineAuth } from "./generated/auth";
import { getEnv } from "../lib/get-env";
const github = { clientId: process.env.GITHUB_ID as string, clientSecret: getEnv().GITHUB_SECRET ?? "" };
export default defineAuth(() => (${options}));
`;
  const readsOf = (options: string) => {
    const app = makeApp({ "convex/auth.ts": auth(options) });
    const reads = findVariableReads(openServer(openWorkspace(app.project)));
    return reads.map(({ name, of, line, onlyWith = [] }) => {
      const names = [name, ...onlyWith].join(" with ");
      return `${names} of ${of} in ${line}`;
    });
  };

  test.each([
    ["nothing", "{}", []],
    [
      "providers, through names",
      "{ socialProviders: { github } }",
      ["GITHUB_ID of the provider github in 6", "GITHUB_SECRET of the provider github in 6"],
    ],
    [
      "a plugin",
      "{ plugins: [convex({ jwks: process.env.JWKS }), captcha({ secretKey: process.env.MY_KEY! })] }",
      ["MY_KEY of the plugin captcha in 7"],
    ],
    ["what has a value anyway", "{ plugins: [siwe({ domain: process.env.HOST ?? 'x.dev' })] }", []],
    [
      "what kitcn wrote a harmless value for",
      "{ plugins: [scim({ token: process.env.SCIM_TOKEN || crypto.randomUUID() })] }",
      ["SCIM_TOKEN of the plugin scim in 7"],
    ],
    [
      "what a provider needs, and no other of its options",
      "{ socialProviders: { google: { clientId: process.env.G_ID ?? '', prompt: process.env.G_PROMPT === 'consent' ? 'consent' : 'none', hd: process.env.G_HD } } }",
      ["G_ID of the provider google in 7"],
    ],
    [
      "a provider that is off",
      "{ socialProviders: { google: { enabled: false, clientId: process.env.G_ID } } }",
      [],
    ],
    [
      "a provider that some variable turns on",
      "{ socialProviders: { google: { enabled: !!process.env.G_ID, clientId: process.env.G_ID ?? '', clientSecret: process.env.G_SECRET ?? '' } } }",
      [
        "G_ID with G_ID of the provider google in 7",
        "G_SECRET with G_ID of the provider google in 7",
      ],
    ],
    [
      "a provider that is there under a condition",
      "{ socialProviders: { google: process.env.ON ? { clientId: process.env.G_ID ?? '' } : undefined, gitlab: Math.random() > 2 ? { clientId: process.env.GL_ID } : undefined } }",
      ["G_ID with ON of the provider google in 7"],
    ],
    [
      "providers that several variables turn on",
      "{ socialProviders: { google: { enabled: Boolean(process.env.ON) && !!process.env.G_ID, clientId: process.env.G_ID ?? '' }, gitlab: (process.env.ON && process.env.MORE) ? { clientId: process.env.GL_ID } : undefined } }",
      [
        "G_ID with ON with G_ID of the provider google in 7",
        "GL_ID with ON with MORE of the provider gitlab in 7",
      ],
    ],
    [
      "the branch of a variable that is set, and not the other one",
      "{ socialProviders: { google: process.env.G_NEW ? { clientId: process.env.G_NEW } : { clientId: process.env.G_OLD } } }",
      ["G_NEW with G_NEW of the provider google in 7"],
    ],
    [
      "no branch of a condition on a value",
      "{ socialProviders: { google: process.env.STAGE === 'prod' ? { clientId: process.env.G_PROD } : { clientId: process.env.G_DEV }, gitlab: process.env.STAGE !== 'test' && { clientId: process.env.GL_ID } } }",
      [],
    ],
    [
      "none of a provider that some variable turns off, or one of two turns on",
      "{ socialProviders: { google: { enabled: !process.env.NO_G, clientId: process.env.G_ID }, gitlab: { enabled: !!(process.env.ON || process.env.MORE), clientId: process.env.GL_ID } } }",
      [],
    ],
  ])("are read by %s", (_name, options, want) => expect(readsOf(options)).toEqual(want));

  test("are named from convex/.env where no deployment is configured", async () => {
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("CONVEX_DEPLOYMENT", "");
    const app = cliApp("plain");
    for (const args of [
      ["add", "auth", "--yes", "--no-install"],
      ["add", "social", "github", "--yes"],
    ]) {
      const added = await app.kitcn(...args);
      expect(added, added.stderr).toMatchObject({ code: 0 });
    }
    const missing = async () => {
      const { stdout } = await app.kitcn("doctor", "--json");
      const { findings } = JSON.parse(stdout) as { findings: Finding[] };
      return findings.filter(({ code }) => code === "MISSING_VARIABLE");
    };
    expect((await missing()).map(({ level, message }) => `${level} ${message}`)).toEqual([
      expect.stringMatching(/^warning convex\/auth.ts:\d+ reads GITHUB_CLIENT_ID .* convex\/.env/),
      expect.stringMatching(/^warning convex\/auth.ts:\d+ reads GITHUB_CLIENT_SECRET/),
    ]);
    app.write("convex/.env", "GITHUB_CLIENT_ID=a\nGITHUB_CLIENT_SECRET=b\n");
    expect(await missing()).toEqual([]);
  });

  test("are named where the deployment lacks them", () => {
    const read = { name: "A_KEY", of: "the plugin captcha", file: "/app/convex/auth.ts", line: 3 };
    const common = { shorten: (path: string) => path.slice(5), envFile: "convex/.env" };
    const found = (env: Record<string, string>, isProduction: boolean) =>
      checkVariables([read], { ...common, env, isProduction });
    expect(found({ A_KEY: "1" }, false)).toEqual([]);
    const guarded = (env: Record<string, string>) =>
      checkVariables([{ ...read, onlyWith: ["ON"] }], { ...common, env, isProduction: true });
    expect(guarded({})).toEqual([]);
    expect(guarded({ ON: "1" })).toHaveLength(1);
    const findings = [...found({}, false), ...found({ A_KEY: "" }, true)];
    expectComplete(findings);
    expect(findings.map(({ fix }) => fix)).toEqual([
      "Write its value into convex/.env, then run npx kitcn env push.",
      "npx convex env set A_KEY <value> --prod",
    ]);
    expect(findings[0]).toMatchObject({ code: "MISSING_VARIABLE", level: "error", line: 3 });
    const unasked = checkVariables([read], {
      ...common,
      env: {},
      isFromFile: true,
      isProduction: false,
    });
    expectComplete(unasked);
    expect(unasked).toMatchObject([{ code: "MISSING_VARIABLE", level: "warning" }]);
    expect(unasked[0]?.message).toContain("convex/.env has no value for it");
  });
});
