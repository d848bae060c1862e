// An app with the plugins whose operations write several rows, on an embedded deployment, and everything
// outside it that they talk to: a mailbox and an identity provider, over HTTP on 127.0.0.1.
import { x } from "tinyexec";
import { vi } from "vitest";
import { convexProgram } from "../../../codegen/env/convex-program.js";
import type { Placement } from "../../../codegen/types.js";
import type { AuthTables } from "../../../src/metadata.js";
import { cliApp, PACKAGES, type Ran } from "../../codegen/support/cli.js";
import { startEmbedded, type Deployment } from "../../deployment/index.js";
import { createCookieJar, type CookieJar } from "../../support/cookie-fetch.js";
import { startOutside, type Outside } from "./outside.js";

export const ORIGIN = "http://localhost:3000";

/** BETTER_AUTH_SECRET of the deployment. */
export const SECRET = "a-secret-of-more-than-thirty-two-letters";

export type AuthApp = {
  readonly deployment: Deployment;
  readonly outside: Outside;
  readonly tables: AuthTables;
  /** The app's folder. */
  readonly root: string;
  /** A browser that was never here, with an address of its own. */
  readonly browser: () => Browser;
  /** What `kitcn add auth` printed. */
  readonly added: Ran;
  /** Runs `kitcn ...args` against the deployment. */
  readonly kitcn: (...args: string[]) => Promise<Ran>;
  /** The same app on an empty deployment, where no key was made yet. */
  readonly elsewhere: () => Promise<Pick<AuthApp, "deployment" | "browser">>;
  readonly stop: () => Promise<void>;
};

export type Browser = {
  readonly post: (path: string, body?: object, headers?: object) => Promise<Response>;
  readonly get: (path: string) => Promise<Response>;
};

const AUTH = `import { genericOAuth, organization, twoFactor } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";
async function mail(to: string, token: string) {
  await fetch(outside + "/mail", { method: "POST", body: JSON.stringify({ to, token }) });
}

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: {
    enabled: true,
    revokeSessionsOnPasswordReset: true,
    // Hundreds of passwords are hashed here; how well is not what is tested.
    password: {
      hash: async (password: string) => "hash of " + password,
      verify: async ({ hash, password }: { hash: string; password: string }) => hash === "hash of " + password,
    },
    sendResetPassword: ({ user, token }) => mail(user.email, token),
  },
  user: { deleteUser: { enabled: true } },
  rateLimit: {
    enabled: true,
    storage: "database" as const,
    customRules: { "/organization/list": { window: 3600, max: 3 } },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    organization({ sendInvitationEmail: ({ email, id }) => mail(email, id) }),
    twoFactor(),
    genericOAuth({
      config: [
        {
          providerId: "outside",
          clientId: "client",
          clientSecret: "secret",
          authorizationUrl: outside + "/authorize",
          tokenUrl: outside + "/token",
          userInfoUrl: outside + "/userinfo",
          scopes: ["openid"],
        },
      ],
    }),
  ],
  telemetry: { enabled: false },
}));
`;

export type AppParts = {
  /** Lines of convex/.env beside SITE_URL. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What auth.ts imports beside kitcn and better-auth. */
  readonly packages?: readonly string[];
  /** Texts by path below the app's folder. */
  readonly files?: Readonly<Record<string, string>>;
};

/** Through `kitcn add auth` and `convex deploy`, as a user would. Needs the built package. */
export async function startAuthApp(
  placement: Placement = "split",
  auth: string = AUTH,
  { variables = {}, packages = [], files = {} }: AppParts = {},
): Promise<AuthApp> {
  const outside = await startOutside();
  const deployment = await startDeployment(outside);
  const lines = Object.entries({ SITE_URL: ORIGIN, ...variables }).map((line) => line.join("="));
  const app = cliApp("plain", {
    convex: "real",
    packages: [...new Set([...PACKAGES, "convex-helpers", "zod", "hono", ...packages])],
    files: { ...files, "convex/auth.ts": auth, "convex/.env": lines.join("\n") + "\n" },
  });
  const kitcn = async (...args: string[]) => {
    for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
    try {
      return await app.kitcn(...args);
    } finally {
      vi.unstubAllEnvs();
    }
  };
  const added = await kitcn("add", "auth", "--yes", "--placement", placement);
  if (added.code !== 0) throw new Error(added.stdout + added.stderr);
  const { tables } = (await import(app.path("convex/generated/auth.tables.ts"))) as {
    tables: AuthTables;
  };
  return {
    deployment,
    outside,
    tables,
    root: app.root,
    added,
    kitcn,
    browser: browsers(deployment),
    elsewhere: async () => {
      const empty = await startDeployment(outside);
      const program = convexProgram(app.path("node_modules/convex/bin/main.js"));
      const command = [program, "deploy", "--yes", "--typecheck", "disable"]; // as the push before
      const pushed = await x(process.execPath, command, {
        nodeOptions: { cwd: app.root, env: { ...process.env, ...empty.cliEnv } },
      });
      if (pushed.exitCode !== 0) throw new Error(pushed.stdout + pushed.stderr);
      return { deployment: empty, browser: browsers(empty) };
    },
    stop: async () => {
      await deployment.stop();
      await outside.stop();
    },
  };
}

/** Performs one operation in the store of the app, as somebody would in the dashboard. */
export async function writeAsAdmin(
  { deployment }: Pick<AuthApp, "deployment">,
  operation: object,
): Promise<void> {
  const response = await fetch(`${deployment.url}/api/mutation`, {
    method: "POST",
    headers: {
      authorization: `Convex ${deployment.adminKey}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      path: "generated/store:authWrite",
      args: { operations: [operation] },
      format: "json",
    }),
  });
  const answer = (await response.json()) as { readonly status?: string };
  if (answer.status !== "success") throw new Error(JSON.stringify(answer));
}

// --- internal ---

function startDeployment(outside: Outside): Promise<Deployment> {
  return startEmbedded({
    env: { SITE_URL: ORIGIN, BETTER_AUTH_SECRET: SECRET, OUTSIDE_URL: outside.url },
  });
}

function browsers({ siteUrl }: Deployment): () => Browser {
  let made = 0;
  return () =>
    browserOf(createCookieJar(ORIGIN), {
      baseUrl: `${siteUrl}/api/auth`,
      address: `10.${(made >> 16) & 255}.${(made >> 8) & 255}.${made++ & 255}`,
    });
}

function browserOf(
  jar: CookieJar,
  { baseUrl, address }: { baseUrl: string; address: string },
): Browser {
  const headers = { "x-forwarded-for": address };
  return {
    get: (path) => jar.fetch(baseUrl + path, { headers }),
    post: (path, body = {}, more = {}) =>
      jar.fetch(baseUrl + path, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json", ...more },
        body: JSON.stringify(body),
      }),
  };
}
