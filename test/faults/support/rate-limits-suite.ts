// Rate limits, counted outside: how many passwords are really checked, whatever becomes of the requests. The reads of
// an app with limits stay queries.
// The default suite and the matrix choose the placement.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Placement } from "../../../codegen/types.js";
import { startAuthApp, type AuthApp } from "./auth-app.js";
import { rowsOf } from "./orphans.js";
import { newEmail, ok, PASSWORD } from "./scenarios.js";

const AUTH = `import { APIError } from "better-auth/api";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const outside = process.env.OUTSIDE_URL ?? "http://127.0.0.1";
const post = (path: string, body: object) =>
  fetch(outside + path, { method: "POST", body: JSON.stringify(body) });

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: {
    enabled: true,
    password: {
      hash: async (password: string) => {
        await post("/lead", { hashed: true });
        return crypto.randomUUID() + " hash of " + password;
      },
      verify: async ({ hash, password }: { hash: string; password: string }) => {
        await post("/crm", { checked: true });
        return hash.endsWith(" hash of " + password);
      },
    },
  },
  databaseHooks: {
    user: {
      create: {
        after: async (user) => {
          if (user.email.startsWith("closed")) throw new APIError("FORBIDDEN", { message: "closed" });
        },
      },
    },
  },
  rateLimit: {
    enabled: true,
    storage: "database" as const,
    customRules: {
      // Better Auth's own rules allow as many, in windows that are too short for a busy machine.
      "/sign-in/email": { window: 3600, max: 3 },
      "/sign-up/email": { window: 3600, max: 3 },
      "/update-user": { window: 3600, max: 2 },
    },
  },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })],
  telemetry: { enabled: false },
}));
`;

let app: AuthApp;
const checked = () => app.outside.calls("/crm").length;
const hashed = () => app.outside.calls("/lead").length;
const statusesOf = async (answers: Promise<Response>[]) => {
  const counts: { [status: number]: number } = {};
  for (const answer of await Promise.all(answers)) {
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    if (answer.status < 500) continue;
    const log = app.deployment.logs().slice(-20).join("\n");
    throw new Error(`${answer.status}: ${await answer.text()}\n${log}`);
  }
  return counts;
};

async function signedUp(email: string) {
  const browser = app.browser();
  await ok(browser.post("/sign-up/email", { name: "Person", email, password: PASSWORD }));
  return browser;
}

/** Declares the tests of one placement. */
export function limitsIn(placement: Placement): void {
  describe(`placement ${placement}`, () => {
    beforeAll(async () => {
      app = await startAuthApp(placement, AUTH);
    });
    afterAll(() => app?.stop());

    test("50 wrong passwords at once from one address cost three checks", async () => {
      const email = newEmail();
      await signedUp(email);
      const before = checked();
      const guesser = app.browser();
      const tries = Array.from({ length: 50 }, (_, at) =>
        guesser.post("/sign-in/email", { email, password: `wrong ${at}` }),
      );
      expect(await statusesOf(tries)).toEqual({ 401: 3, 429: 47 });
      expect(checked() - before).toBe(3);
    });

    test("50 sign-ups at once from one address cost three hashes", async () => {
      const before = hashed();
      const browser = app.browser();
      const tries = Array.from({ length: 50 }, () =>
        browser.post("/sign-up/email", { name: "P", email: newEmail(), password: PASSWORD }),
      );
      expect(await statusesOf(tries)).toEqual({ 200: 3, 429: 47 });
      expect(hashed() - before).toBe(3);
    });

    test("a try that rolls back counts as well", async () => {
      const browser = app.browser();
      const body = { name: "P", password: PASSWORD };
      const statuses: number[] = [];
      for (let at = 0; at < 5; at++)
        statuses.push(
          (await browser.post("/sign-up/email", { ...body, email: `closed-${newEmail()}` })).status,
        );
      expect(statuses).toEqual([403, 403, 403, 429, 429]);
    });

    test("good sign-ins up to the limit are good", async () => {
      const email = newEmail();
      await signedUp(email);
      const browser = app.browser();
      const statuses: number[] = [];
      for (let at = 0; at < 4; at++)
        statuses.push((await browser.post("/sign-in/email", { email, password: PASSWORD })).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
    });

    test("guesses from many addresses are limited by account, and cost no more than that", async () => {
      const email = newEmail();
      const owner = await signedUp(email);
      const before = checked();
      const tries = Array.from({ length: 30 }, () =>
        app.browser().post("/sign-in/email", { email, password: "wrong" }),
      );
      expect(await statusesOf(tries)).toEqual({ 401: 10, 429: 20 });
      expect(checked() - before).toBe(10);
      // Who has a session already goes on, also where a password is asked for.
      const change = { currentPassword: PASSWORD, newPassword: `${PASSWORD} 2` };
      expect((await owner.post("/change-password", change)).status).toBe(200);
    });

    test("a right password gives its try back", async () => {
      const email = newEmail();
      await signedUp(email);
      for (let at = 0; at < 12; at++)
        await ok(app.browser().post("/sign-in/email", { email, password: PASSWORD }));
      expect(
        (await app.browser().post("/sign-in/email", { email, password: "wrong" })).status,
      ).toBe(401);
    });

    test("reads are not counted and stay queries", async () => {
      const browser = await signedUp(newEmail());
      await app.deployment.resetCounters();
      for (let at = 0; at < 5; at++) await browser.get("/get-session");
      expect(await app.deployment.counters()).toMatchObject({ httpActions: 5, mutations: 0 });
    });

    test("a rule of the user's own counts a write that it names", async () => {
      const browser = await signedUp(newEmail());
      const statuses: number[] = [];
      for (let at = 0; at < 3; at++)
        statuses.push((await browser.post("/update-user", { name: `Person ${at}` })).status);
      expect(statuses).toEqual([200, 200, 429]);
    });

    test("a path of many letters makes no longer row: old ones are dropped by number", async () => {
      const browser = app.browser();
      const path = `/update-user/${"y".repeat(10_000)}`;
      const [one, two] = [`${path}1`, `${path}2`];
      for (const sent of [one, one, two]) await browser.post(sent);
      const rows = rowsOf(await app.deployment.rows(), app.tables.rateLimit!);
      const keys = rows.map(({ key }) => String(key)).filter((key) => key.includes("yyyy"));
      expect(keys.map((key) => key.length < 300)).toEqual([true, true, true]);
      // They are limits of their own, for all that.
      expect(new Set(keys.map((key) => key.split(" ")[0])).size).toBe(2);
    });
  });
}
