// An app moves from keys of its own to tokens that the deployment signs, and back, with people signed in all the while.
// Always on the embedded deployment, since that one counts, and holds Convex's rules of ctx.auth.signJwt.
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../codegen/disk/project.js";
import { openConvexCli, type ConvexCli } from "../../codegen/env/convex-cli.js";
import type { CliApp } from "../codegen/support/cli.js";
import { liveApp, signUp } from "../codegen/support/live-app.js";
import { startEmbedded, type Deployment } from "../deployment/index.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SIGNER = '{ signer: "deployment" }';

let deployment: Deployment;
let app: CliApp;
let convex: ConvexCli;
let browser: Awaited<ReturnType<typeof signUp>>;

const useDeployment = () =>
  Object.entries(deployment.cliEnv).forEach(([name, value]) => vi.stubEnv(name, value));

beforeAll(async () => {
  deployment = await startEmbedded();
  useDeployment();
  app = liveApp({
    "convex/convex.config.ts": `import { defineApp } from "convex/server";
import stranger from "../stranger/convex.config";
const app = defineApp();
app.use(stranger);
export default app;
`,
    "stranger/convex.config.ts": `import { defineComponent } from "convex/server";
export default defineComponent("stranger");
`,
    "stranger/sign.ts": `import { mutationGeneric as mutation } from "convex/server";
import { v } from "convex/values";
export const sign = mutation({ args: { claims: v.any() }, handler: (ctx, { claims }) => ctx.auth.signJwt({ claims, expiresInSeconds: 60 }) });
`,
    "convex/who.ts": `import { getAuthUserId, getHeaders, getSession } from "kitcn/auth";
import { components } from "./_generated/api";
import { action, mutation, query } from "./_generated/server";
import { getAuth } from "./generated/auth";
import { v } from "convex/values";
export const am = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
export const all = query({
  args: {},
  handler: async (ctx) => ({
    id: await getAuthUserId(ctx),
    session: await getSession(ctx),
    ofHeaders: (await getAuth(ctx).api.getSession({ headers: await getHeaders(ctx) }))?.session.id,
  }),
});
const token = async (ctx: Parameters<typeof getAuth>[0], cookie: string) =>
  (await getAuth(ctx).api.getConvexToken({ headers: new Headers({ authorization: \`Bearer \${cookie}\` }) })).token;
const args = { cookie: v.string() };
export const tokenInQuery = query({ args, handler: (ctx, { cookie }) => token(ctx, cookie) });
export const tokenInMutation = mutation({ args, handler: (ctx, { cookie }) => token(ctx, cookie) });
export const tokenInAction = action({ args, handler: (ctx, { cookie }) => token(ctx, cookie) });
export const machine = mutation({ args: { claims: v.any() }, handler: (ctx, { claims }) => ctx.auth.signJwt({ claims, expiresInSeconds: 60 }) });
export const stranger = mutation({ args: { claims: v.any() }, handler: (ctx, { claims }) => ctx.runMutation(components.stranger.sign.sign, { claims }) });
`,
  });
  convex = openConvexCli(loadProject(app.root));
  const added = await app.kitcn("add", "auth", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
  browser = await signUp(deployment.siteUrl);
});
afterAll(() => deployment?.stop());
beforeEach(useDeployment);
afterEach(() => vi.unstubAllEnvs());

type Call = { readonly token?: string; readonly args?: Record<string, unknown> };

const client = (token?: string) => {
  const made = new ConvexHttpClient(deployment.url);
  if (token !== undefined) made.setAuth(token);
  return made;
};
const query = (name: string, { token, args = {} }: Call = {}): Promise<unknown> =>
  client(token).query(makeFunctionReference<"query">(`who:${name}`), args);
const mutation = (name: string, args: Record<string, unknown>): Promise<unknown> =>
  client().mutation(makeFunctionReference<"mutation">(`who:${name}`), args);

function edit(file: string, from: string | RegExp, to: string): void {
  const before = app.read(file);
  const after = before.replace(from, to);
  expect(after, file).not.toBe(before);
  app.write(file, after);
}

async function doctorFindings(): Promise<string[]> {
  const { stdout } = await app.kitcn("doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string }[] };
  return findings.map(({ code }) => code);
}

/** Whatever a query says of the user; the same with either signer. */
async function accepted(token: string): Promise<void> {
  const { sub, sessionId } = decodeJwt(token);
  expect(await query("am", { token })).toMatchObject({ subject: sub, email: "ada@example.com" });
  expect(await query("all", { token })).toMatchObject({
    id: sub,
    session: { id: sessionId, userId: sub },
    ofHeaders: sessionId,
  });
}

describe("the move to the deployment's key", () => {
  let before: string;
  let token: string;

  beforeAll(async () => {
    useDeployment();
    before = await browser.token();
    edit(
      "convex/auth.ts",
      /convex\(\{ authConfig[^}]*\}\)/,
      `convex({ authConfig, signer: "deployment" })`,
    );
    edit(
      "convex/auth.config.ts",
      /getAuthConfigProvider\(.*?\)(?=[,\]])/,
      `getAuthConfigProvider(${SIGNER}), $&`,
    );
    await convex.push();
    token = await browser.token();
  });

  test("nobody is logged out, and tokens of both signers are accepted", async () => {
    expect(decodeProtectedHeader(before).alg).toBe("RS256");
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "ES256", typ: "JWT" });
    expect(decodeJwt(token)).toMatchObject({
      iss: deployment.url,
      aud: "convex",
      sub: decodeJwt(before).sub,
      sessionId: decodeJwt(before).sessionId,
    });
    for (const one of [before, token]) await accepted(one);
  });

  test("the discovery document names keys by which anybody can verify a token", async () => {
    const discovery = await browser.request("/convex/.well-known/openid-configuration");
    const { issuer, jwks_uri } = (await discovery.json()) as { issuer: string; jwks_uri: string };
    const keys = createRemoteJWKSet(new URL(jwks_uri));
    await jwtVerify(token, keys, { issuer, audience: "convex" });
  });

  test("a token costs a query that hands on to a mutation, and writes nothing", async () => {
    await deployment.resetCounters();
    await browser.token();
    const { queries, mutations, nested, documentsWritten } = await deployment.counters();
    expect({ queries, mutations, nested, documentsWritten }).toEqual({
      queries: 1,
      mutations: 1,
      nested: 0,
      documentsWritten: 0,
    });
  });

  test("who is signed out gets none, and no mutation runs for it", async () => {
    await deployment.resetCounters();
    const { status } = await fetch(`${deployment.siteUrl}/api/auth/convex/token`);
    expect(status).toBe(401);
    expect(await deployment.counters()).toMatchObject({ mutations: 0 });
  });

  test("auth.api gives one in mutations and actions, and says so in queries", async () => {
    const cookie = browser.cookie();
    const inAction = makeFunctionReference<"action">("who:tokenInAction");
    for (const made of [
      await mutation("tokenInMutation", { cookie }),
      await client().action(inAction, { cookie }),
    ])
      await accepted(made as string);
    await expect(query("tokenInQuery", { args: { cookie } })).rejects.toThrow(/this is a query/);
  });

  test("what the app or a component signs for other uses signs nobody in", async () => {
    const { sub, sessionId } = decodeJwt(token);
    const claims = { sub, sessionId };
    for (const made of [
      await mutation("machine", { claims }),
      await mutation("machine", { claims: { ...claims, aud: "other" } }),
      await mutation("stranger", { claims: { ...claims, aud: "convex" } }),
    ])
      await expect(query("am", { token: made as string })).rejects.toThrow(
        /NoAuthProvider|provider/,
      );
  });

  test("a reserved claim is answered by its name", async () => {
    edit(
      "convex/auth.ts",
      `signer: "deployment" `,
      `signer: "deployment", jwt: { definePayload: () => ({ cvxRole: 1 }) } `,
    );
    await convex.push();
    const response = await browser.request("/convex/token");
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({
      code: "RESERVED_CLAIM",
      message: expect.stringContaining('"cvxRole"') as string,
    });
    edit("convex/auth.ts", `, jwt: { definePayload: () => ({ cvxRole: 1 }) }`, "");
  });

  test("once the old provider is out, old tokens are refused; doctor names what is left over", async () => {
    expect(await doctorFindings()).toEqual(["BOTH_SIGNERS"]);
    edit("convex/auth.config.ts", /, getAuthConfigProvider\([^{]*?\)(?=[,\]])/, "");
    await convex.push();
    await accepted(await browser.token());
    await expect(query("am", { token: before })).rejects.toThrow();
    expect(await doctorFindings()).toEqual(["JWKS_NOT_NEEDED"]);
    await convex.setEnv({ JWKS: "" });
    expect(await doctorFindings()).toEqual([]);
    // The secret is all that this deployment needs.
    const pushed = await app.kitcn("env", "push");
    expect(pushed, pushed.stderr).toMatchObject({ code: 0 });
    expect((await convex.listEnv()).JWKS ?? "").toBe("");
  });
});

test("the move back: the session of before gives tokens of the app's own keys", async () => {
  const before = await browser.token();
  edit("convex/auth.ts", `signer: "deployment"`, "jwks: process.env.JWKS");
  edit("convex/auth.config.ts", `getAuthConfigProvider(${SIGNER})`, "$&, getAuthConfigProvider()");
  await convex.push();
  const pushed = await app.kitcn("env", "push");
  expect(pushed, pushed.stderr).toMatchObject({ code: 0 });
  const token = await browser.token();
  expect(decodeProtectedHeader(token).alg).toBe("RS256");
  for (const one of [before, token]) await accepted(one);
});
