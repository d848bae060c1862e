// Apps as the first page of the documentation makes them, and blocks of our own of the same names, imports and shapes.
// Writes only below .tmp in the repository.
import { rm, symlink, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import {
  appIn,
  NEWEST_TSC,
  scaffoldApp,
  snapshotOf,
  writeFiles,
  type PackedApp,
} from "../support/packed-app.js";

export const ORIGIN = "http://localhost:3000";

/** Where the app's functions are. */
export const FN = "convex/functions";

/** An app of `kitcn init -t next --yes`, with every package that some block imports. */
export function scaffolded(name: string): Promise<PackedApp> {
  return scaffoldApp({ template: "next", name, init: ["--crpc"] });
}

/** Another app of the same kind beside it, from the same command without `--crpc`, or with it. */
export async function beside(
  installed: PackedApp,
  { name, init = [] }: { readonly name: string; readonly init?: readonly string[] },
): Promise<PackedApp> {
  const dir = join(installed.dir, "..", name);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  const flags = ["-t", "next", "--yes", "--no-install", ...init];
  await succeeds(installed, ["kitcn", "init", dir, ...flags]);
  await symlink(join(installed.dir, "node_modules"), join(dir, "node_modules"));
  const app = appIn(dir);
  // The packed kitcn is what its package.json has to name.
  const manifest = (await snapshotOf(installed))["package.json"] ?? "";
  await writeFiles(app, { "package.json": manifest });
  return app;
}

/** Runs a command that has to succeed, and tells what it printed where it does not. */
export async function succeeds(
  app: PackedApp,
  command: readonly string[],
  env?: Record<string, string>,
): Promise<string> {
  const ran = await app.run(command, env);
  expect(ran, `${command.join(" ")}\n${ran.stdout}${ran.stderr}`).toMatchObject({ code: 0 });
  return ran.stdout;
}

/** Type-checks the functions under strict, and pushes them with the real CLI. `tsc`: the app's own is "tsc". */
export async function checkAndPush(
  app: PackedApp,
  deployment: Deployment,
  tsc: string = NEWEST_TSC,
): Promise<void> {
  await succeeds(app, [tsc, "-p", FN]);
  await pushUnchecked(app, deployment);
}

/** Pushes the functions with the real CLI, which type-checks them. */
export async function push(app: PackedApp, deployment: Deployment): Promise<void> {
  await succeeds(app, ["convex", "deploy", "--yes"], { ...deployment.cliEnv });
}

/** Pushes with the real CLI what was type-checked just now: the CLI would run the same tsc again. */
export async function pushUnchecked(app: PackedApp, deployment: Deployment): Promise<void> {
  const command = ["convex", "deploy", "--yes", "--typecheck", "disable"];
  await succeeds(app, command, { ...deployment.cliEnv });
}

/** Somebody who signs up in a browser on the app's site. */
export async function signUp(
  deployment: Deployment,
  { email, basePath = "/api/auth" }: { readonly email: string; readonly basePath?: string },
) {
  const jar = createCookieJar(ORIGIN);
  const url = `${deployment.siteUrl}${basePath}`;
  const request = (path: string, body?: object) =>
    jar.fetch(`${url}${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
  const made = await request("/sign-up/email", { email, name: "Ada", password: "correct horse" });
  expect(made.status, await made.clone().text()).toBe(200);
  const token = async () => {
    const response = await request("/convex/token");
    expect(response.status).toBe(200);
    return ((await response.json()) as { token: string }).token;
  };
  const { user } = (await made.json()) as { user: { id: string } & Record<string, unknown> };
  return { user, request, token };
}

/** schema.ts of the app with triggers of its tables, declared below all else, as the page does in the same file. */
export function withSchemaTriggers(schema: string): string {
  return `import { defineTriggers } from 'kitcn/orm';
import { relations } from './relations';
${schema}
const triggers = defineTriggers(relations, {
  user: {
    create: {
      before: async (values) => {
        return { data: { ...values, role: 'reader' } };
      },
      after: async (user, ctx) => {
        await ctx.orm.insert('notes', { text: \`user \${user.email} \${user.role}\` });
      },
    },
  },
  session: {
    create: {
      after: async (session, ctx) => {
        const user = await ctx.orm.query.user.findFirst({ where: { id: session.userId } });
        await ctx.orm.insert('notes', { text: \`session of \${user?.email}\` });
      },
    },
  },
});
`;
}

/** auth.ts with triggers and little else: no variable but the address, keys from the database. */
export const INLINE_TRIGGERS = `import { admin, organization } from 'better-auth/plugins';
import { convex } from 'kitcn/auth';
import { getEnv } from '../lib/get-env';
import authConfig from './auth.config';
import { defineAuth } from './generated/auth';

export default defineAuth(() => ({
  baseURL: getEnv().SITE_URL,
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig }), admin(), organization()],
  triggers: {
    user: {
      create: {
        before: async (values, triggerCtx) => {
          return { data: { ...values, role: 'writer' } };
        },
        after: async (user, triggerCtx) => {
          await triggerCtx.orm.insert('notes', { text: \`inline \${user.email} \${user.role}\` });
        },
      },
    },
  },
}));
`;

/** auth.ts with these options beside the usual ones, as code. */
export function authFile({
  options = "",
  convexOptions = "",
  imports = "",
  plugins = "",
}: {
  options?: string;
  convexOptions?: string;
  imports?: string;
  plugins?: string;
}): string {
  return `import { convex } from 'kitcn/auth';
${imports}
import { getEnv } from '../lib/get-env';
import authConfig from './auth.config';
import { defineAuth } from './generated/auth';

export default defineAuth(() => ({
  baseURL: getEnv().SITE_URL,
  trustedOrigins: [getEnv().SITE_URL],
  emailAndPassword: { enabled: true },
  session: { expiresIn: 60 * 60 * 24 * 20, updateAge: 60 * 60 * 24 * 10 },
  telemetry: { enabled: false },
  ${options}
  plugins: [convex({ authConfig, jwks: getEnv().JWKS, ${convexOptions} }), ${plugins}],
}));
`;
}

/** auth.config.ts that decides by the variable, as the page does. */
export const AUTH_CONFIG = `import type { AuthConfig } from 'convex/server';
import { getAuthConfigProvider } from 'kitcn/auth/config';
import { getEnv } from '../lib/get-env';

const { JWKS: jwks } = getEnv();

export default {
  providers: [jwks ? getAuthConfigProvider({ jwks }) : getAuthConfigProvider()],
} satisfies AuthConfig;
`;

const CORS = `cors({
    origin: getEnv().SITE_URL,
    allowHeaders: ['Authorization', 'Better-Auth-Cookie', 'Content-Type'],
    exposeHeaders: ['Set-Better-Auth-Cookie'],
    credentials: true,
  })`;

/** The three forms of http.ts, none of which says where the routes are. */
export const HTTP_FORMS = {
  "Hono with a router of procedures": `import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { authMiddleware } from 'kitcn/auth/http';
import { createHttpRouter } from 'kitcn/server';
import { publicRoute, router } from '../lib/crpc';
import { getEnv } from '../lib/get-env';
import { getAuth } from './generated/auth';

const app = new Hono();

app.use('/api/*', ${CORS});
app.use('/account/*', ${CORS});
app.use(authMiddleware(getAuth));

export const httpRouter = router({
  ping: publicRoute.get('/api/ping').action(() => ({ pong: true })),
});

export default createHttpRouter(app, httpRouter);
`,
  "a plain router": `import { httpRouter } from 'convex/server';
import { registerRoutes } from 'kitcn/auth/http';
import { getAuth } from './generated/auth';

const http = httpRouter();

registerRoutes(http, getAuth, { cors: { allowedOrigins: [process.env.SITE_URL!] } });

export default http;
`,
  "Hono alone": `import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { authMiddleware } from 'kitcn/auth/http';
import { HttpRouterWithHono } from 'kitcn/server';
import { getEnv } from '../lib/get-env';
import { getAuth } from './generated/auth';

const app = new Hono();

app.use('*', ${CORS});
app.use(authMiddleware(getAuth));

export default new HttpRouterWithHono(app);
`,
} as const;
