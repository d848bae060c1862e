// Operations that write several rows, each as a person would go through it.
import { createOTP } from "@better-auth/utils/otp";
import { ORIGIN, type AuthApp, type Browser } from "./auth-app.js";

export type Scenario = {
  readonly name: string;
  /** Of the request that is killed. */
  readonly path: string;
  /** Everything before that request. */
  readonly prepare: (app: AuthApp) => Promise<Prepared>;
};

export type Prepared = {
  readonly act: () => Promise<Response>;
  /** What the person does after a failure that changed nothing. Default: the same again. */
  readonly again?: () => Promise<Response>;
  /** Whether the operation has had its effect, for a person who did not see the answer. */
  readonly isDone: () => Promise<boolean>;
};

export const PASSWORD = "correct horse battery";

let people = 0;
export const newEmail = () => `person${people++}@example.com`;

/** A person with a password, signed in. */
export async function signedUp(
  app: Pick<AuthApp, "browser">,
  email = newEmail(),
): Promise<Browser> {
  const browser = app.browser();
  await ok(browser.post("/sign-up/email", { name: "Person", email, password: PASSWORD }));
  return browser;
}

export const signIn = (app: AuthApp, email: string, password = PASSWORD) =>
  app.browser().post("/sign-in/email", { email, password });

const slugs = () => `org-${people++}`;

export async function ok(response: Promise<Response>): Promise<Record<string, unknown>> {
  const answer = await response;
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>; // every endpoint used here answers an object
}

/** An invitation of a person who is signed in. */
export async function invited(app: AuthApp): Promise<{ guest: Browser; invitationId: string }> {
  const owner = await signedUp(app);
  const email = newEmail();
  const guest = await signedUp(app, email);
  const { id } = await ok(owner.post("/organization/create", { name: "Org", slug: slugs() }));
  await ok(
    owner.post("/organization/invite-member", { organizationId: id, email, role: "member" }),
  );
  return { guest, invitationId: await app.outside.mailed(email) };
}

/** A token to reset a password with, from the mailbox. */
export async function resetToken(app: AuthApp, email: string): Promise<string> {
  await ok(app.browser().post("/request-password-reset", { email, redirectTo: `${ORIGIN}/reset` }));
  return app.outside.mailed(email);
}

/** A person who signs in with a code. */
export async function withTwoFactor(app: AuthApp, email: string) {
  const browser = await signedUp(app, email);
  const { totpURI } = await ok(browser.post("/two-factor/enable", { password: PASSWORD }));
  const encoded = new URL(String(totpURI)).searchParams.get("secret") ?? "";
  const code = () => createOTP(base32(encoded)).totp();
  await ok(browser.post("/two-factor/verify-totp", { code: await code() }));
  return { browser, code };
}

/** Signs in through the provider, up to the answer to the callback. */
async function throughProvider(app: AuthApp, email: string): Promise<() => Promise<Response>> {
  const browser = app.browser();
  const { url } = await ok(
    browser.post("/sign-in/social", { provider: "outside", callbackURL: `${ORIGIN}/home` }),
  );
  const state = new URL(String(url)).searchParams.get("state") ?? "";
  const query = new URLSearchParams({ state, code: app.outside.consent(email) });
  return () => browser.get(`/callback/outside?${query}`);
}

const KINDS = new Set([
  "sign-up",
  "invitation accept",
  "password reset",
  "social callback",
  "delete-user",
]);

export const scenarios: readonly Scenario[] = [
  {
    name: "sign-up",
    path: "/api/auth/sign-up/email",
    prepare: async (app) => {
      const email = newEmail();
      const body = { name: "Person", email, password: PASSWORD };
      return {
        act: () => app.browser().post("/sign-up/email", body),
        isDone: async () => (await signIn(app, email)).ok,
      };
    },
  },
  {
    name: "sign-in",
    path: "/api/auth/sign-in/email",
    prepare: async (app) => {
      const email = newEmail();
      await signedUp(app, email);
      return {
        act: () => signIn(app, email),
        isDone: async () => (await signIn(app, email)).ok,
      };
    },
  },
  {
    name: "organization create",
    path: "/api/auth/organization/create",
    prepare: async (app) => {
      const browser = await signedUp(app);
      const slug = slugs();
      return {
        act: () => browser.post("/organization/create", { name: "Org", slug }),
        isDone: async () =>
          (await (await browser.get("/organization/list")).text()).includes(`"${slug}"`),
      };
    },
  },
  {
    name: "invitation accept",
    path: "/api/auth/organization/accept-invitation",
    prepare: async (app) => {
      const { guest, invitationId } = await invited(app);
      return {
        act: () => guest.post("/organization/accept-invitation", { invitationId }),
        isDone: async () => (await (await guest.get("/organization/list")).text()).includes('"id"'),
      };
    },
  },
  {
    name: "password reset",
    path: "/api/auth/reset-password",
    prepare: async (app) => {
      const email = newEmail();
      await signedUp(app, email);
      const token = await resetToken(app, email);
      const newPassword = "another horse battery";
      return {
        act: () => app.browser().post("/reset-password", { token, newPassword }),
        isDone: async () => (await signIn(app, email, newPassword)).ok,
      };
    },
  },
  {
    name: "two-factor enable",
    path: "/api/auth/two-factor/enable",
    prepare: async (app) => {
      const browser = await signedUp(app);
      const act = () => browser.post("/two-factor/enable", { password: PASSWORD });
      return { act, isDone: async () => (await act()).ok };
    },
  },
  {
    name: "two-factor verify",
    path: "/api/auth/two-factor/verify-totp",
    prepare: async (app) => {
      const email = newEmail();
      const { code } = await withTwoFactor(app, email);
      const browser = app.browser();
      await ok(browser.post("/sign-in/email", { email, password: PASSWORD }));
      return {
        act: async () => browser.post("/two-factor/verify-totp", { code: await code() }),
        isDone: async () => (await signIn(app, email)).ok,
      };
    },
  },
  {
    name: "social callback",
    path: "/api/auth/callback",
    prepare: async (app) => {
      const email = newEmail();
      const again = async () => (await throughProvider(app, email))();
      return {
        act: await throughProvider(app, email),
        again,
        isDone: async () => (await again()).headers.get("location") === `${ORIGIN}/home`,
      };
    },
  },
  {
    name: "delete-user",
    path: "/api/auth/delete-user",
    prepare: async (app) => {
      const email = newEmail();
      const { browser } = await withTwoFactor(app, email);
      await ok(browser.post("/organization/create", { name: "Org", slug: slugs() }));
      return {
        act: () => browser.post("/delete-user", { password: PASSWORD }),
        isDone: async () => (await signIn(app, email)).status === 401,
      };
    },
  },
];

/**
 * One of each kind: one that inserts, one that inserts and updates, one that updates and deletes, one that waits for
 * another server in between, and one that deletes.
 */
export const kinds = scenarios.filter(({ name }) => KINDS.has(name));

// --- internal ---

/** Otp secrets travel in base32. */
function base32(encoded: string): string {
  const bits = [...encoded.replace(/=+$/, "")]
    .map((letter) =>
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
    )
    .join("");
  const bytes = bits.match(/.{8}/g) ?? [];
  return String.fromCharCode(...bytes.map((byte) => parseInt(byte, 2)));
}
