// What users do with better-auth and its plugins, call by call.
import type { BetterAuthOptions } from "better-auth";
import * as plugins from "better-auth/plugins";
import { PLUGINS } from "../plugin-matrix.js";
import { statements } from "./roles.js";
import { ORIGIN, PASSWORD, type Flow } from "./world.js";

const plugin = (name: string): BetterAuthOptions["plugins"] => {
  const make = PLUGINS[name];
  if (!make) throw new Error(`no plugin ${name}`);
  return [make()];
};

/** A message to sign, as EIP-4361 has it. */
function siweMessage(nonce: string): string {
  return [
    "example.com wants you to sign in with your Ethereum account:",
    "0x000000000000000000000000000000000000dEaD",
    "",
    `URI: ${ORIGIN}`,
    "Version: 1",
    "Chain ID: 1",
    `Nonce: ${nonce}`,
    `Issued At: ${new Date().toISOString()}`,
  ].join("\n");
}

/** Flows of better-auth itself. */
export const CORE_FLOWS: readonly Flow[] = [
  {
    name: "email and password",
    options: () => ({
      rateLimit: {
        enabled: true,
        storage: "database" as const,
        customRules: { "/**": { window: 10, max: 1000 } },
      },
    }),
    queries: ["user", "session", "account", "verification", "rateLimit"],
    async run({ call, signUp, lastSent }) {
      const { token } = await signUp("ada");
      const body = { email: "ada@example.com", password: PASSWORD };
      await call("/sign-in/email", { body });
      await call("/get-session", { as: token });
      await call("/list-sessions", { as: token });
      await call("/list-accounts", { as: token });
      await call("/update-user", { as: token, body: { name: "Ada" } });
      await call("/change-password", {
        as: token,
        body: { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` },
      });
      await call("/request-password-reset", {
        body: { email: "ada@example.com", redirectTo: "/" },
      });
      await call("/reset-password", { body: { token: await lastSent(), newPassword: PASSWORD } });
      await call("/revoke-other-sessions", { as: token, body: {} });
      const fresh = await call("/sign-in/email", { body });
      await call("/revoke-sessions", { as: fresh.token, body: {} });
      const last = await call("/sign-in/email", { body });
      await call("/sign-out", { as: last.token, body: {} });
      const leaving = await call("/sign-in/email", { body });
      await call("/delete-user", { as: leaving.token, body: { password: PASSWORD } });
    },
  },
  {
    name: "admin",
    options: () => ({
      plugins: [plugins.admin()],
      databaseHooks: {
        user: { create: { before: async (user) => ({ data: { ...user, role: "admin" } }) } },
      },
    }),
    queries: ["user", "session", "account"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("root");
      const made = await call("/admin/create-user", {
        as,
        body: { name: "bob", email: "bob@example.com", password: PASSWORD },
      });
      const userId = (made.body.user as { id: string }).id;
      await call("/admin/list-users?limit=10&sortBy=createdAt&sortDirection=desc", { as });
      await call("/admin/list-users?searchValue=bo&searchField=name", { as });
      await call("/admin/list-users?sortBy=email&limit=5&offset=1", { as });
      await call("/admin/set-role", { as, body: { userId, role: "user" } });
      await call("/admin/set-user-password", { as, body: { userId, newPassword: PASSWORD } });
      await call("/admin/ban-user", { as, body: { userId } });
      await call("/admin/unban-user", { as, body: { userId } });
      await call("/admin/impersonate-user", { as, body: { userId } });
      await call("/admin/list-user-sessions", { as, body: { userId } });
      await call("/admin/revoke-user-sessions", { as, body: { userId } });
      await call("/admin/remove-user", { as, body: { userId } });
    },
  },
  {
    name: "organization with teams and dynamic roles",
    options: () => ({
      databaseHooks: {
        user: { create: { before: async (user) => ({ data: { ...user, emailVerified: true } }) } },
      },
      plugins: [
        plugins.organization({
          teams: { enabled: true },
          ac: plugins.createAccessControl(statements),
          dynamicAccessControl: { enabled: true },
        }),
      ],
    }),
    queries: ["organization", "member", "invitation", "team", "teamMember", "organizationRole"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("owner");
      const guest = await signUp("guest");
      const { body: org } = await call("/organization/create", {
        as,
        body: { name: "Acme", slug: "acme" },
      });
      const organizationId = org.id;
      await call("/organization/check-slug", { as, body: { slug: "other" } });
      await call("/organization/set-active", { as, body: { organizationId } });
      await call("/organization/list", { as });
      await call("/organization/get-full-organization?organizationSlug=acme", { as });
      await call("/organization/update", {
        as,
        body: { data: { name: "Acme 2" }, organizationId },
      });
      const invite = (email: string) =>
        call("/organization/invite-member", {
          as,
          body: { email, role: "member", organizationId },
        });
      const first = await invite("guest@example.com");
      await call(`/organization/get-invitation?id=${String(first.body.id)}`, { as: guest.token });
      await call("/organization/list-user-invitations", { as: guest.token });
      await call("/organization/accept-invitation", {
        as: guest.token,
        body: { invitationId: first.body.id },
      });
      const second = await invite("nobody@example.com");
      await call("/organization/list-invitations", { as });
      await call("/organization/cancel-invitation", { as, body: { invitationId: second.body.id } });
      await call("/organization/list-members?limit=10", { as });
      await call("/organization/get-active-member", { as });
      await call("/organization/has-permission", {
        as,
        body: { permissions: { member: ["update"] } },
      });
      const { body: team } = await call("/organization/create-team", {
        as,
        body: { name: "red", organizationId },
      });
      await call("/organization/add-team-member", {
        as,
        body: { teamId: team.id, userId: guest.id },
      });
      await call("/organization/list-teams", { as });
      await call("/organization/set-active-team", { as: guest.token, body: { teamId: team.id } });
      await call("/organization/list-user-teams", { as: guest.token });
      await call(`/organization/list-team-members?teamId=${String(team.id)}`, { as: guest.token });
      await call("/organization/update-team", {
        as,
        body: { teamId: team.id, data: { name: "blue" } },
      });
      await call("/organization/remove-team-member", {
        as,
        body: { teamId: team.id, userId: guest.id },
      });
      await call("/organization/remove-team", { as, body: { teamId: team.id, organizationId } });
      const role = { role: "editor", permission: { member: ["update"] } };
      await call("/organization/create-role", { as, body: role });
      await call("/organization/list-roles", { as });
      await call("/organization/get-role?roleName=editor", { as });
      await call("/organization/update-role", {
        as,
        body: { roleName: "editor", data: { permission: { member: ["create"] } } },
      });
      await call("/organization/delete-role", { as, body: { roleName: "editor" } });
      await call("/organization/leave", { as: guest.token, body: { organizationId } });
      await call("/organization/delete", { as, body: { organizationId } });
    },
  },
  {
    name: "api keys",
    options: () => ({ plugins: plugin("apiKey") ?? [] }),
    queries: ["apikey"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("dev");
      const { body: key } = await call("/api-key/create", { as, body: { name: "ci" } });
      await call(`/api-key/get?id=${String(key.id)}`, { as });
      await call("/api-key/list?limit=10&sortBy=createdAt", { as });
      await call("/api-key/update", { as, body: { keyId: key.id, name: "cd" } });
      await call("/api-key/delete", { as, body: { keyId: key.id } });
    },
  },
  {
    name: "two-factor",
    options: () => ({ plugins: plugin("twoFactor") ?? [] }),
    queries: ["twoFactor"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("careful");
      await call("/two-factor/enable", { as, body: { password: PASSWORD } });
      await call("/two-factor/get-totp-uri", { as, body: { password: PASSWORD } });
      await call("/two-factor/disable", { as, body: { password: PASSWORD } });
    },
  },
  {
    name: "username, phone number and email codes",
    options: (sent) => ({
      plugins: [
        plugins.username(),
        plugins.phoneNumber({
          sendOTP: ({ code }) => void sent.push(code),
          signUpOnVerification: { getTempEmail: (phone) => `${phone}@example.com` },
        }),
        plugins.emailOTP({ sendVerificationOTP: async ({ otp }) => void sent.push(otp) }),
        plugins.magicLink({ sendMagicLink: async ({ token }) => void sent.push(token) }),
      ],
    }),
    queries: ["user", "verification"],
    async run({ call, lastSent }) {
      const body = { name: "n", email: "n@example.com", password: PASSWORD, username: "nick" };
      await call("/sign-up/email", { body });
      await call("/sign-in/username", { body: { username: "nick", password: PASSWORD } });
      await call("/is-username-available", { body: { username: "other" } });
      const phoneNumber = "+15550100";
      await call("/phone-number/send-otp", { body: { phoneNumber } });
      await call("/phone-number/verify", { body: { phoneNumber, code: await lastSent() } });
      await call("/email-otp/send-verification-otp", {
        body: { email: "n@example.com", type: "sign-in" },
      });
      await call("/sign-in/email-otp", { body: { email: "n@example.com", otp: await lastSent() } });
      await call("/sign-in/magic-link", { body: { email: "n@example.com" } });
      await call(`/magic-link/verify?token=${await lastSent()}`);
    },
  },
  {
    name: "devices, wallets, passkeys and anonymous users",
    options: () => ({
      plugins: [
        plugins.siwe({
          domain: "example.com",
          getNonce: async () => "abcdefgh12345678",
          verifyMessage: async () => true,
        }),
        ...["deviceAuthorization", "passkey", "anonymous", "jwt"].flatMap(
          (name) => plugin(name) ?? [],
        ),
      ],
    }),
    queries: ["deviceCode", "passkey", "jwks", "walletAddress"],
    async run({ call, signUp }) {
      const { token: as } = await signUp("tv");
      const { body: device } = await call("/device/code", { body: { client_id: "tv" } });
      await call(`/device?user_code=${String(device.user_code)}`, { as });
      await call("/device/approve", { as, body: { userCode: device.user_code } });
      await call("/device/token", {
        body: {
          grant_type: "urn:ietf:params:oauth:grant-type:device_code",
          device_code: device.device_code,
          client_id: "tv",
        },
      });
      await call("/passkey/generate-register-options", { as });
      await call("/passkey/list-user-passkeys", { as });
      await call("/sign-in/anonymous", { body: {} });
      await call("/token", { as });
      const { body: drawn } = await call("/siwe/nonce", { body: {} });
      const message = siweMessage(String(drawn.nonce));
      await call("/siwe/verify", { body: { message, signature: "0xsigned" } });
    },
  },
  {
    name: "a verified address, one-time tokens and several sessions",
    options: (sent) => ({
      emailVerification: { sendVerificationEmail: async ({ token }) => void sent.push(token) },
      plugins: [plugins.multiSession(), plugins.oneTimeToken()],
    }),
    queries: ["user", "session", "verification"],
    async run({ call, signUp, lastSent }) {
      const { token: as } = await signUp("unverified");
      await call("/send-verification-email", { as, body: { email: "unverified@example.com" } });
      await call(`/verify-email?token=${await lastSent()}`);
      await call("/multi-session/list-device-sessions", { as });
      const { body: drawn } = await call("/one-time-token/generate", { as });
      const { body: redeemed } = await call("/one-time-token/verify", {
        body: { token: drawn.token },
      });
      const { session } = redeemed as { session: { token: string } }; // what it answers
      await call("/revoke-session", { as, body: { token: session.token } });
    },
  },
];
