// Whom a request names, as limits count it: what else its body holds must not change that.
import { phoneNumber, username } from "better-auth/plugins";
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE, type HttpApp } from "../support/http-app.js";

const ADA = { ...credentials, username: "ada" };

function limited(): HttpApp {
  return createHttpApp({
    options: {
      emailAndPassword: {
        enabled: true,
        password: {
          hash: async (password) => `hash of ${password}`,
          verify: async ({ hash, password }) => hash === `hash of ${password}`,
        },
      },
      rateLimit: { enabled: true, storage: "database" },
      plugins: [username(), phoneNumber({ sendOTP: () => {} })],
    },
  });
}

const post = (app: HttpApp, path: string, body: object, from: string) =>
  app.fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE, "x-forwarded-for": from },
    body: JSON.stringify(body),
  });

async function statusesOf(count: number, send: (at: number) => Promise<Response>) {
  const statuses: number[] = [];
  for (let at = 0; at < count; at++) statuses.push((await send(at)).status);
  return statuses;
}

test("a name without an account is limited like one with an account, whatever else the body names", async () => {
  const app = limited();
  expect((await post(app, "/sign-up/email", ADA, "10.0.0.1")).status).toBe(200);
  const guess = (name: string) =>
    statusesOf(12, (at) => {
      const body = { username: name, password: "wrong guess", email: `${at}@example.com` };
      return post(app, "/sign-in/username", body, `10.0.1.${at}`);
    });
  const ofAccount = await guess(ADA.username);
  expect(ofAccount).toEqual([...Array<number>(10).fill(401), 429, 429]);
  expect(await guess("ghost")).toEqual(ofAccount);
});

test("a name that has no tries left tells nothing about another name beside it", async () => {
  const app = limited();
  expect((await post(app, "/sign-up/email", ADA, "10.0.0.1")).status).toBe(200);
  const guess = (email: string, from: string) => {
    const body = { email, password: "wrong guess", username: "spent" };
    return post(app, "/sign-in/email", body, from);
  };
  await statusesOf(12, (at) => guess(`${at}@example.com`, `10.0.1.${at}`));
  expect((await guess("ghost@example.com", "10.0.2.1")).status).toBe(401);
  expect((await guess(ADA.email, "10.0.2.2")).status).toBe(401);
});
