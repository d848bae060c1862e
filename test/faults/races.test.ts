// Two requests at the same time for what only one may have: one gets it, the other a clean refusal.
// Transactions run at once here and conflict as on Convex, so a lost race is one that was really run.
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAuthApp, type AuthApp } from "./support/auth-app.js";
import { orphansIn } from "./support/orphans.js";
import { invited, newEmail, ok, PASSWORD, resetToken, signedUp } from "./support/scenarios.js";

const ROUNDS = 4;

let app: AuthApp;

beforeAll(async () => {
  app = await startAuthApp();
});
afterAll(() => app?.stop());

type Race = {
  /** Two requests, not sent yet. */
  readonly runners: () => Promise<readonly [() => Promise<Response>, () => Promise<Response>]>;
  readonly refused: number;
};

const races: [string, Race][] = [
  [
    "sign-ups with one address",
    {
      runners: async () => {
        const body = { name: "Person", email: newEmail(), password: PASSWORD };
        const signUp = () => app.browser().post("/sign-up/email", body);
        return [signUp, signUp];
      },
      refused: 422,
    },
  ],
  [
    "uses of one reset token",
    {
      runners: async () => {
        const email = newEmail();
        await signedUp(app, email);
        const token = await resetToken(app, email);
        const use = (newPassword: string) => () =>
          app.browser().post("/reset-password", { token, newPassword });
        return [use("first new password"), use("second new password")];
      },
      refused: 400,
    },
  ],
  [
    "acceptances of one invitation",
    {
      runners: async () => {
        const { guest, invitationId } = await invited(app);
        const accept = () => guest.post("/organization/accept-invitation", { invitationId });
        return [accept, accept];
      },
      refused: 400,
    },
  ],
  [
    "organizations with one slug",
    {
      runners: async () => {
        const owners = [await signedUp(app), await signedUp(app)] as const;
        const slug = newEmail().split("@")[0];
        const [one, other] = owners.map(
          (owner) => () => owner.post("/organization/create", { name: "Org", slug }),
        );
        return [one!, other!];
      },
      refused: 400,
    },
  ],
  [
    "requests where one is left before the limit",
    {
      runners: async () => {
        const browser = await signedUp(app);
        const list = () => browser.get("/organization/list");
        for (let used = 0; used < 2; used++) await (await list()).text();
        return [list, list];
      },
      refused: 429,
    },
  ],
];

describe.each(races)("two %s", (_name, { runners, refused }) => {
  test(`exactly one is answered, the other refused with ${refused}`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [one, other] = await runners();
      const answers = await Promise.all([one(), other()]);
      const statuses = answers.map(({ status }) => status).sort();
      const texts = await Promise.all(answers.map((answer) => answer.text()));
      expect(statuses, texts.join("\n")).toEqual([200, refused]);
    }
    expect(orphansIn(await app.deployment.rows(), app.tables)).toEqual([]);
  });
});

test("the races met conflicts, and were run again", async () => {
  expect((await app.deployment.counters()).conflicts).toBeGreaterThan(0);
});

test("many requests of one client at once are all answered", async () => {
  const browser = await signedUp(app);
  const answers = await Promise.all(
    Array.from({ length: 24 }, () => browser.post("/update-user", { name: "Other" })),
  );
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(
    answers.map(({ status }) => status).filter((status) => status !== 200),
    texts.join("\n"),
  ).toEqual([]);
});

test("two first sign-ins make one key", async () => {
  const { deployment, browser } = await app.elsewhere();
  try {
    const people = await Promise.all([signedUp({ browser }), signedUp({ browser })]);
    const answers = await Promise.all(people.map((person) => ok(person.get("/convex/token"))));
    const [one, other] = answers.map(({ token }) => decodeProtectedHeader(String(token)).kid);
    expect(one).toBe(other);
    const { keys } = await ok(browser().get("/convex/jwks"));
    expect(keys).toEqual([expect.objectContaining({ kid: one })]);
  } finally {
    await deployment.stop();
  }
});
