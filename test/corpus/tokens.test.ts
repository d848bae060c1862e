// Tokens, and bytes in headers, that nobody should get in with, at every door of a deployment: Convex's functions
// refuse them and say so; the auth routes and the helpers take them for nobody, and never fail. No row appears or goes.
import { createHmac, generateKeyPairSync, randomUUID } from "node:crypto";
import { connect } from "node:net";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { symmetricDecrypt } from "better-auth/crypto";
import {
  CompactSign,
  decodeJwt,
  decodeProtectedHeader,
  importJWK,
  SignJWT,
  type JWTPayload,
} from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../codegen/disk/project.js";
import { openConvexCli } from "../../codegen/env/convex-cli.js";
import { liveApp, signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { random } from "../support/random.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours

type Key = Awaited<ReturnType<typeof importJWK>>;
type Genuine = {
  readonly token: string;
  readonly header: { readonly alg: string; readonly kid: string };
  readonly payload: JWTPayload;
  /** The deployment's own private key: what follows is signed as well as a token can be. */
  readonly key: Key;
  readonly publicKey: string;
};

let deployment: Deployment;
let genuine: Genuine;

const part = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const seconds = () => Math.floor(Date.now() / 1000);

/** With other claims, or another header, and the true key unless another is given. */
function sign(claims: object, header: object = {}, key?: Key): Promise<string> {
  const { payload, header: own, key: ownKey } = genuine;
  return new SignJWT({ ...payload, ...claims })
    .setProtectedHeader({ ...own, ...header })
    .sign(key ?? ownKey);
}

/** Signed truly over a payload that is no JSON object as it should be. */
function signText(payload: string): Promise<string> {
  return new CompactSign(new TextEncoder().encode(payload))
    .setProtectedHeader(genuine.header)
    .sign(genuine.key);
}

const pieces = () => genuine.token.split(".") as [string, string, string]; // a token has three

const cases: [string, () => string | Promise<string>][] = [
  ["a kid that no key has", () => sign({}, { kid: "nobody" })],
  ["no kid, of a deployment that names its keys", () => sign({}, { kid: undefined })],
  ["a kid that is a path", () => sign({}, { kid: "../../etc/passwd" })],
  [
    "the right kid, and a key of a stranger",
    () =>
      sign(
        {},
        {},
        generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey as unknown as Key,
      ), // jose takes node's keys
  ],
  ["alg none", () => `${part({ ...genuine.header, alg: "none" })}.${pieces()[1]}.`],
  [
    "alg None, signed with nothing",
    () => `${part({ ...genuine.header, alg: "None" })}.${pieces()[1]}.AA`,
  ],
  [
    "HS256 with the public key as its secret",
    () => {
      const text = `${part({ ...genuine.header, alg: "HS256" })}.${pieces()[1]}`;
      return `${text}.${createHmac("sha256", genuine.publicKey).update(text).digest("base64url")}`;
    },
  ],
  [
    "its own key in the header",
    () => {
      const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const jwk = publicKey.export({ format: "jwk" });
      return sign({}, { jwk, kid: "own" }, privateKey as unknown as Key); // jose takes node's keys
    },
  ],
  ["expired", () => sign({ exp: seconds() - 60 })],
  ["without an end", () => sign({ exp: undefined })],
  ["not valid yet", () => sign({ nbf: seconds() + 3600 })],
  ["a foreign issuer", () => sign({ iss: "https://evil.example" })],
  ["an issuer that only begins right", () => sign({ iss: `${genuine.payload.iss}.evil.example` })],
  ["no issuer", () => sign({ iss: undefined })],
  ["a wrong audience", () => sign({ aud: "other" })],
  ["no audience", () => sign({ aud: undefined })],
  ["no subject", () => sign({ sub: undefined })],
  [
    "a claim changed after signing",
    () => {
      const [header, , signature] = pieces();
      return `${header}.${part({ ...genuine.payload, sub: "someone" })}.${signature}`;
    },
  ],
  [
    "duplicated claims, the last one expired",
    () => signText(JSON.stringify(genuine.payload).replace(/}$/, `,"exp":${seconds() - 60}}`)),
  ],
  ["a payload that is a list", () => signText("[]")],
  ["a payload that is no JSON", () => signText("ada")],
  ["a header that is no JSON", () => `${part("{")}.${pieces()[1]}.${pieces()[2]}`],
  ["cut in the signature", () => genuine.token.slice(0, -20)],
  ["cut in the payload", () => genuine.token.slice(0, pieces()[0].length + 12)],
  ["no signature", () => `${pieces()[0]}.${pieces()[1]}.`],
  ["two tokens after each other", () => `${genuine.token}.${genuine.token}`],
  ["two tokens in one header", () => `${genuine.token}, Bearer ${genuine.token}`],
  [
    "a token in standard base64 with padding",
    () => `${pieces()[0]}==.${pieces()[1]}.${pieces()[2]}`,
  ],
  ["over-long", () => sign({ exp: seconds() - 60, filler: "x".repeat(8_000) })],
  ["a session token of Better Auth's shape", () => `${randomUUID()}.${part("signature")}`],
];

beforeAll(async () => {
  deployment = await startDeployment();
  for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
  const app = liveApp({
    "convex/who.ts": `import { query } from "./_generated/server";
export const am = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
`,
    "convex/http.ts": `import { httpRouter } from "convex/server";
import { getAuthUserId, getAuthUserIdentity, getHeaders, getSession } from "kitcn/auth";
import { registerRoutes } from "kitcn/auth/http";
import { httpAction } from "./_generated/server";
import { getAuth } from "./generated/auth";
const http = httpRouter();
registerRoutes(http, getAuth);
http.route({
  path: "/helpers",
  method: "GET",
  handler: httpAction(async (ctx) =>
    Response.json({
      identity: await getAuthUserIdentity(ctx),
      id: await getAuthUserId(ctx),
      session: await getSession(ctx),
      headers: [...(await getHeaders(ctx)).keys()],
    }),
  ),
});
export default http;
`,
  });
  const added = await app.kitcn("add", "auth", "--yes");
  expect(added, added.stderr).toMatchObject({ code: 0 });
  const browser = await signUp(deployment.siteUrl);
  const { BETTER_AUTH_SECRET = "", JWKS = "" } = await openConvexCli(
    loadProject(app.root),
  ).listEnv();
  vi.unstubAllEnvs();
  const [stored] = JSON.parse(JWKS) as [{ publicKey: string; privateKey: string }];
  const data = JSON.parse(stored.privateKey) as string;
  const text = await symmetricDecrypt({ key: BETTER_AUTH_SECRET, data });
  const token = await browser.token();
  genuine = {
    token,
    header: decodeProtectedHeader(token) as Genuine["header"], // of the token plugin
    payload: decodeJwt(token),
    key: await importJWK(JSON.parse(text) as object, "RS256"),
    publicKey: stored.publicKey,
  };
});
afterAll(() => deployment?.stop());

async function query(token: string): Promise<unknown> {
  const client = new ConvexHttpClient(deployment.url);
  client.setAuth(token);
  return client.query(whoami, {});
}

const get = (path: string, token: string) =>
  fetch(deployment.siteUrl + path, { headers: { authorization: `Bearer ${token}` } });

test("a token signed like these, but honest, is taken", async () => {
  expect(await query(await sign({}))).toMatchObject({ subject: genuine.payload.sub });
  const helped = await get("/helpers", genuine.token);
  expect(await helped.json()).toMatchObject({
    id: genuine.payload.sub,
    headers: ["authorization"],
  });
});

describe("a token", () => {
  test.each(cases)("%s", async (_title, make) => {
    const token = await make();
    const before = await deployment.rows();
    await expect(query(token)).rejects.toThrow(
      /"code":"(InvalidAuthHeader|NoAuthProvider|Unauthenticated)","message":".{10,}"/,
    );
    const session = await get("/api/auth/get-session", token);
    expect({ status: session.status, body: await session.json() }).toEqual({
      status: 200,
      body: null,
    });
    const minted = await get("/api/auth/convex/token", token);
    expect(minted.status).toBe(401);
    const helped = await get("/helpers", token);
    expect({ status: helped.status, body: await helped.json() }).toEqual({
      status: 200,
      body: { identity: null, id: null, session: null, headers: [] },
    });
    expect(await deployment.rows()).toEqual(before);
  });
});

describe("headers of any bytes, over a socket, since fetch sends no such thing", () => {
  /** Bytes that may stand in a header: all but control characters; and the shapes that are parsed. */
  function headerBytes(seed: number): Buffer {
    const { below, pick } = random(seed);
    const shapes = [
      "Bearer ",
      "better-auth.session_token=",
      ".",
      "%",
      "%E0%A4",
      "=",
      ";",
      "; ",
      "eyJ",
      ",",
    ];
    const pieces = Array.from({ length: 1 + below(20) }, () =>
      below(3) === 0
        ? Buffer.from(pick(shapes))
        : Buffer.from(Array.from({ length: below(12) }, () => pick(ALLOWED))),
    );
    return Buffer.concat(pieces);
  }
  const ALLOWED = [9, ...Array.from({ length: 256 }, (_, byte) => byte)].filter(
    (byte) => byte === 9 || (byte >= 32 && byte !== 127),
  );

  /** The status line and the body. */
  function send(path: string, lines: readonly [string, Buffer][]): Promise<[number, string]> {
    const { hostname, port, host } = new URL(deployment.siteUrl);
    const head = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n`;
    const headers = lines.flatMap(([name, value]) => [
      Buffer.from(`${name}: `),
      value,
      Buffer.from("\r\n"),
    ]);
    return new Promise((done, fail) => {
      const chunks: Buffer[] = [];
      connect(Number(port), hostname)
        .on("data", (chunk) => chunks.push(chunk))
        .on("error", fail)
        .on("close", () => {
          const [status = "", body = ""] = Buffer.concat(chunks)
            .toString("latin1")
            .split("\r\n\r\n");
          done([Number(status.split(" ")[1]), body]);
        })
        .write(Buffer.concat([Buffer.from(head), ...headers, Buffer.from("\r\n")]));
    });
  }

  test.each(["/helpers", "/api/auth/get-session"])("%s answers, and finds nobody", async (path) => {
    const before = await deployment.rows();
    for (let seed = 1; seed <= 150; seed++) {
      const [status, body] = await send(path, [
        ["Authorization", headerBytes(seed)],
        ["Cookie", headerBytes(seed + 1000)],
        ["X-Forwarded-For", headerBytes(seed + 2000)],
        ["User-Agent", headerBytes(seed + 3000)],
      ]);
      expect(status, `seed ${seed}: ${body}`).toBe(200);
      expect(body, `seed ${seed}`).toMatch(
        path === "/helpers" ? /"identity":null,"id":null,"session":null/ : /null/,
      );
    }
    expect(await deployment.rows()).toEqual(before);
  });
});
