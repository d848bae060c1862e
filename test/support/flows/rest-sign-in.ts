// Other ways in than a password: a provider's accounts, a preview's through its production, and passkeys.
// Needs the fullest auth.ts (every-plugin.ts) and a provider outside.
import { createAuthenticator } from "./authenticator.js";
import { cookiesOf, type RestFlow } from "./rest.js";
import { ORIGIN, type Answer } from "./world.js";

export const SIGN_IN_FLOWS: readonly RestFlow[] = [
  {
    name: "accounts of a provider",
    async run({ call, signUp, consent, captcha }) {
      const social = (path: string, as?: string) =>
        call(path, {
          ...(as !== undefined && { as }),
          headers: { "x-captcha-response": captcha(), "x-skip-oauth-proxy": "1" },
          body: { provider: "outside", callbackURL: "/home", disableRedirect: true },
        });
      const back = (asked: Answer, email: string) => {
        const state = new URL(String(asked.body.url)).searchParams.get("state") ?? "";
        const query = new URLSearchParams({ state, code: consent(email) });
        return call(`/callback/outside?${query}`, { headers: { cookie: cookiesOf(asked) } });
      };
      const arrived = await back(await social("/sign-in/social"), "pia@example.com");
      const as = arrived.token;
      const { body: list } = await call("/list-accounts", { as });
      const accountId = (list as unknown as { id: string }[])[0]?.id; // a list
      await call("/get-access-token", { as, body: { accountId } });
      await call("/refresh-token", { as, body: { accountId } });
      await call(`/account-info?accountId=${accountId}`, { as });
      // A provider may also post its answer, which becomes a GET.
      const posted = await social("/sign-in/social");
      const form = {
        state: new URL(String(posted.body.url)).searchParams.get("state") ?? "",
        code: consent("posted@example.com"),
      };
      await call("/callback/outside", { form, headers: { cookie: cookiesOf(posted) } });
      const { token: other } = await signUp("linker");
      const linked = await social("/link-social", other);
      const state = new URL(String(linked.body.url)).searchParams.get("state") ?? "";
      const query = new URLSearchParams({ state, code: consent("linked@example.com") });
      await call(`/callback/outside?${query}`, {
        as: other,
        headers: { cookie: cookiesOf(linked) },
      });
      const { body: both } = await call("/list-accounts", { as: other });
      const own = (both as unknown as { id: string; providerId: string }[]).find(
        ({ providerId }) => providerId === "outside",
      );
      await call("/unlink-account", { as: other, body: { accountId: own?.id } });
      await call(
        `/oauth-popup/start?provider=outside&popupOrigin=${encodeURIComponent(ORIGIN)}&popupNonce=abc`,
      );
    },
  },
  {
    name: "a preview that signs in through its production",
    async run({ call, consent, captcha }) {
      const arrive = async (email: string) => {
        const asked = await call("/sign-in/social", {
          headers: { "x-captcha-response": captcha() },
          body: { provider: "outside", callbackURL: "/home", disableRedirect: true },
        });
        const state = new URL(String(asked.body.url)).searchParams.get("state") ?? "";
        const query = new URLSearchParams({ state, code: consent(email) });
        // The production has no cookie of the preview's.
        const { headers } = await call(`/callback/outside?${query}`);
        return new URL(headers.get("location") ?? "");
      };
      const back = await arrive("previewed@example.com");
      const { token: as } = await call(back.pathname.replace("/api/auth", "") + back.search);
      const { body } = await call("/get-session", { as });
      if ((body as { user?: { email: string } }).user?.email !== "previewed@example.com")
        throw new Error("The preview made no session of the profile that the production sent.");
      const again = await arrive("previewed@example.com");
      await call(`/oauth-proxy-callback${again.search}`);
    },
  },
  {
    name: "passkeys",
    async run({ call, signUp }) {
      const { token: as } = await signUp("keyholder");
      const authenticator = createAuthenticator({ origin: ORIGIN, rpId: "localhost" });
      const asked = await call("/passkey/generate-register-options", { as });
      await call("/passkey/verify-registration", {
        as,
        headers: { cookie: cookiesOf(asked) },
        body: { name: "laptop", response: authenticator.register(String(asked.body.challenge)) },
      });
      const { body: keys } = await call("/passkey/list-user-passkeys", { as });
      const [passkey] = keys as unknown as { id: string }[]; // a list
      const drawn = await call("/passkey/generate-authenticate-options");
      await call("/passkey/verify-authentication", {
        headers: { cookie: cookiesOf(drawn) },
        body: { response: authenticator.sign(String(drawn.body.challenge)) },
      });
      await call("/passkey/update-passkey", { as, body: { id: passkey?.id, name: "desktop" } });
      await call("/passkey/delete-passkey", { as, body: { id: passkey?.id } });
    },
  },
];
