// What users do less often: every endpoint that the other flows do not call, with an input that must succeed.
// Needs the fullest auth.ts (every-plugin.ts), a mailbox, and a provider outside.
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import { PASSWORD, type Answer, type World } from "./world.js";

/** Of the provider, which an app's own flows do not have. */
export type FullWorld = World & {
  /** A code for an account with this address, as if a person had consented. */
  readonly consent: (email: string) => string;
  /** A captcha that is accepted once. */
  readonly captcha: () => string;
};

export type RestFlow = { readonly name: string; readonly run: (world: FullWorld) => Promise<void> };

/** Flows that only an app with every plugin can serve. */
export const REST_FLOWS: readonly RestFlow[] = [
  {
    name: "what needs no input",
    async run({ call }) {
      for (const path of ["/ok", "/error", "/jwks", "/convex/jwks", "/reference"]) await call(path);
      await call("/open-api/generate-schema");
      await call("/convex/.well-known/openid-configuration");
      await call("/passkey/generate-authenticate-options");
      await call("/siwe/get-nonce", { body: {} });
    },
  },
  {
    name: "the rest of an account with a password",
    async run({ call, signUp, lastSent }) {
      const { token: as } = await signUp("rita");
      await call("/verify-password", { as, body: { password: PASSWORD } });
      await call("/update-session", { as, body: { theme: "dark" } });
      await call("/convex/token", { as });
      await call("/request-password-reset", {
        body: { email: "rita@example.com", redirectTo: "/" },
      });
      await call(`/reset-password/${await lastSent()}?callbackURL=%2Freset`);
      await call("/send-verification-email", { body: { email: "unverified-rita@example.com" } });
      await call("/change-email", { as, body: { newEmail: "rita2@example.com" } });
      await call(`/verify-email?token=${await lastSent()}`);
      await call("/delete-user", { as, body: { password: PASSWORD } });
      await call(`/delete-user/callback?token=${await lastSent()}`, { as });
    },
  },
  {
    name: "a verification mail for somebody who is signed out",
    async run({ call, signUp, lastSent }) {
      await signUp("unverified-otto");
      await call("/send-verification-email", { body: { email: "unverified-otto@example.com" } });
      await call(`/verify-email?token=${await lastSent()}`);
    },
  },
  {
    name: "the rest of admin",
    async run({ call, signUp }) {
      const { token: as } = await signUp("root2");
      const { id: userId, token } = await signUp("subject");
      await call(`/admin/get-user?id=${userId}`, { as });
      await call("/admin/has-permission", { as, body: { permissions: { user: ["list"] } } });
      await call("/admin/update-user", { as, body: { userId, data: { name: "Subject" } } });
      await call("/admin/revoke-user-session", { as, body: { sessionToken: token } });
      const signedIn = await call("/sign-in/email", {
        body: { email: "root2@example.com", password: PASSWORD },
      });
      const cookie = cookiesOf(signedIn);
      const changed = await call("/admin/impersonate-user", {
        headers: { cookie },
        body: { userId },
      });
      await call("/admin/stop-impersonating", {
        headers: { cookie: cookiesOf(changed) },
        body: {},
      });
    },
  },
  {
    name: "an anonymous user who goes",
    async run({ call }) {
      const { token: as } = await call("/sign-in/anonymous", { body: {} });
      await call("/delete-anonymous-user", { as, body: {} });
    },
  },
  {
    name: "a device that is denied",
    async run({ call, signUp }) {
      const { token: as } = await signUp("denier");
      const { body: device } = await call("/device/code", { body: { client_id: "tv" } });
      await call(`/device?user_code=${String(device.user_code)}`, { as });
      await call("/device/deny", { as, body: { userCode: device.user_code } });
    },
  },
  {
    name: "codes by mail",
    async run({ call, signUp, lastSent }) {
      const email = "otis@example.com";
      const { token: as } = await signUp("otis");
      const send = (type: string) =>
        call("/email-otp/send-verification-otp", { body: { email, type } });
      await send("email-verification");
      const otp = await lastSent();
      await call("/email-otp/check-verification-otp", {
        body: { email, type: "email-verification", otp },
      });
      await call("/email-otp/verify-email", { body: { email, otp } });
      await call("/email-otp/request-password-reset", { body: { email } });
      await call("/email-otp/reset-password", {
        body: { email, otp: await lastSent(), password: PASSWORD },
      });
      await call("/forget-password/email-otp", { body: { email } });
      const newEmail = "otis2@example.com";
      const again = await call("/sign-in/email", { body: { email, password: PASSWORD } });
      await call("/email-otp/request-email-change", { as: again.token || as, body: { newEmail } });
      await call("/email-otp/change-email", {
        as: again.token || as,
        body: { newEmail, otp: await lastSent() },
      });
    },
  },
  {
    name: "several sessions in one browser",
    async run({ call, signUp }) {
      await signUp("multi");
      const credentials = { email: "multi@example.com", password: PASSWORD };
      const first = await call("/sign-in/email", { body: credentials });
      const headers = { cookie: cookiesOf(first) };
      const sessionToken = String(first.body.token);
      await call("/multi-session/set-active", { headers, body: { sessionToken } });
      await call("/multi-session/revoke", { headers, body: { sessionToken } });
    },
  },
  {
    name: "the rest of organizations",
    async run({ call, signUp }) {
      const { token: as } = await signUp("boss");
      const guest = await signUp("worker");
      const { body: org } = await call("/organization/create", {
        as,
        body: { name: "Rest", slug: "rest" },
      });
      const organizationId = String(org.id);
      const invite = () =>
        call("/organization/invite-member", {
          as,
          body: { email: "worker@example.com", role: "member", organizationId },
        });
      const { body: refused } = await invite();
      await call("/organization/reject-invitation", {
        as: guest.token,
        body: { invitationId: refused.id },
      });
      const { body: accepted } = await invite();
      const { body: joined } = await call("/organization/accept-invitation", {
        as: guest.token,
        body: { invitationId: accepted.id },
      });
      const memberId = (joined.member as { id: string }).id;
      await call(`/organization/get-active-member-role?organizationId=${organizationId}`, { as });
      await call(`/organization/get-organization?organizationId=${organizationId}`, { as });
      await call("/organization/update-member-role", {
        as,
        body: { memberId, role: "admin", organizationId },
      });
      await call("/organization/remove-member", {
        as,
        body: { memberIdOrEmail: memberId, organizationId },
      });
      const { body: key } = await call("/api-key/create", {
        as,
        body: { configId: "organization", organizationId, name: "of the organization" },
      });
      const named = { configId: "organization", keyId: key.id };
      await call(`/api-key/list?organizationId=${organizationId}`, { as });
      await call(`/api-key/get?configId=organization&id=${String(key.id)}`, { as });
      await call("/api-key/update", { as, body: { ...named, name: "renamed" } });
      await call("/api-key/delete", { as, body: named });
    },
  },
  {
    name: "a password behind a phone number",
    async run({ call, lastSent }) {
      const phoneNumber = "+15550199";
      await call("/phone-number/send-otp", { body: { phoneNumber } });
      await call("/phone-number/verify", { body: { phoneNumber, code: await lastSent() } });
      await call("/phone-number/request-password-reset", { body: { phoneNumber } });
      await call("/phone-number/reset-password", {
        body: { phoneNumber, otp: await lastSent(), newPassword: PASSWORD },
      });
      await call("/sign-in/phone-number", { body: { phoneNumber, password: PASSWORD } });
    },
  },
  {
    name: "the page after a checkout",
    async run({ call, signUp }) {
      const { token: as } = await signUp("payer");
      await call(`/subscription/success?callbackURL=${encodeURIComponent("/thanks")}`, { as });
    },
  },
  {
    name: "each second factor",
    async run({ call, signUp, lastSent }) {
      const { token: as } = await signUp("doubly");
      const { body: enabled } = await call("/two-factor/enable", {
        as,
        body: { password: PASSWORD },
      });
      const encoded = new URL(String(enabled.totpURI)).searchParams.get("secret") ?? "";
      const secret = new TextDecoder().decode(base32.decode(encoded));
      const code = () => createOTP(secret).totp();
      const on = await call("/two-factor/verify-totp", { as, body: { code: await code() } });
      const credentials = { email: "doubly@example.com", password: PASSWORD };
      const half = async () => cookiesOf(await call("/sign-in/email", { body: credentials }));
      const byMail = { cookie: await half() };
      await call("/two-factor/send-otp", { headers: byMail, body: {} });
      await call("/two-factor/verify-otp", { headers: byMail, body: { code: await lastSent() } });
      const { body: drawn } = await call("/two-factor/generate-backup-codes", {
        as: on.token || as,
        body: { password: PASSWORD },
      });
      const [backup] = drawn.backupCodes as string[]; // as it answers
      await call("/two-factor/verify-backup-code", {
        headers: { cookie: await half() },
        body: { code: backup },
      });
    },
  },
  {
    name: "the descriptions of SCIM, and a group that is replaced",
    async run({ call }) {
      const headers = {
        authorization: "Bearer a-token-that-only-the-directory-knows-0123456789",
      };
      const lists = ["ResourceTypes", "Schemas"];
      for (const path of ["ServiceProviderConfig", ...lists])
        await call(`/scim/v2/${path}`, { headers });
      await call("/scim/v2/ResourceTypes/User", { headers });
      await call("/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", { headers });
      const type = { "content-type": "application/scim+json" };
      const group = {
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        displayName: "Readers",
        externalId: "g2",
      };
      const { body: made } = await call("/scim/v2/Groups", {
        headers: { ...headers, ...type },
        body: group,
      });
      await call(`/scim/v2/Groups/${String(made.id)}`, {
        headers: { ...headers, ...type },
        body: { ...group, displayName: "Writers" },
        method: "PUT",
      });
    },
  },
];

/** The cookies that an answer sets, as a browser would send them back. */
export function cookiesOf({ headers }: Pick<Answer, "headers">): string {
  return headers
    .getSetCookie()
    .filter((line) => !/max-age=0/i.test(line))
    .map((line) => line.split(";")[0])
    .join("; ");
}
