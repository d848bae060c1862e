// Session fixation: a session that somebody planted in a browser is not the one that a sign-in there begins.
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

const NAME = "__Secure-better-auth.session_token";

function post(app: ReturnType<typeof createHttpApp>, path: string, body: object, cookie = "") {
  return app.fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE, ...(cookie && { cookie }) },
    body: JSON.stringify(body),
  });
}

/** The session cookie that an answer sets, as a browser sends it back. */
function sessionOf(response: Response): string {
  const line = response.headers.getSetCookie().find((cookie) => cookie.startsWith(NAME)) ?? "";
  return line.split(";")[0] ?? "";
}

test("a sign-in in a browser with a planted session begins another one, and leaves the planted one to its owner", async () => {
  const app = createHttpApp();
  const attacker = { ...credentials, email: "mallory@example.com" };
  const planted = sessionOf(await post(app, "/sign-up/email", attacker));
  await post(app, "/sign-up/email", credentials);
  for (const cookie of [planted, `${NAME}=chosen.c2lnbmF0dXJl`]) {
    const own = sessionOf(await post(app, "/sign-in/email", credentials, cookie));
    expect(own).toContain(NAME);
    expect(own).not.toBe(cookie);
    const asked = await app.fetch("/api/auth/get-session", { headers: { cookie } });
    const session = (await asked.json()) as { user: { email: string } } | null;
    expect(session?.user.email ?? "nobody").not.toBe(credentials.email);
  }
});
