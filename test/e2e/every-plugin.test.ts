// Every plugin of better-auth and its packages in one app, and what users do with them: packed kitcn, the real
// convex CLI, over HTTP.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { CORE_FLOWS } from "../support/flows/core.js";
import { PACKAGE_FLOWS } from "../support/flows/packages.js";
import { openWorld, PASSWORD } from "../support/flows/world.js";
import { LACKING } from "../support/lacking.js";
import { CONVEX_TSCONFIG, installApp, siblingApp, type PackedApp } from "../support/packed-app.js";
import { scanBundle } from "../support/runtime-scan.js";

const files = {
  "convex/tsconfig.json": CONVEX_TSCONFIG,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({ sent: defineTable({ text: v.string() }) });
`,
  "convex/sent.ts": `import { v } from "convex/values";
import { internalMutation, query } from "./_generated/server";

export const add = internalMutation({
  args: { text: v.string() },
  handler: async ({ db }, { text }) => void (await db.insert("sent", { text })),
});

export const last = query({
  args: {},
  handler: async ({ db }) => (await db.query("sent").order("desc").first())?.text ?? "",
});
`,
  "convex/me.ts": `import { getAuthUserId } from "kitcn/auth";
import { query } from "./_generated/server";

export const here = query({ args: {}, handler: (ctx) => getAuthUserId(ctx) });
`,
  "convex/roles.ts": readFileSync("test/support/flows/roles.ts", "utf8"),
  "convex/stripe.ts": readFileSync("test/support/flows/stripe.ts", "utf8"),
  "convex/auth.ts": `import { apiKey } from "@better-auth/api-key";
import { oauthProvider } from "@better-auth/oauth-provider";
import { passkey } from "@better-auth/passkey";
import { scim } from "@better-auth/scim";
import { stripe } from "@better-auth/stripe";
import * as plugins from "better-auth/plugins";
import { convex } from "kitcn/auth";
import { internal } from "./_generated/api";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";
import { statements } from "./roles";
import { STRIPE } from "./stripe";

export default defineAuth((ctx) => {
  const send = async (text: string) => {
    if ("runMutation" in ctx) await ctx.runMutation(internal.sent.add, { text });
  };
  return {
    baseURL: process.env.SITE_URL,
    emailAndPassword: { enabled: true, sendResetPassword: ({ token }) => send(token) },
    emailVerification: { sendVerificationEmail: ({ token }) => send(token) },
    user: { deleteUser: { enabled: true }, changeEmail: { enabled: true } },
    rateLimit: {
      enabled: true,
      storage: "database",
      customRules: { "/**": { window: 10, max: 1000 } },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user) => ({
            data: {
              ...user,
              emailVerified: !user.email.startsWith("unverified"),
              ...(user.email.startsWith("root") && { role: "admin" }),
            },
          }),
        },
      },
    },
    plugins: [
      convex({ authConfig, jwks: process.env.JWKS }),
      plugins.admin(),
      plugins.anonymous(),
      plugins.bearer(),
      plugins.deviceAuthorization({}),
      plugins.emailOTP({ sendVerificationOTP: ({ otp }) => send(otp) }),
      plugins.jwt(),
      plugins.lastLoginMethod({ storeInDatabase: true }),
      plugins.magicLink({ sendMagicLink: ({ token }) => send(token) }),
      plugins.multiSession(),
      plugins.oneTimeToken(),
      plugins.organization({
        teams: { enabled: true },
        ac: plugins.createAccessControl(statements),
        dynamicAccessControl: { enabled: true },
      }),
      plugins.phoneNumber({
        sendOTP: ({ code }) => send(code),
        signUpOnVerification: { getTempEmail: (phone) => \`\${phone}@example.com\` },
      }),
      plugins.siwe({
        domain: "example.com",
        getNonce: async () => "abcdefgh12345678",
        verifyMessage: async () => true,
      }),
      plugins.twoFactor(),
      plugins.username(),
      apiKey(),
      oauthProvider({ loginPage: "/in", consentPage: "/consent" }),
      passkey(),
      scim({
        connections: [
          {
            id: "directory",
            credentials: [
              { type: "bearer", id: "main", token: "a-token-that-only-the-directory-knows-0123456789" },
            ],
          },
        ],
      }),
      stripe({
        stripeClient: STRIPE as never, // with what the flows call of it
        stripeWebhookSecret: "whsec",
        createCustomerOnSignUp: true,
        subscription: { enabled: true, plans: [{ name: "pro", priceId: "price_1" }] },
        organization: { enabled: true },
      }),
    ],
  };
});
`,
};

const PACKAGES = ["api-key", "oauth-provider", "passkey", "scim", "stripe"];

const lastText = anyApi["sent"]!["last"] as FunctionReference<"query">; // the app's types are not ours
const here = anyApi["me"]!["here"] as FunctionReference<"query">; // as above

let installed: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  const packages = ["better-auth", "stripe", ...PACKAGES.map((name) => `@better-auth/${name}`)];
  installed = await installApp({ from: "examples/notes", name: "every-plugin", packages });
}, 600_000);

const world = () =>
  openWorld({
    base: deployment.siteUrl,
    serve: (request) => fetch(request, { redirect: "manual" }),
    lastSent: async () => {
      // What a request sends is sent by a function that it scheduled.
      await deployment.settled();
      return String(await new ConvexHttpClient(deployment.url).query(lastText, {}));
    },
  });

// SSO imports Node modules, which Convex functions that serve HTTP do not have.
const flows = [...CORE_FLOWS, ...PACKAGE_FLOWS].filter(({ name }) => name !== "SSO");

const withUuids = {
  ...files,
  "convex/auth.ts": files["convex/auth.ts"].replace(
    "    rateLimit: {",
    '    advanced: { database: { generateId: "uuid" } },\n    rateLimit: {',
  ),
};
const cases = [
  { placement: "split", ids: "Convex's own", sources: files },
  { placement: "component", ids: "UUIDs", sources: withUuids },
];

describe.each(cases)("placement $placement, ids are $ids", ({ placement, sources }) => {
  let app: PackedApp;
  beforeAll(async () => {
    app = await siblingApp(installed, { name: `in-${placement}`, files: sources });
    deployment = await startDeployment();
    for (const command of [
      ["kitcn", "add", "auth", "--yes", "--placement", placement],
      ["convex", "deploy", "--yes"],
    ]) {
      const ran = await app.run(command, deployment.cliEnv);
      expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    }
  }, 600_000);
  afterAll(() => deployment?.stop());

  test("the bundle asks the runtime for nothing that Convex lacks, except what is listed", async () => {
    const bundle = join(app.dir, "bundle");
    const command = ["convex", "deploy", "--yes", "--typecheck", "disable"];
    const ran = await app.run([...command, "--debug-bundle-path", bundle], deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    expect(await scanBundle(join(bundle, "isolate"))).toEqual(Object.keys(LACKING).sort());
  });

  test.each(flows)("$name", ({ run }) => run(world()), 120_000);

  test("Convex knows who is signed in", async () => {
    const { call, signUp } = world();
    const { token: as, id } = await signUp("knower");
    const { body } = await call("/convex/token", { as });
    const client = new ConvexHttpClient(deployment.url);
    client.setAuth(String(body.token));
    expect(await client.query(here, {})).toBe(id);
    const again = { email: "knower@example.com", password: PASSWORD };
    expect((await call("/sign-in/email", { body: again })).token).not.toBe("");
  });
});
