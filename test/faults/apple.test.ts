// Sign in with Apple with a client secret that is signed while Better Auth starts, so in every request. The runtime of
// the stand-in refuses such a signature in queries and mutations, as Convex does.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startAuthApp, type AuthApp } from "./support/auth-app.js";

const AUTH = `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

const jwk = {
  kty: "EC",
  crv: "P-256",
  x: "I-mIUzHCzaKzLlkOM4qLhzX6zQp2eZZwKbvXOyDeAtc",
  y: "N7I9WewWN_XxMnCHXE_MhQsrdtIypUZyBTcYARqI3x8",
  d: "nJ2K-EvYKrQjrfRdvJkn6dXdZV3HLC-BqVxEaCjxPEU",
};

async function clientSecret() {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]);
  const text = new TextEncoder().encode("header.claims");
  const bytes = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, text);
  return "header.claims." + btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  socialProviders: {
    apple: async () => ({ clientId: "com.example.app", clientSecret: await clientSecret() }),
  },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })],
  telemetry: { enabled: false },
}));
`;

let app: AuthApp;

beforeAll(async () => {
  app = await startAuthApp("split", AUTH);
});
afterAll(() => app?.stop());

test("people sign up, and sign in with Apple", async () => {
  const browser = app.browser();
  const body = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
  const up = await browser.post("/sign-up/email", body);
  const callbackURL = "http://localhost:3000/home";
  const begun = await browser.post("/sign-in/social", { provider: "apple", callbackURL });
  expect([up.status, begun.status]).toEqual([200, 200]);
});
