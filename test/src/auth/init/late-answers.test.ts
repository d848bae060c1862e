// A request that turns out to need what `init` fetches starts again with the answer. What it has done outside before
// is the same then: time and random bytes do not depend on `init`.
import { genericOAuth } from "better-auth/plugins";
import type { BetterAuthPlugin } from "better-auth";
import { afterEach, expect, test, vi } from "vitest";
import { convex } from "../../../../src/auth/index.js";
import { createHttpApp, credentials, provider } from "../support/http-app.js";

const IDP = "https://idp.test";

afterEach(() => void vi.unstubAllGlobals());

/** Draws as many random bytes as its provider says. */
const drawing: BetterAuthPlugin = {
  id: "drawing",
  init: async () => {
    const answer = await fetch(`${IDP}/size`).catch(() => undefined);
    if (answer)
      crypto.getRandomValues(new Uint8Array(((await answer.json()) as { size: number }).size));
  },
};
const discovering = genericOAuth({
  config: [{ providerId: "idp", clientId: "client", discoveryUrl: `${IDP}/discovery` }],
});

test.each([
  { name: "time", plugin: discovering },
  { name: "random bytes", plugin: drawing },
])("a call before a hook that fails is made once: $name", async ({ plugin }) => {
  const leads: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    if (request.url.endsWith("/lead")) leads.push(await request.text());
    else await new Promise((resolve) => setTimeout(resolve, 20));
    return Response.json({ size: 7, authorization_endpoint: IDP, token_endpoint: IDP });
  });
  const app = createHttpApp({
    options: {
      plugins: [convex({ authConfig: { providers: [provider] } }), plugin],
      databaseHooks: {
        user: {
          create: {
            before: async ({ email }: { email: string }) => {
              const body = JSON.stringify({ email, at: Date.now(), key: crypto.randomUUID() });
              await fetch("https://crm.test/lead", { method: "POST", body });
            },
          },
        },
        session: { create: { before: () => Promise.reject(new Error("a hook that fails")) } },
      },
    },
  });
  const answer = await app.post("/sign-up/email", credentials);
  expect(answer.status).toBe(500);
  expect(leads).toHaveLength(1);
});
