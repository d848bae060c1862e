// What is a credential over HTTP: the signed session token, wherever the secret comes from. The bare token is in
// session documents and in get-session's body, and opens nothing.
import type { GenericDataModel } from "convex/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { getHeaders } from "../../../src/auth/session/session.js";
import type { AuthCtx, AuthOptions } from "../../../src/auth/runtime.js";
import { createHttpApp, credentials, SITE, type HttpApp } from "./support/http-app.js";

const contexts = ["query", "mutation", "action"] as const;
const secret = (name: string) => `${name}-k3Jd8sLq0ZpX7vTn2RbY5wMc9GhF4aUe6`;

afterEach(() => void vi.unstubAllEnvs());

type Session = { token: string; id: string; userId: string };

async function signUp(app: HttpApp): Promise<Session> {
  const response = await app.fetch("/api/auth/sign-up/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify(credentials),
  });
  const cookie = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  const headers = { cookie: cookie.join("; ") };
  const answer = await app.fetch("/api/auth/get-session", { headers });
  return ((await answer.json()) as { session: Session }).session;
}

type Api = { getSession: (input: { headers: Headers }) => Promise<{ session: Session } | null> };

type Inside = { headers: Record<string, string>; found: string | undefined };

/** In a context of the signed-in user: the headers, and the session that auth.api finds by them. */
async function inside(
  app: HttpApp,
  context: (typeof contexts)[number],
  session: Session,
): Promise<Inside> {
  const t = app.t.withIdentity({ subject: session.userId, sessionId: session.id });
  const work = async (ctx: AuthCtx<GenericDataModel>) => {
    const headers = await getHeaders(ctx);
    const api = app.getAuth(ctx).api as unknown as Api; // its endpoints are not inferred here
    const found = await api.getSession({ headers });
    return { headers: Object.fromEntries(headers), found: found?.session.id };
  };
  const run = t[context] as (work: unknown) => Promise<Inside>; // convex-test runs what is given in place
  return run(work);
}

const ask = async (app: HttpApp, path: string, authorization: string) => {
  const response = await app.fetch(path, { headers: { authorization } });
  return { status: response.status, body: (await response.json()) as unknown };
};

describe("the bare session token", () => {
  test.each(["Bearer ", "bearer ", "BEARER  "])("opens nothing over HTTP as %j", async (scheme) => {
    const app = createHttpApp();
    const { token } = await signUp(app);
    expect((await ask(app, "/api/auth/get-session", scheme + token)).body).toBeNull();
    expect((await ask(app, "/api/auth/convex/token", scheme + token)).status).toBe(401);
    expect((await ask(app, "/api/auth/list-sessions", scheme + token)).status).toBe(401);
  });

  test.each(["", ".", ".AAAA", `.${btoa("x".repeat(32))}`, "%2EAAAA"])(
    "opens nothing with a made-up signature: %j",
    async (signature) => {
      const app = createHttpApp();
      const { token } = await signUp(app);
      const { body } = await ask(app, "/api/auth/get-session", `Bearer ${token}${signature}`);
      expect(body).toBeNull();
    },
  );
});

describe.each(contexts)("getHeaders in a %s", (context) => {
  const sources: [string, Partial<AuthOptions>, Record<string, string>][] = [
    ["the option secret", { secret: secret("option") }, { BETTER_AUTH_SECRET: secret("other") }],
    [
      "the option secrets",
      { secrets: [2, 1].map((version) => ({ version, value: secret(`v${version}`) })) },
      { BETTER_AUTH_SECRETS: `1:${secret("other")}`, BETTER_AUTH_SECRET: secret("other") },
    ],
    [
      "BETTER_AUTH_SECRETS",
      { secret: secret("older") },
      { BETTER_AUTH_SECRETS: `7: ${secret("seven")} , 6:${secret("six")}` },
    ],
    [
      "BETTER_AUTH_SECRET",
      { secret: undefined },
      { BETTER_AUTH_SECRET: secret("variable"), AUTH_SECRET: secret("other") },
    ],
    ["AUTH_SECRET", { secret: undefined }, { AUTH_SECRET: secret("variable") }],
  ];

  test.each(sources)("signs with %s, as Better Auth does", async (_title, options, variables) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const app = createHttpApp({ options });
    const session = await signUp(app);
    const { headers, found } = await inside(app, context, session);
    expect(found).toBe(session.id);
    const over = await ask(app, "/api/auth/get-session", headers.authorization ?? "");
    expect(over.body).toMatchObject({ session: { id: session.id } });
    expect((await ask(app, "/api/auth/convex/token", headers.authorization ?? "")).status).toBe(
      200,
    );
  });
});

describe("without generated/auth", () => {
  const load = async () => {
    vi.resetModules();
    return import("../../../src/auth/keys/signed-token.js");
  };

  test("the secret is the variables'", async () => {
    vi.stubEnv("BETTER_AUTH_SECRET", secret("variable"));
    const bare = await load();
    const signed = await bare.signedToken({}, "token");
    const { registerOptions, signedToken } = await load();
    registerOptions(() => ({ secret: secret("variable") }));
    expect(await signedToken({}, "token")).toBe(signed);
  });

  test("no secret is told by name", async () => {
    const { signedToken } = await load();
    const failure = signedToken({}, "token");
    await expect(failure).rejects.toMatchObject({ data: { code: "NO_SECRET" } });
  });
});
