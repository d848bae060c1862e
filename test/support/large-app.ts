// An app whose auth tables hold many rows, with the plugins that have lists, and the lists that it is asked for.
// Rows are put in at once; what a list should say is computed here, from the same numbers.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startEmbedded, type Deployment } from "../deployment/index.js";
import { createCookieJar, type CookieJar } from "./cookie-fetch.js";
import { EVERY_PLUGIN_PACKAGES } from "./flows/every-plugin.js";
import { installApp } from "./packed-app.js";

/** What one list gave, and what it cost. */
export type Listed = {
  readonly data: Record<string, unknown> | unknown[];
  readonly documents: number;
  readonly runs: number;
  readonly cpuMs: number;
};

export type LargeApp = {
  readonly deployment: Deployment;
  /** Adds users, members, invitations, teams, API keys and sessions until there are so many of each. */
  readonly growTo: (rows: number) => Promise<void>;
  /** GET, or POST with a body. Throws for a status other than 200. */
  readonly list: (path: string, body?: object) => Promise<Listed>;
  readonly ask: (path: string, body?: object) => Promise<{ status: number; data: unknown }>;
  readonly organizationId: string;
  /** The user whose sessions and keys are many: the one that asks. */
  readonly userId: string;
};

const ORIGIN = "http://localhost:3000";

const AUTH = `import { apiKey } from "@better-auth/api-key";
import { admin, organization } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.CONVEX_SITE_URL,
  trustedOrigins: ["${ORIGIN}"],
  emailAndPassword: { enabled: true },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    organization({ teams: { enabled: true } }),
    admin({ defaultRole: "admin" }),
    apiKey(),
  ],
}));
`;

/** The same list where the app itself asks for it. */
const ASKING = `import { v } from "convex/values";
import { getHeaders } from "kitcn/auth";
import { action, query } from "./_generated/server";
import { getAuth } from "./generated/auth";

const list = async (ctx) => {
  const headers = await getHeaders(ctx);
  const { users, total } = await getAuth(ctx).api.listUsers({ query: { limit: 3, sortBy: "role", sortDirection: "asc" }, headers });
  return { roles: users.map(({ role }) => role), total };
};
export const inAction = action({ args: {}, handler: list });
export const inQuery = query({ args: {}, handler: list });
`;

/** The name, the address and the age of user number `at`; names and ages come in no order. */
export function userAt(at: number) {
  const shuffled = (at * 7919) % 1_000_003;
  return {
    name: `User ${String(shuffled).padStart(7, "0")}`,
    email: `row-${at}@example.com`,
    createdAt: 1_600_000_000_000 + shuffled,
  };
}

export async function startLargeApp(name: string): Promise<LargeApp> {
  // It needs two of them; so it shares the installation of the app with every plugin.
  const packages = EVERY_PLUGIN_PACKAGES;
  const app = await installApp({ from: "examples/notes", name, packages });
  const deployment = await startEmbedded();
  const run = async (...command: string[]) => {
    const { code, stdout, stderr } = await app.run(command, deployment.cliEnv);
    if (code !== 0) throw new Error(`${command.join(" ")} failed\n${stdout}\n${stderr}`);
  };
  await run("kitcn", "add", "auth", "--yes");
  await writeFile(join(app.dir, "convex/auth.ts"), AUTH);
  await writeFile(join(app.dir, "convex/asking.ts"), ASKING);
  await run("kitcn", "add", "auth", "--schema", "--yes");
  await run("convex", "deploy", "--yes", "--typecheck", "disable");
  const jar = createCookieJar(ORIGIN);
  const ask = async (path: string, body?: object) => request({ deployment, jar }, path, body);
  const owner = { name: "Owner", email: "owner@example.com", password: "correct horse battery" };
  const { data: signedUp } = await ask("/sign-up/email", owner);
  const { data: made } = await ask("/organization/create", { name: "Acme", slug: "acme" });
  const { id: organizationId } = made as { id: string };
  const { id: userId } = (signedUp as { user: { id: string } }).user;
  let rows = 0;
  return {
    deployment,
    organizationId,
    userId,
    ask,
    growTo: async (count) => {
      await load(deployment, { from: rows, to: count, organizationId, userId });
      rows = count;
    },
    list: async (path, body) => {
      await deployment.resetCounters();
      const { status, data } = await ask(path, body);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(data)}`);
      const { documentsRead, queries, mutations, nested, mostCpuMs } = await deployment.counters();
      return {
        data: data as Listed["data"],
        documents: documentsRead,
        runs: queries + mutations - nested,
        cpuMs: mostCpuMs,
      };
    },
  };
}

// --- internal ---

async function request(
  { deployment, jar }: { deployment: Deployment; jar: CookieJar },
  path: string,
  body?: object,
): Promise<{ status: number; data: unknown }> {
  const response = await jar.fetch(`${deployment.siteUrl}/api/auth${path}`, {
    method: body ? "POST" : "GET",
    headers: { "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, data: text ? JSON.parse(text) : null };
}

async function load(
  deployment: Deployment,
  input: { from: number; to: number; organizationId: string; userId: string },
): Promise<void> {
  const { from, to, organizationId, userId } = input;
  const each = <Item>(make: (at: number) => Item) =>
    Array.from({ length: to - from }, (_, offset) => make(from + offset));
  const times = { createdAt: 1_600_000_000_000, updatedAt: 1_600_000_000_000 };
  const expiresAt = 4_000_000_000_000;
  const userIds = await deployment.load(
    "user",
    each((at) => ({
      ...{ ...userAt(at), updatedAt: times.updatedAt },
      ...{ emailVerified: at % 2 === 0, role: at % 10 === 0 ? "support" : "user" },
    })),
  );
  await deployment.load(
    "member",
    each((at) => ({
      ...{ organizationId, userId: userIds[at - from] ?? "" },
      ...{ role: at % 10 === 0 ? "admin" : "member", createdAt: userAt(at).createdAt },
    })),
  );
  await deployment.load(
    "invitation",
    each((at) => ({
      ...{ organizationId, inviterId: userId, email: `guest-${at}@example.com` },
      ...{ role: "member", status: "pending", expiresAt, createdAt: times.createdAt },
    })),
  );
  await deployment.load(
    "team",
    each((at) => ({ organizationId, name: `Team ${at}`, memberCount: 0, ...times })),
  );
  await deployment.load(
    "session",
    each((at) => ({ userId, token: `token-${at}`, expiresAt, ...times })),
  );
  await deployment.load(
    "apikey",
    each((at) => ({
      ...{ referenceId: userId, configId: "default", key: `hash-${at}`, name: `Key ${at}` },
      ...{ enabled: true, rateLimitEnabled: false, requestCount: 0, ...times },
    })),
  );
}
