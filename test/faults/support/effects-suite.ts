// What a request does outside, counted outside: a code that is good once, a captcha, a lead in a CRM, a mail. Each
// happens once, whatever the hooks carry, where the request conflicts, and where it is killed.
// The default suite and the matrix choose the placement.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Placement } from "../../../codegen/types.js";
import { ORIGIN, startAuthApp, type AuthApp } from "./auth-app.js";
import { orphansIn, rowsOf } from "./orphans.js";
import { newEmail, ok, PASSWORD } from "./scenarios.js";

const AUTH = `import { captcha, genericOAuth, magicLink } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";
const post = (path: string, body: object) =>
  fetch(outside + path, {
    method: "POST",
    headers: { "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify(body),
  });

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: {
    enabled: true,
    password: {
      hash: async (password: string) => "hash of " + password,
      verify: async ({ hash, password }: { hash: string; password: string }) => hash === "hash of " + password,
    },
    sendResetPassword: async ({ user, token }) => {
      await post("/mail", { to: user.email, token });
    },
  },
  databaseHooks: {
    user: {
      create: {
        before: async (user) => {
          await post("/lead", { email: user.email, at: Date.now() });
          if (user.email.startsWith("refused")) throw new Error("the CRM refuses");
        },
        after: async (user) => {
          await post("/crm", { user: user.id });
          if (user.email.startsWith("failing")) throw new Error("the CRM is down");
        },
      },
    },
    session: {
      create: {
        after: async (session) => {
          await post("/crm", { session: session.id });
        },
      },
    },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    captcha({
      provider: "cloudflare-turnstile",
      secretKey: "secret",
      siteVerifyURLOverride: outside + "/siteverify",
      endpoints: ["/sign-up/email"],
    }),
    magicLink({ sendMagicLink: async ({ email, token }) => void (await post("/mail", { to: email, token })) }),
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

let app: AuthApp;

type Counts = { [path: string]: number };
type Flow = {
  readonly name: string;
  readonly path: string;
  readonly prepare: (email: string) => Promise<() => Promise<Response>>;
  /** Calls of the outside by a request that succeeds. */
  readonly want: Counts;
};

const flows: readonly Flow[] = [
  {
    name: "sign-up with a captcha",
    path: "/api/auth/sign-up/email",
    prepare: async (email) => {
      const headers = { "x-captcha-response": app.outside.captcha() };
      const body = { name: "Person", email, password: PASSWORD };
      return () => app.browser().post("/sign-up/email", body, headers);
    },
    want: { "/siteverify": 1, "/lead": 1, "/crm": 2 },
  },
  {
    name: "first sign-in through a provider",
    path: "/api/auth/callback/outside",
    prepare: async (email) => {
      const browser = app.browser();
      const { url } = await ok(
        browser.post("/sign-in/social", { provider: "outside", callbackURL: `${ORIGIN}/home` }),
      );
      const state = new URL(String(url)).searchParams.get("state") ?? "";
      const query = new URLSearchParams({ state, code: app.outside.consent(email) });
      return () => browser.get(`/callback/outside?${query}`);
    },
    want: { "/token": 1, "/userinfo": 1, "/lead": 1, "/crm": 2 },
  },
  {
    name: "first sign-in with a magic link",
    path: "/api/auth/magic-link/verify",
    prepare: async (email) => {
      const browser = app.browser();
      await ok(browser.post("/sign-in/magic-link", { email }));
      const token = await app.outside.mailed(email);
      return () => browser.get(`/magic-link/verify?token=${token}`);
    },
    want: { "/lead": 1, "/crm": 2 },
  },
];

const PATHS = ["/siteverify", "/token", "/userinfo", "/lead", "/crm", "/mail"];

function countsOf(): Counts {
  return Object.fromEntries(PATHS.map((path) => [path, app.outside.calls(path).length]));
}

async function callsOf(act: () => Promise<Response>) {
  const before = countsOf();
  const answer = await act().catch(() => undefined);
  await app.deployment.settled();
  const after = countsOf();
  const calls = PATHS.map((path): [string, number] => [path, after[path]! - before[path]!]);
  return { answer, calls: Object.fromEntries(calls.filter(([, count]) => count > 0)) };
}

const idsTold = (since: number) =>
  app.outside
    .calls("/crm")
    .slice(since)
    .map((body) => Object.entries(JSON.parse(body) as object)[0] as [string, string]);

/** Declares the tests of one placement. */
export function effectsOnceIn(placement: Placement): void {
  describe(`placement ${placement}`, () => {
    beforeAll(async () => {
      app = await startAuthApp(placement, AUTH);
    });
    afterAll(() => app?.stop());

    const isSuccess = (answer: Response | undefined) =>
      answer !== undefined &&
      answer.status < 400 &&
      !(answer.headers.get("location") ?? "").includes("error");

    describe.each(flows)("$name", ({ path, prepare, want }) => {
      test("calls everything once, with ids of rows that exist", async () => {
        const since = app.outside.calls("/crm").length;
        const { answer, calls } = await callsOf(await prepare(newEmail()));
        expect(isSuccess(answer), await answer?.clone().text()).toBe(true);
        expect(calls).toEqual(want);
        const rows = await app.deployment.rows();
        for (const [model, id] of idsTold(since))
          expect(rowsOf(rows, app.tables[model]!).map((row) => row._id)).toContain(id);
      });

      test("calls everything once where each mutation conflicts", async () => {
        const act = await prepare(newEmail());
        await app.deployment.failNext({ path, conflicts: 2 });
        const { answer, calls } = await callsOf(act);
        expect(await app.deployment.disarm()).toBe(true);
        expect(isSuccess(answer)).toBe(true);
        expect(calls).toEqual(want);
      });

      test("calls nothing twice and leaves no orphan where it is killed", async () => {
        for (let afterCalls = 1; ; afterCalls++) {
          const act = await prepare(newEmail());
          await app.deployment.failNext({ path, afterCalls });
          const { answer, calls } = await callsOf(act);
          const isHit = await app.deployment.disarm();
          for (const [called, count] of Object.entries(calls))
            expect(count, `${called} after ${afterCalls}`).toBeLessThanOrEqual(want[called] ?? 0);
          expect(orphansIn(await app.deployment.rows(), app.tables)).toEqual([]);
          if (isHit) continue;
          expect(isSuccess(answer)).toBe(true);
          break;
        }
      });
    });

    test("a hook that fails after the commit leaves the sign-up as it is", async () => {
      const headers = { "x-captcha-response": app.outside.captcha() };
      const email = `failing-${newEmail()}`;
      const body = { name: "Person", email, password: PASSWORD };
      const { answer, calls } = await callsOf(() =>
        app.browser().post("/sign-up/email", body, headers),
      );
      expect(answer?.status).toBe(200);
      expect(calls).toEqual({ "/siteverify": 1, "/lead": 1, "/crm": 2 });
    });

    test("a hook that fails before leaves nothing, and asks nobody twice", async () => {
      const headers = { "x-captcha-response": app.outside.captcha() };
      const email = `refused-${newEmail()}`;
      const body = { name: "Person", email, password: PASSWORD };
      const { answer, calls } = await callsOf(() =>
        app.browser().post("/sign-up/email", body, headers),
      );
      expect(answer?.status).toBeGreaterThanOrEqual(400);
      expect(calls).toEqual({ "/siteverify": 1, "/lead": 1 });
      const rows = await app.deployment.rows();
      expect(rowsOf(rows, app.tables.user!).map((row) => row.email)).not.toContain(email);
    });

    test("a mail goes out exactly when its request committed, also if the action dies right after", async () => {
      const email = newEmail();
      const headers = { "x-captcha-response": app.outside.captcha() };
      await ok(
        app
          .browser()
          .post("/sign-up/email", { name: "Person", email, password: PASSWORD }, headers),
      );
      const verifications = async () =>
        rowsOf(await app.deployment.rows(), app.tables.verification!).length;
      for (let afterCalls = 0; ; afterCalls++) {
        const before = await verifications();
        await app.deployment.failNext({ path: "/api/auth/request-password-reset", afterCalls });
        const { calls } = await callsOf(() =>
          app.browser().post("/request-password-reset", { email, redirectTo: `${ORIGIN}/reset` }),
        );
        const isHit = await app.deployment.disarm();
        const isCommitted = (await verifications()) > before;
        expect(calls["/mail"] ?? 0, `after ${afterCalls} calls`).toBe(isCommitted ? 1 : 0);
        if (!isHit) break;
      }
    });

    test("what the outbox stores shows neither the token nor the address", async () => {
      const stored = JSON.stringify(await app.deployment.scheduled());
      expect(stored).toContain("sendResetPassword");
      for (const body of app.outside.calls("/mail")) {
        const { to, token } = JSON.parse(body) as { to: string; token: string };
        expect(stored).not.toContain(to);
        expect(stored).not.toContain(token);
      }
    });
  });
}
