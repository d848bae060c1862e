// Every operation of the core and of the common plugins, once among ten rows of others and once among ten
// thousand: what it reads must not depend on them.
import { apiKey } from "@better-auth/api-key";
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import { betterAuth } from "better-auth";
import { admin, multiSession, organization, twoFactor, username } from "better-auth/plugins";
import type { AccessControl } from "better-auth/plugins/access";
import { defaultAc } from "better-auth/plugins/organization/access";
import { describe, expect, it } from "vitest";
import { authAdapter } from "../../../src/adapter/adapter.js";
import { authDb, sample } from "../../support/auth-db.js";

const ORIGIN = "http://127.0.0.1:3000";
const PASSWORD = "password 1";

function createApp() {
  const sent: Record<string, string> = {};
  const options = {
    baseURL: ORIGIN,
    secret: "a secret for tests only, long enough",
    emailAndPassword: {
      enabled: true,
      sendResetPassword: async ({ token }: { token: string }) => void (sent["reset"] = token),
      // scrypt is not what is tested here.
      password: {
        hash: async (password: string) => `hash of ${password}`,
        verify: async ({ hash, password }: { hash: string; password: string }) =>
          hash === `hash of ${password}`,
      },
    },
    emailVerification: {
      sendVerificationEmail: async ({ token }: { token: string }) => void (sent["verify"] = token),
    },
    user: { deleteUser: { enabled: true }, changeEmail: { enabled: true } },
    rateLimit: { enabled: false },
    plugins: [
      organization({
        ac: defaultAc as unknown as AccessControl, // Better Auth's own, narrower than its option

        teams: { enabled: true },
        dynamicAccessControl: { enabled: true },
      }),
      admin(),
      twoFactor(),
      username(),
      multiSession(),
      apiKey(),
    ],
    advanced: { database: { joins: true } },
  };
  const db = authDb(options);
  const { store, tables } = db;
  const database = authAdapter({ tables, stores: { app: store, component: store } });
  return { ...db, sent, auth: betterAuth({ ...options, database }) };
}

type App = ReturnType<typeof createApp>;

/** Rows of other people in every table, straight into the database. */
async function fill({ db }: App, rows: number): Promise<void> {
  const times = { createdAt: 1, updatedAt: 1 };
  for (let at = 0; at < rows; at++) {
    const user = await db.insert("user", sample.user({ name: `Other ${at}`, username: `o-${at}` }));
    const organizationId = await db.insert("organization", {
      name: "Other",
      slug: `other-${at}`,
      createdAt: 1,
    });
    const ofBoth = { userId: user, organizationId, createdAt: 1 };
    await db.insert("session", sample.session(user, { expiresAt: 9e15 }));
    await db.insert("account", sample.account(user));
    await db.insert("member", { ...ofBoth, role: "member" });
    const teamId = await db.insert("team", { name: "T", organizationId, createdAt: 1 });
    await db.insert("teamMember", { teamId, userId: user, createdAt: 1 });
    await db.insert("organizationRole", {
      organizationId,
      role: "r",
      permission: "{}",
      createdAt: 1,
    });
    await db.insert("invitation", {
      organizationId,
      inviterId: user,
      email: `o-${at}@example.com`,
      role: "member",
      status: "pending",
      expiresAt: 9e15,
      createdAt: 1,
    });
    await db.insert("twoFactor", { userId: user, secret: "s", backupCodes: "[]", verified: true });
    await db.insert("apikey", { key: `k-${at}`, referenceId: user, configId: "default", ...times });
    const verification = { identifier: `i-${at}`, value: "v", expiresAt: 9e15, ...times };
    await db.insert("verification", verification);
  }
}

/** Sends as one browser, and notes what each request reads. */
function createBrowser(app: App, costs: Record<string, number>) {
  const cookies = new Map<string, string>();
  return async (path: string, body?: object): Promise<Record<string, unknown>> => {
    app.reset();
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await app.auth.handler(
      new Request(`${ORIGIN}/api/auth${path}`, {
        method: body ? "POST" : "GET",
        headers: { "content-type": "application/json", origin: ORIGIN, cookie },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
    const operation = path.split("?")[0] ?? "";
    costs[operation] = Math.max(costs[operation] ?? 0, app.counts.documents);
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (/max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const text = await response.text();
    if (response.status >= 400) throw new Error(`${path}: ${response.status} ${text}`);
    return (JSON.parse(text || "null") ?? {}) as Record<string, unknown>;
  };
}

type Send = ReturnType<typeof createBrowser>;

/** What each operation reads among that many rows of others. */
async function costsAmong(rows: number): Promise<Record<string, number>> {
  const app = createApp();
  await fill(app, rows);
  const costs: Record<string, number> = {};
  const ada = createBrowser(app, costs);
  const bob = createBrowser(app, costs);
  await useCore(app, ada);
  await bob("/sign-up/email", { name: "Bob", email: "bob@x.test", password: PASSWORD });
  await bob("/send-verification-email", { email: "bob@x.test" });
  await bob(`/verify-email?token=${app.sent["verify"]}`);
  await useOrganization(ada, bob);
  await useTeams(ada, bob);
  await useApiKeys(app, ada);
  await useAdmin(app, { ada, bob });
  await useTwoFactor(bob);
  await ada("/sign-out", {});
  return costs;
}

async function useCore({ sent }: App, ada: Send): Promise<void> {
  const email = "ada@x.test";
  await ada("/sign-up/email", { name: "Ada", email, password: PASSWORD, username: "ada" });
  await ada("/sign-in/email", { email, password: PASSWORD });
  await ada("/sign-in/username", { username: "ada", password: PASSWORD });
  await ada("/is-username-available", { username: "eve" });
  await ada("/get-session");
  await ada("/list-sessions");
  await ada("/list-accounts");
  await ada("/multi-session/list-device-sessions");
  await ada("/update-user", { name: "Ada L." });
  await ada("/change-password", { currentPassword: PASSWORD, newPassword: PASSWORD });
  await ada("/send-verification-email", { email });
  await ada(`/verify-email?token=${sent["verify"]}`);
  await ada("/request-password-reset", { email });
  await ada("/reset-password", { token: sent["reset"], newPassword: PASSWORD });
  await ada("/revoke-other-sessions", {});
  await ada("/sign-in/email", { email, password: PASSWORD });
}

async function useOrganization(ada: Send, bob: Send): Promise<void> {
  await ada("/organization/check-slug", { slug: "acme" });
  const { id: organizationId } = await ada("/organization/create", { name: "Acme", slug: "acme" });
  await ada("/organization/update", { organizationId, data: { name: "Acme Inc." } });
  const invite = { email: "bob@x.test", role: "member", organizationId };
  const { id: invitationId } = await ada("/organization/invite-member", invite);
  await ada("/organization/list-invitations");
  await bob("/organization/list-user-invitations");
  await bob(`/organization/get-invitation?id=${String(invitationId)}`);
  await bob("/organization/accept-invitation", { invitationId });
  await bob("/organization/set-active", { organizationId });
  await ada("/organization/list");
  await ada("/organization/get-full-organization");
  await ada("/organization/list-members?sortBy=createdAt&limit=10");
  await ada("/organization/get-active-member");
  await ada("/organization/get-active-member-role");
  await ada("/organization/has-permission", { permissions: { invitation: ["create"] } });
  const permission = { invitation: ["create"] };
  await ada("/organization/create-role", { role: "helper", permission });
  await ada("/organization/list-roles");
  await ada("/organization/delete-role", { roleName: "helper" });
}

async function useTeams(ada: Send, bob: Send): Promise<void> {
  const { id: teamId } = await ada("/organization/create-team", { name: "Core" });
  await ada("/organization/list-teams");
  const { id: userId } = ((await bob("/get-session")) as { user: { id: string } }).user;
  await ada("/organization/add-team-member", { teamId, userId });
  await bob("/organization/set-active-team", { teamId });
  await bob("/organization/list-team-members");
  await bob("/organization/list-user-teams");
  await ada("/organization/remove-team-member", { teamId, userId });
  await ada("/organization/remove-team", { teamId });
  await ada("/organization/remove-member", { memberIdOrEmail: "bob@x.test" });
  const { organizationId } = await ada("/organization/get-active-member");
  await ada("/organization/delete", { organizationId });
}

async function useApiKeys(app: App, ada: Send): Promise<void> {
  const { id: keyId, key } = await ada("/api-key/create", { name: "ci" });
  await ada("/api-key/list");
  await ada(`/api-key/get?id=${String(keyId)}`);
  await ada("/api-key/update", { keyId, name: "CI" });
  const { valid } = await app.auth.api.verifyApiKey({ body: { key: String(key) } });
  expect(valid).toBe(true);
  await ada("/api-key/delete", { keyId });
}

async function useAdmin({ store }: App, { ada, bob }: Record<"ada" | "bob", Send>): Promise<void> {
  const where = [{ column: "email", value: "ada@x.test" }];
  await store.update({ model: "user", where, data: { role: "admin" } });
  const { id: userId } = ((await bob("/get-session")) as { user: { id: string } }).user;
  await ada("/admin/list-users?limit=10&filterField=email&filterValue=bob@x.test");
  await ada(`/admin/get-user?id=${userId}`);
  await ada("/admin/set-role", { userId, role: "user" });
  await ada("/admin/list-user-sessions", { userId });
  await ada("/admin/ban-user", { userId });
  await ada("/admin/unban-user", { userId });
  await ada("/admin/impersonate-user", { userId });
  await ada("/admin/stop-impersonating", {});
  await ada("/admin/set-user-password", { userId, newPassword: PASSWORD });
  const carl = { email: "carl@x.test", password: PASSWORD, name: "Carl" };
  const { user } = (await ada("/admin/create-user", carl)) as { user: { id: string } };
  await ada("/admin/revoke-user-sessions", { userId: user.id });
  await ada("/admin/remove-user", { userId: user.id });
}

async function useTwoFactor(bob: Send): Promise<void> {
  await bob("/sign-in/email", { email: "bob@x.test", password: PASSWORD });
  const { totpURI } = await bob("/two-factor/enable", { password: PASSWORD });
  const secret = new URL(String(totpURI)).searchParams.get("secret") ?? "";
  const otp = createOTP(new TextDecoder().decode(base32.decode(secret)));
  await bob("/two-factor/verify-totp", { code: await otp.totp() });
  await bob("/two-factor/get-totp-uri", { password: PASSWORD });
  const { backupCodes } = (await bob("/two-factor/generate-backup-codes", {
    password: PASSWORD,
  })) as { backupCodes: string[] };
  await bob("/sign-out", {});
  await bob("/sign-in/email", { email: "bob@x.test", password: PASSWORD });
  await bob("/two-factor/verify-backup-code", { code: backupCodes[0] });
  await bob("/two-factor/disable", { password: PASSWORD });
  await bob("/delete-user", { password: PASSWORD });
}

describe("what an operation reads", () => {
  it("does not grow with the tables", { timeout: 600_000 }, async () => {
    const among10 = await costsAmong(10);
    expect(await costsAmong(10_000)).toEqual(among10);
    expect(among10).toMatchInlineSnapshot(`
      {
        "/admin/ban-user": 6,
        "/admin/create-user": 2,
        "/admin/get-user": 3,
        "/admin/impersonate-user": 6,
        "/admin/list-user-sessions": 3,
        "/admin/list-users": 4,
        "/admin/remove-user": 7,
        "/admin/revoke-user-sessions": 2,
        "/admin/set-role": 4,
        "/admin/set-user-password": 5,
        "/admin/stop-impersonating": 7,
        "/admin/unban-user": 4,
        "/api-key/create": 2,
        "/api-key/delete": 4,
        "/api-key/get": 3,
        "/api-key/list": 4,
        "/api-key/update": 4,
        "/change-password": 4,
        "/delete-user": 9,
        "/get-session": 2,
        "/is-username-available": 0,
        "/list-accounts": 3,
        "/list-sessions": 3,
        "/multi-session/list-device-sessions": 2,
        "/organization/accept-invitation": 7,
        "/organization/add-team-member": 11,
        "/organization/check-slug": 2,
        "/organization/create": 6,
        "/organization/create-role": 3,
        "/organization/create-team": 6,
        "/organization/delete": 11,
        "/organization/delete-role": 8,
        "/organization/get-active-member": 4,
        "/organization/get-active-member-role": 4,
        "/organization/get-full-organization": 10,
        "/organization/get-invitation": 6,
        "/organization/has-permission": 4,
        "/organization/invite-member": 6,
        "/organization/list": 4,
        "/organization/list-invitations": 5,
        "/organization/list-members": 10,
        "/organization/list-roles": 5,
        "/organization/list-team-members": 6,
        "/organization/list-teams": 6,
        "/organization/list-user-invitations": 4,
        "/organization/list-user-teams": 5,
        "/organization/remove-member": 10,
        "/organization/remove-team": 9,
        "/organization/remove-team-member": 12,
        "/organization/set-active": 5,
        "/organization/set-active-team": 5,
        "/organization/update": 5,
        "/request-password-reset": 2,
        "/reset-password": 7,
        "/revoke-other-sessions": 3,
        "/send-verification-email": 2,
        "/sign-in/email": 7,
        "/sign-in/username": 7,
        "/sign-out": 5,
        "/sign-up/email": 1,
        "/two-factor/disable": 8,
        "/two-factor/enable": 5,
        "/two-factor/generate-backup-codes": 5,
        "/two-factor/get-totp-uri": 4,
        "/two-factor/verify-backup-code": 12,
        "/two-factor/verify-totp": 8,
        "/update-user": 3,
        "/verify-email": 2,
      }
    `);
  });
});
