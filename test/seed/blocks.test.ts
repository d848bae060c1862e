// The blocks of the first page, as ours: in an app of `kitcn init -t next --yes --crpc` and `kitcn add auth --yes`, they
// type-check under strict, are pushed by the real convex CLI, and do what the page says of them.
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { NEWEST_TSC, snapshotOf, writeFiles, type PackedApp } from "../support/packed-app.js";
import { assertServes, PUSHED } from "./http-forms.js";
import {
  AUTH_CONFIG,
  authFile,
  beside,
  checkAndPush,
  FN,
  HTTP_FORMS,
  INLINE_TRIGGERS,
  ORIGIN,
  push,
  scaffolded,
  signUp,
  succeeds,
  withSchemaTriggers,
} from "./support.js";

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  app = await scaffolded("seed");
  deployment = await startDeployment();
  await succeeds(app, ["kitcn", "add", "auth", "--yes"], { ...deployment.cliEnv });
}, 900_000);
afterAll(() => deployment?.stop());

const query = (name: string) => anyApi.page![name] as FunctionReference<"query">; // the app's types are not ours
const action = (name: string) => anyApi.page![name] as FunctionReference<"action">; // as above

describe("what add auth leaves behind on a local deployment", () => {
  test("the secret, the keys and the address of the app are set", async () => {
    const listed = await succeeds(app, ["convex", "env", "list", "--include-values"], {
      ...deployment.cliEnv,
    });
    expect(listed).toContain(`SITE_URL=${ORIGIN}`);
    expect(listed).toMatch(/^BETTER_AUTH_SECRET=\S{32,}$/m);
    expect(listed).toMatch(/^JWKS=.*publicKey/m);
  });

  test("auth works at once, and the app type-checks", async () => {
    await succeeds(app, ["tsc", "-p", FN]);
    const { token } = await signUp(deployment, { email: "first@example.com" });
    expect(decodeProtectedHeader(await token())).toMatchObject({ alg: "RS256" });
  });

  test("it is the form over Hono, with procedures where ../lib is", async () => {
    const files = await snapshotOf(app);
    expect(files[`${FN}/http.ts`]).toContain("createHttpRouter(app, httpRouter)");
    expect(files["convex/lib/crpc.ts"]).toContain("export const authQuery");
    expect(files["convex/lib/get-env.ts"]).toContain("createEnv");
    expect(files["convex/.env"]).toContain(`SITE_URL=${ORIGIN}`);
  });
});

test("without --crpc: the same lib/get-env.ts, and no Hono", async () => {
  const plain = await beside(app, { name: "seed-plain" });
  await succeeds(plain, ["kitcn", "add", "auth", "--yes", "--no-install"]);
  const files = await snapshotOf(plain);
  expect(files[`${FN}/auth.ts`]).toContain("getEnv().SITE_URL");
  expect(files[`${FN}/auth.config.ts`]).toContain("getEnv().JWKS");
  expect(files[`${FN}/http.ts`]).not.toContain("hono");
  expect(files["convex/lib/crpc.ts"]).toBeUndefined();
  await succeeds(plain, [NEWEST_TSC, "-p", FN]);
}, 600_000);

describe("procedures that call Better Auth", () => {
  beforeAll(async () => {
    await writeFiles(app, {
      [`${FN}/auth.config.ts`]: AUTH_CONFIG,
      [`${FN}/auth.ts`]: authFile({}),
      [`${FN}/page.ts`]: `import { getAuthUserId, getAuthUserIdentity, getHeaders, getSession } from 'kitcn/auth';
import { CRPCError } from 'kitcn/server';
import { publicAction, publicQuery } from '../lib/crpc';
import type { Id } from './_generated/dataModel';
import { getAuth } from './generated/auth';

export const fromQuery = publicQuery.query(async ({ ctx }) => {
  const auth = getAuth(ctx);
  const found = await auth.api.getSession({ headers: await getHeaders(ctx) });
  return found?.user.email ?? null;
});

export const fromAction = publicAction.action(async ({ ctx }) => {
  const auth = getAuth(ctx);
  const found = await auth.api.getSession({ headers: await getHeaders(ctx) });
  return found?.user.email ?? null;
});

export const identity = publicQuery.query(async ({ ctx }) => {
  const who = await getAuthUserIdentity(ctx);
  if (!who) return null;
  const userId: Id<'user'> = who.userId;
  const sessionId: Id<'session'> = who.sessionId;
  return { userId, sessionId, subject: who.subject };
});

export const me = publicQuery.query(async ({ ctx }) => {
  const userId = await getAuthUserId(ctx);
  if (!userId) throw new CRPCError({ code: 'UNAUTHORIZED', message: 'Who are you?' });
  const user = await ctx.orm.query.user.findFirst({ where: { id: userId } });
  return user?.email ?? null;
});

export const session = publicQuery.query(async ({ ctx }) => {
  const found = await getSession(ctx);
  if (!found) return null;
  const expiresAt: number = found.expiresAt;
  return { id: found.id, userId: found.userId, expiresAt, active: found.activeOrganizationId };
});

export const headers = publicQuery.query(async ({ ctx }) => {
  const found = await getHeaders(ctx);
  return found.get('authorization')?.split(' ')[0] ?? null;
});
`,
    });
    await checkAndPush(app, deployment);
  }, 600_000);

  test("see who is signed in, in a query and in an action, by every helper", async () => {
    const { user, token } = await signUp(deployment, { email: "helpers@example.com" });
    const client = new ConvexHttpClient(deployment.url);
    expect(await client.query(query("session"), {})).toBeNull();
    await expect(client.query(query("me"), {})).rejects.toThrow(/UNAUTHORIZED|Who are you/);
    client.setAuth(await token());
    expect(await client.query(query("fromQuery"), {})).toBe("helpers@example.com");
    expect(await client.action(action("fromAction"), {})).toBe("helpers@example.com");
    const identity = (await client.query(query("identity"), {})) as Record<string, string>;
    expect(identity).toMatchObject({ userId: user.id, subject: user.id });
    expect(await client.query(query("me"), {})).toBe("helpers@example.com");
    expect(await client.query(query("session"), {})).toMatchObject({
      id: identity.sessionId,
      userId: user.id,
      expiresAt: expect.any(Number) as number,
      active: null,
    });
    expect(await client.query(query("headers"), {})).toBe("Bearer");
  });
});

// Hono with a router of procedures is what `add auth` wrote, above. Each form at both paths: test/matrix.
test.each(PUSHED)(
  "http.ts, $form: serves Better Auth at $at, as printed",
  ({ form, at }) => assertServes(app, { deployment, form, at }),
  600_000,
);

test("tokens: a lifetime and a payload of the app's, with sessionId and iat in any case", async () => {
  await writeFiles(app, {
    [`${FN}/http.ts`]: HTTP_FORMS["a plain router"],
    [`${FN}/auth.ts`]: authFile({
      options: "user: { additionalFields: { team: { type: 'string', required: false } } },",
      convexOptions: `jwt: {
        expirationSeconds: 2 * 60 * 60,
        definePayload: ({ user, session }) => ({ email: user.email, team: user.team, sessionId: session.id }),
      },`,
    }),
  });
  await succeeds(app, ["kitcn", "add", "auth", "--schema", "--yes"]);
  await checkAndPush(app, deployment);
  const { token } = await signUp(deployment, { email: "jwt@example.com" });
  const payload = decodeJwt(await token());
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(2 * 60 * 60);
  expect(payload).toMatchObject({
    email: "jwt@example.com",
    sessionId: expect.any(String) as string,
    aud: "convex",
  });
  expect(payload).not.toHaveProperty("name");
}, 600_000);

test("tokens by default: a quarter of an hour, all fields of the user but id and image", async () => {
  await writeFiles(app, { [`${FN}/auth.ts`]: authFile({}) });
  await succeeds(app, ["kitcn", "add", "auth", "--schema", "--yes", "--prune"]);
  await push(app, deployment);
  const { token } = await signUp(deployment, { email: "default@example.com" });
  const payload = decodeJwt(await token());
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(15 * 60);
  expect(payload).toMatchObject({ email: "default@example.com", name: "Ada" });
  for (const name of ["id", "image"]) expect(payload).not.toHaveProperty(name);
}, 600_000);

describe("triggers", () => {
  const texts = async () => {
    const client = new ConvexHttpClient(deployment.url);
    const notes = (await client.query(anyApi.notes!.list as FunctionReference<"query">, {})) as {
      text: string;
    }[];
    return notes.map(({ text }) => text);
  };

  test("in the schema: for Better Auth's writes and those of a mutation, with roles, organizations and tokens", async () => {
    await writeFiles(app, {
      [`${FN}/auth.ts`]: authFile({
        imports: "import { admin, organization } from 'better-auth/plugins';",
        plugins: "admin(), organization()",
        convexOptions: `jwt: {
          expirationSeconds: 60 * 60 * 3,
          definePayload: ({ user, session }) => ({ email: user.email, role: user.role, sessionId: session.id }),
        },`,
      }),
      [`${FN}/page.ts`]: `import { getHeaders, getSession } from 'kitcn/auth';
import { v } from 'convex/values';
import { publicAction, publicQuery } from '../lib/crpc';
import type { Id } from './_generated/dataModel';
import { mutation } from './generated/server';

export const active = publicQuery.query(async ({ ctx }) => {
  const session = await getSession(ctx);
  if (!session) return 'signed out';
  const organization: Id<'organization'> | null = session.activeOrganizationId;
  return organization;
});

export const addUser = mutation({
  args: { email: v.string() },
  handler: async (ctx, { email }) => {
    const now = Date.now();
    await ctx.db.insert('user', { email, name: 'By hand', emailVerified: false, createdAt: now, updatedAt: now });
  },
});

export const call = publicAction.action(async ({ ctx }) => {
  const headers = await getHeaders(ctx);
  const response = await fetch(\`\${process.env.CONVEX_SITE_URL}/api/auth/get-session\`, { headers });
  const found = (await response.json()) as { user: { email: string } } | null;
  return found?.user.email ?? null;
});
`,
    });
    await succeeds(app, ["kitcn", "add", "auth", "--schema", "--yes"]);
    const { [`${FN}/schema.ts`]: schema = "" } = await snapshotOf(app);
    await writeFiles(app, { [`${FN}/schema.ts`]: withSchemaTriggers(schema) });
    await succeeds(app, ["kitcn", "codegen"]);
    await checkAndPush(app, deployment, "tsc");

    const { user, request, token } = await signUp(deployment, { email: "triggered@example.com" });
    expect(user).toMatchObject({ role: "reader" });
    const client = new ConvexHttpClient(deployment.url);
    await client.mutation(anyApi.page!.addUser as FunctionReference<"mutation">, {
      email: "by-hand@example.com",
    });
    expect(await texts()).toEqual([
      "user by-hand@example.com reader",
      "session of triggered@example.com",
      "user triggered@example.com reader",
    ]);

    const payload = decodeJwt(await token());
    expect(payload).toMatchObject({ role: "reader", sessionId: expect.any(String) as string });
    client.setAuth(await token());
    expect(await client.query(query("active"), {})).toBeNull();
    const made = await request("/organization/create", { name: "Acme", slug: "acme" });
    const { id } = (await made.json()) as { id: string };
    expect(await client.query(query("active"), {})).toBe(id);
    expect(await client.action(action("call"), {})).toBe("triggered@example.com");
    expect(await new ConvexHttpClient(deployment.url).action(action("call"), {})).toBeNull();
  }, 600_000);

  test("a column that the table does not have is a type error", async () => {
    const { [`${FN}/schema.ts`]: schema = "" } = await snapshotOf(app);
    await writeFiles(app, {
      [`${FN}/schema.ts`]: schema.replace("role: 'reader'", "rank: 'reader'"),
    });
    const checked = await app.run([NEWEST_TSC, "-p", FN]);
    expect(checked.code).not.toBe(0);
    expect(checked.stdout).toMatch(/schema\.ts.*rank/s);
    await writeFiles(app, { [`${FN}/schema.ts`]: schema });
  }, 600_000);

  test("in auth.ts: for Better Auth's writes only, beside those of the schema, without a static JWKS", async () => {
    const before = await texts();
    await writeFiles(app, { [`${FN}/auth.ts`]: INLINE_TRIGGERS });
    await succeeds(app, ["kitcn", "add", "auth", "--schema", "--yes"]);
    await checkAndPush(app, deployment);
    const { user, token } = await signUp(deployment, { email: "inline@example.com" });
    expect(user).toMatchObject({ role: "writer" });
    const client = new ConvexHttpClient(deployment.url);
    client.setAuth(await token());
    await client.mutation(anyApi.page!.addUser as FunctionReference<"mutation">, {
      email: "raw@example.com",
    });
    const added = (await texts()).filter((text) => !before.includes(text));
    expect(added).toEqual(
      expect.arrayContaining([
        "inline inline@example.com writer",
        "user inline@example.com writer",
        "user raw@example.com reader",
      ]),
    );
    expect(added).toHaveLength(4);
  }, 600_000);
});
