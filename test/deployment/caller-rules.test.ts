// The stand-in's rules for who calls and how, one by one: tokens, identity, admins, HTTP, errors, timestamps.
// Each test names the file of Convex's backend that its rule is read from.
import { createHash } from "node:crypto";
import { request } from "node:http";
import { ConvexHttpClient } from "convex/browser";
import { convexToJson } from "convex/values";
import {
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  type JWTPayload,
} from "jose";
import { WebSocket } from "ws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { action, createApp, DEPLOY, mutation, query, type App } from "./app.js";
import { startEmbedded, type Deployment } from "./index.js";

const files = {
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
import child from "../child/convex.config";
const app = defineApp();
app.use(child);
export default app;`,
  "child/convex.config.ts": `import { defineComponent } from "convex/server";
export default defineComponent("child");`,
  "child/who.ts": `import { mutationGeneric as mutation, queryGeneric as query } from "convex/server";
export const am = query({ args: {}, handler: async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null });
export const sign = mutation({ args: {}, handler: (ctx) => ctx.auth.signJwt({ claims: { sub: "s" }, expiresInSeconds: 60 }) });`,
  "convex/auth.config.ts": `export default { providers: [
  { type: "customJwt", issuer: "https://tests.example.com", applicationID: "app", algorithm: "RS256", jwks: process.env.KEYS },
  { type: "customJwt", issuer: process.env.CONVEX_CLOUD_URL, algorithm: "ES256", jwks: process.env.CONVEX_CLOUD_URL + "/.well-known/jwks.json" },
] };`,
  "convex/who.ts": `import { v } from "convex/values";
import { action, internalQuery, mutation, query } from "./_generated/server";
import { api, components } from "./_generated/api";
export const am = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
const subject = async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null;
export const all = action({ args: {}, handler: async (ctx) => [await subject(ctx), (await ctx.runQuery(api.who.am, {}))?.subject ?? null, await ctx.runQuery(components.child.who.am, {})] });
export const inQuery = query({ args: {}, handler: async (ctx) => [await subject(ctx), (await ctx.runQuery(api.who.am, {}))?.subject ?? null, await ctx.runQuery(components.child.who.am, {})] });
export const inMutation = mutation({ args: {}, handler: async (ctx) => [await subject(ctx), (await ctx.runQuery(api.who.am, {}))?.subject ?? null, await ctx.runQuery(components.child.who.am, {})] });
export const hidden = internalQuery({ args: {}, handler: subject });
export const sign = mutation({ args: { claims: v.any(), seconds: v.number() }, handler: (ctx, { claims, seconds }) => ctx.auth.signJwt({ claims, expiresInSeconds: seconds }) });
export const signInComponent = mutation({ args: {}, handler: (ctx) => ctx.runMutation(components.child.who.sign, {}) });
export const signInQuery = query({ args: {}, handler: (ctx) => ctx.auth.signJwt({ expiresInSeconds: 60 }) });`,
  "convex/say.ts": `import { ConvexError, v } from "convex/values";
import { mutation, query } from "./_generated/server";
export const fails = query({ args: {}, handler: () => { throw new Error("a plain error"); } });
export const failsWithData = query({ args: {}, handler: () => { throw new ConvexError({ code: "OWN", secret: "in the data" }); } });
export const says = query({ args: {}, handler: () => { console.log("a line of the log"); } });
export const add = mutation({ args: { n: v.number() }, handler: (ctx, { n }) => ctx.db.insert("counts", { n }) });
export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query("counts").collect()).length });`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { api } from "./_generated/api";
import { httpAction } from "./_generated/server";
import { ConvexError } from "convex/values";
const http = httpRouter();
const route = (path, method, handle) => http.route({ path, method, handler: httpAction(handle) });
route("/url", "GET", async (_ctx, request) => new Response(request.url));
route("/runs", "GET", async () => new Response("ran"));
route("/asks", "GET", async (ctx) => Response.json(await ctx.auth.getUserIdentity()));
route("/passes", "GET", async (ctx) => Response.json(await ctx.runQuery(api.who.am, {})));
route("/fails", "GET", async () => { throw new Error("within http"); });
route("/failsWithData", "GET", async () => { throw new ConvexError({ code: "OWN" }); });
route("/takes", "POST", async (_ctx, request) => new Response(String((await request.arrayBuffer()).byteLength)));
route("/gives", "GET", async (_ctx, request) => new Response("x".repeat(Number(new URL(request.url).searchParams.get("bytes")))));
export default http;`,
};

const NOW = () => Math.floor(Date.now() / 1000);
let app: App;
let deployment: Deployment;
let sign: (claims: JWTPayload, header?: { kid?: string }) => Promise<string>;
let forge: typeof sign;

beforeAll(async () => {
  const keys = await Promise.all([1, 2].map(() => generateKeyPair("RS256")));
  const signer =
    ({ privateKey }: (typeof keys)[0]): typeof sign =>
    (claims, header = { kid: "one" }) =>
      new SignJWT(claims).setProtectedHeader({ alg: "RS256", ...header }).sign(privateKey);
  [sign, forge] = keys.map(signer) as [typeof sign, typeof sign];
  const jwk = { ...(await exportJWK(keys[0]!.publicKey)), kid: "one", alg: "RS256" };
  const jwks = `data:application/json,${encodeURIComponent(JSON.stringify({ keys: [jwk] }))}`;
  app = await createApp(files);
  deployment = await startEmbedded({ env: { KEYS: jwks } });
  const pushed = await app.convex(deployment.cliEnv, ...DEPLOY);
  expect(pushed, pushed.text).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

const CLAIMS = (): JWTPayload => ({
  iss: "https://tests.example.com",
  aud: "app",
  sub: "ada",
  iat: NOW(),
  exp: NOW() + 60,
});
const client = (token?: string) =>
  new ConvexHttpClient(deployment.url, token ? { auth: token } : undefined);
const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${deployment.url}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
const site = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${deployment.siteUrl}${path}`, { headers });
const ask = async (token: string) => {
  const response = await post(
    "/api/query",
    { path: "who:am", args: {} },
    { authorization: `Bearer ${token}` },
  );
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
};

// authentication/src/lib.rs, keybroker/src/broker.rs
describe("tokens", () => {
  const KID =
    "Could not decode token. The JWT's 'kid' (key ID) header is 'one', does this key match any key in the provider's JWKS?";
  const without = (claim: string) => {
    const { [claim]: _, ...rest } = CLAIMS();
    return rest;
  };
  const LATER = 60;
  test.for<[string, () => Promise<string> | string, string, RegExp | string]>([
    ["is a JWT", () => "no.token.", "InvalidAuthHeader", /^Could not parse JWT payload\./],
    ["has an issuer", () => sign(without("iss")), "InvalidAuthHeader", /^Missing issuer claim/],
    [
      "is of a provider's issuer",
      () => sign({ ...CLAIMS(), iss: "https://else.example.com" }),
      "NoAuthProvider",
      /\[CustomJWT\(issuer=https:\/\/tests\.example\.com, app_id=app\), CustomJWT\(issuer=http:\/\/127\.0\.0\.1:\d+, app_id=none\)\]$/,
    ],
    [
      "is for the provider's application",
      () => sign({ ...CLAIMS(), aud: "else" }),
      "NoAuthProvider",
      /^No auth provider found matching the given token\. Check/,
    ],
    [
      "has a key that the provider has",
      () => sign(CLAIMS(), { kid: "two" }),
      "InvalidAuthHeader",
      KID.replace("one", "two"),
    ],
    [
      "names its key",
      () => sign(CLAIMS(), {}),
      "InvalidAuthHeader",
      "Could not decode token. JWT may be missing a 'kid' (key ID) header.",
    ],
    [
      "has a true signature: a wrong one names the key",
      () => forge(CLAIMS()),
      "InvalidAuthHeader",
      KID,
    ],
    [
      "has not expired, but for 5 s",
      () => sign({ ...CLAIMS(), exp: NOW() - LATER }),
      "InvalidAuthHeader",
      /^Could not validate token: Token expired \d+ seconds ago$/,
    ],
    [
      "is not used before its time",
      () => sign({ ...CLAIMS(), nbf: NOW() + LATER }),
      "InvalidAuthHeader",
      /^Could not validate token: Token will be valid in \d+ seconds$/,
    ],
    [
      "was not issued in the future",
      () => sign({ ...CLAIMS(), iat: NOW() + LATER }),
      "InvalidAuthHeader",
      /^Could not validate token: Token will be valid in \d+ seconds$/,
    ],
    [
      "has a subject",
      () => sign(without("sub")),
      "InvalidAuthHeader",
      /^Could not verify token claim/,
    ],
    ["expires", () => sign(without("exp")), "InvalidAuthHeader", /^Could not verify token claim/],
  ])("a token %s", async ([, token, code, message]) => {
    const { status, json } = await ask(await token());
    expect(status).toBe(401);
    expect(json.code).toBe(code);
    if (typeof message === "string") expect(json.message).toBe(message);
    else expect(json.message).toMatch(message);
  });

  test.for<[string, JWTPayload | (() => JWTPayload)]>([
    ["was issued less than 5 s in the future", () => ({ iat: NOW() + 4 })],
    ["has no time of issue", { iat: undefined as never }],
    ["has an issuer with a slash at its end", { iss: "https://tests.example.com/" }],
    ["has an issuer without a scheme", { iss: "tests.example.com" }],
    ["is for several applications", { aud: ["else", "app"] }],
  ])("a token passes that %s", async ([, claims]) => {
    const own = typeof claims === "function" ? claims() : claims;
    expect((await ask(await sign({ ...CLAIMS(), ...own }))).json).toMatchObject({
      status: "success",
      value: { subject: "ada" },
    });
  });

  test("custom claims keep their names, objects are flat, registered claims are left out", async () => {
    const claims = {
      ...{ email_verified: true, org: { id: "o", roles: ["a"] }, fva: [1], n: null },
      ...{ jti: "j", nbf: NOW() },
    };
    expect((await ask(await sign({ ...CLAIMS(), ...claims }))).json.value).toEqual({
      tokenIdentifier: "https://tests.example.com|ada",
      issuer: "https://tests.example.com",
      subject: "ada",
      email_verified: true,
      "org.id": "o",
      "org.roles": ["a"],
      n: null,
    });
  });

  test("without providers the message says so", async () => {
    const empty = await startEmbedded();
    try {
      const response = await fetch(`${empty.url}/api/query`, {
        method: "POST",
        body: JSON.stringify({ path: "a:b", args: {} }),
        headers: { authorization: `Bearer ${await sign(CLAIMS())}` },
      });
      expect(await response.json()).toEqual({
        code: "NoAuthProvider",
        message:
          "No auth provider found matching the given token (no providers configured). Check convex/auth.config.ts.",
      });
    } finally {
      await empty.stop();
    }
  });
});

// model/src/components/auth.rs; udf/async_syscall.rs: a nested call has its caller's transaction, and identity
describe("identity", () => {
  test.for([
    ["a query has it, and its components", "query", "who:inQuery", ["ada", "ada", "ada"]],
    ["a mutation has it, and its components", "mutation", "who:inMutation", ["ada", "ada", "ada"]],
    [
      "an action has it, and the app's functions; components do not",
      "action",
      "who:all",
      ["ada", "ada", null],
    ],
  ] as const)("%s", async ([, kind, path, want]) => {
    const own = client(await sign(CLAIMS()));
    const run = {
      query: () => own.query(query(path), {}),
      mutation: () => own.mutation(mutation(path), {}),
      action: () => own.action(action(path), {}),
    };
    expect(await run[kind]()).toEqual(want);
  });

  // isolate/src/environment/action/task_executor.rs: user_identity
  test("an HTTP action runs with a bearer that is no token; asking who it is throws", async () => {
    const headers = { authorization: "Bearer session-token" };
    expect(await (await site("/runs", headers)).text()).toBe("ran");
    expect(await (await site("/passes", headers)).json()).toBeNull();
    const asked = await site("/asks", headers);
    expect([asked.status, await asked.text()]).toEqual([
      500,
      expect.stringContaining("Could not parse JWT payload."),
    ]);
    expect(await (await site("/asks")).json()).toBeNull();
  });
});

// local_backend/src/args_structs.rs, authentication.rs; sync/src/worker.rs; udf/src/validation.rs
describe("admins", () => {
  const ACTING = { issuer: "https://i", subject: "bob", name: "Bob" };
  const admin = (acting?: object) => ({
    authorization: `Convex ${deployment.adminKey}${acting ? `:${Buffer.from(JSON.stringify(acting)).toString("base64")}` : ""}`,
  });

  test("functions of components take an admin key", async () => {
    const body = { path: "who:am", componentPath: "child", args: {} };
    const refused = await post("/api/function", body);
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ code: "BadDeployKey" }),
    ]);
    const token = `Bearer ${await sign(CLAIMS())}`;
    expect((await post("/api/function", body, { authorization: token })).status).toBe(403);
    expect(await (await post("/api/function", body, admin())).json()).toEqual({
      status: "success",
      value: null,
    });
    // Elsewhere it is not looked at.
    expect(await (await post("/api/query", { ...body, path: "who:hidden" })).json()).toMatchObject({
      status: "error",
      errorMessage: expect.stringContaining(
        "Could not find public function for 'who:hidden'.",
      ) as string,
    });
  });

  test("an admin acts as a user, over HTTP", async () => {
    const ask = async (headers: Record<string, string>) =>
      (await (
        await post("/api/query", { path: "who:hidden", args: {} }, headers)
      ).json()) as object;
    expect(await ask(admin())).toMatchObject({ value: null });
    expect(await ask(admin(ACTING))).toMatchObject({ value: "bob" });
    const nobody = await post("/api/query", { path: "who:am", args: {} }, admin({ name: "x" }));
    expect([nobody.status, await nobody.json()]).toEqual([
      400,
      { code: "HeaderParseFailure", message: "Malformed Authorization header." },
    ]);
    expect((await post("/api/query", {}, { authorization: "Convex wrong" })).status).toBe(401);
    expect((await post("/api/query", {}, { authorization: "Basic x:y" })).status).toBe(400);
  });

  test("an admin acts as a user, over WebSocket, and components are for admins alone", async () => {
    const one = { udfPath: "who:am", args: [{}] };
    const child = { ...one, componentPath: "child" };
    const key = deployment.adminKey;
    const authenticate = (more: object) => ({ type: "Authenticate", baseVersion: 0, ...more });
    expect(
      await overWebSocket(authenticate({ tokenType: "Admin", value: key, actingAs: ACTING }), one),
    ).toMatchObject({
      value: { subject: "bob", name: "Bob", tokenIdentifier: "https://i|bob" },
    });
    expect(
      await overWebSocket(authenticate({ tokenType: "Admin", value: key }), child),
    ).toMatchObject({ value: null });
    expect(await overWebSocket(authenticate({ tokenType: "None" }), child)).toBe(1011);
    const token = await sign(CLAIMS());
    expect(await overWebSocket(authenticate({ tokenType: "User", value: token }), child)).toBe(
      1011,
    );
    expect(
      await overWebSocket(authenticate({ tokenType: "User", value: token }), one),
    ).toMatchObject({ value: { subject: "ada" } });
    expect(
      await overWebSocket(authenticate({ tokenType: "Admin", value: "wrong" }), one),
    ).toMatchObject({ type: "AuthError" });
  });

  /** What the first query answers, or the code that the connection is closed with. */
  function overWebSocket(authenticate: object, added: object): Promise<unknown> {
    const socket = new WebSocket(`${deployment.url.replace("http", "ws")}/api/1.48.0/sync`);
    return new Promise((done) => {
      const finish = (value: unknown) => {
        socket.close();
        done(value);
      };
      socket.on("close", finish);
      socket.on("open", () => {
        const modifications = [{ type: "Add", queryId: 0, ...added }];
        const set = { type: "ModifyQuerySet", baseVersion: 0, newVersion: 1, modifications };
        for (const message of [authenticate, set]) socket.send(JSON.stringify(message));
      });
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { type: string; modifications?: object[] };
        if (message.type === "AuthError") finish(message);
        const [first] = message.modifications ?? [];
        if (first) finish(first);
      });
    });
  }
});

// convex 1.48: src/server/authentication.ts
describe("ctx.auth.signJwt", () => {
  const make = (claims: object, seconds: number) =>
    client().mutation(mutation("who:sign"), { claims: convexToJson(claims as never), seconds });

  test("signs with a key that the deployment publishes", async () => {
    const token = (await make({ sub: "machine", scope: { read: true } }, 60)) as string;
    const keys = createRemoteJWKSet(new URL(`${deployment.url}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer: deployment.url });
    expect(payload).toMatchObject({ sub: "machine", scope: { read: true } });
    expect(payload.exp! - payload.iat!).toBe(60);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: "ES256", typ: "JWT" });
  });

  test("a component's issuer is its own", async () => {
    const token = (await client().mutation(mutation("who:signInComponent"), {})) as string;
    expect(decodeJwt(token).iss).toBe(`${deployment.url}/components/child`);
  });

  test("is a token where auth.config names the deployment", async () => {
    const token = (await make({ sub: "machine" }, 60)) as string;
    expect(await client(token).query(query("who:am"), {})).toMatchObject({ subject: "machine" });
  });

  test.for<[string, object, number, RegExp]>([
    ...["iss", "iat", "exp", "nbf", "convexThing", "CVX_x"].map(
      (name): [string, object, number, RegExp] => [`claim ${name}`, { [name]: 1 }, 60, /reserved/],
    ),
    ["lifetime of 0 s", {}, 0, /between 1 and 3600/],
    ["lifetime of 3,601 s", {}, 3601, /between 1 and 3600/],
  ])("refuses a %s", async ([, claims, seconds, want]) => {
    await expect(make(claims, seconds)).rejects.toThrow(want);
  });

  test("is there in mutations alone", async () => {
    await expect(client().query(query("who:signInQuery"), {})).rejects.toThrow(/signJwt/);
  });
});

// local_backend/src/http_actions.rs, udf/src/http_action.rs, application/src/redaction.rs
describe("HTTP actions", () => {
  test.for<[string, Record<string, string>, string]>([
    ["Host", { host: "app.example.com" }, "http://app.example.com/url?a=1"],
    ["X-Forwarded-Proto", { host: "a.b", "x-forwarded-proto": "https" }, "https://a.b/url?a=1"],
    ["Forwarded", { host: "a.b", forwarded: 'for=1;Proto="https", for=2' }, "https://a.b/url?a=1"],
  ])("request.url comes from %s", async ([, headers, want]) => {
    expect(await raw(deployment.siteUrl, "/url?a=1", headers)).toBe(want);
  });

  test("below /http on the cloud port, the path is without it", async () => {
    const { host } = new URL(deployment.url);
    expect(await raw(deployment.url, "/http/url", {})).toBe(`http://${host}/url`);
  });

  test("a request's body has 20 MiB at most", async () => {
    const send = (bytes: number) =>
      fetch(`${deployment.siteUrl}/takes`, { method: "POST", body: "x".repeat(bytes) });
    expect(await (await send(20 * 2 ** 20)).text()).toBe(String(20 * 2 ** 20));
    expect((await send(20 * 2 ** 20 + 1)).status).toBe(413);
  });

  test("a response's body has 20 MiB at most", async () => {
    const whole = await (await site(`/gives?bytes=${20 * 2 ** 20}`)).text();
    expect(whole).toHaveLength(20 * 2 ** 20);
    expect(await (await site(`/gives?bytes=${20 * 2 ** 20 + 1}`)).text()).toBe("");
    expect(JSON.stringify(await deployment.executions())).toContain(
      "HttpResponseTooLarge: HTTP actions support responses up to 20 MiB",
    );
  });

  test("what it throws is told with the request's id, the trace and the data", async () => {
    const failed = await site("/fails");
    expect([failed.status, await failed.json()]).toEqual([
      500,
      {
        code: expect.stringMatching(
          /^\[Request ID: [0-9a-f]{16}\] Server Error: Uncaught Error: within http$/,
        ) as string,
        trace: expect.stringMatching(/^Uncaught Error: within http\n {4}at /) as string,
      },
    ]);
    expect(await (await site("/failsWithData")).json()).toMatchObject({ data: { code: "OWN" } });
  });

  /** Sends headers that fetch would not. */
  function raw(base: string, path: string, headers: Record<string, string>): Promise<string> {
    return new Promise((done, fail) => {
      const sent = request(`${base}${path}`, { headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => done(text));
      });
      sent.on("error", fail).end();
    });
  }
});

// application/src/redaction.rs, local_backend/src/public_api.rs, isolate/src/helpers.rs
describe("what clients are told", () => {
  test("an error has the request's id, its text and where it was thrown", async () => {
    const error: unknown = await client()
      .query(query("say:fails"), {})
      .catch((thrown) => thrown);
    expect(String(error)).toMatch(
      /^Error: \[Request ID: [0-9a-f]{16}\] Server Error\nUncaught Error: a plain error\n {4}at .*\n$/s,
    );
  });

  test("log lines are left out where there are none", async () => {
    const answer = async (path: string) =>
      (await (await post("/api/query", { path, args: {} })).json()) as object;
    expect(await answer("say:count")).toEqual({ status: "success", value: 0 });
    expect(await answer("say:says")).toMatchObject({
      logLines: [expect.stringContaining("a line of the log")],
    });
  });

  test("a function of another kind is named", async () => {
    await expect(client().mutation(mutation("say:count"), {})).rejects.toThrow(
      "Trying to execute say.js:count as Mutation, but it is defined as Query.",
    );
    await expect(client().query(query("say:nothing"), {})).rejects.toThrow(
      "Could not find public function for 'say:nothing'.",
    );
  });

  // function_log.rs: what `convex logs` streams
  test("what a function logs and throws is in all logs, a ConvexError's data too", async () => {
    await client()
      .query(query("say:failsWithData"), {})
      .catch(() => {});
    await client().query(query("say:says"), {});
    const kept = JSON.stringify(await deployment.executions());
    const streamed = await fetch(`${deployment.url}/api/stream_function_logs?cursor=0`, {
      headers: { authorization: `Convex ${deployment.adminKey}` },
    });
    for (const text of [kept, await streamed.text(), deployment.logs().join("\n")]) {
      expect(text).toContain("a line of the log");
      expect(text).toContain("in the data");
    }
  });

  // local_backend/src/public_api.rs: public_get_query_ts, public_query_at_ts_post
  test("a client that asks for consistency reads one state", async () => {
    const own = client();
    const before = await own.consistentQuery(query("say:count"), {});
    await client().mutation(mutation("say:add"), { n: 1 });
    expect(await own.consistentQuery(query("say:count"), {})).toBe(before);
    expect(await client().consistentQuery(query("say:count"), {})).toBe(Number(before) + 1);
    const wrong = await post("/api/query_at_ts", { path: "say:count", args: {}, ts: "AA==" });
    expect(wrong.status).toBe(400);
  });
});

// common/src/types/environment_variables.rs
test.for<[string, string, string, RegExp]>([
  ["begins with a letter", "1A", "x", /EnvironmentVariableNameInvalid/],
  ["has 256 letters at most", "A".repeat(257), "x", /EnvironmentVariableNameTooLong/],
  ["is not Convex's own", "CONVEX_CLOUD_URL", "x", /EnvVarNameForbidden/],
  [
    "has a value of 8,192 bytes at most",
    "BIG",
    "x".repeat(8193),
    /EnvironmentVariableValueTooLarge/,
  ],
])("an environment variable %s", async ([, name, value, want]) => {
  const response = await post(
    "/api/update_environment_variables",
    { changes: [{ name, value }] },
    { authorization: `Convex ${deployment.adminKey}` },
  );
  expect(response.status).toBe(400);
  expect(await response.text()).toMatch(want);
});

test("the deployment's variables are 512, of 512 KiB, at most", async () => {
  const change = (changes: object[]) =>
    post(
      "/api/update_environment_variables",
      { changes },
      { authorization: `Convex ${deployment.adminKey}` },
    );
  const named = (count: number, value: string) =>
    Array.from({ length: count }, (_, at) => ({
      name: `V${createHash("sha1").update(String(at)).digest("hex")}`,
      value,
    }));
  expect(await (await change(named(512, ""))).json()).toMatchObject({ code: "EnvVarLimitMet" });
  expect(await (await change(named(70, "x".repeat(8000)))).json()).toMatchObject({
    code: "EnvVarTotalSizeLimitMet",
  });
});
