// Who renews a session that is due: only an answer that reaches the browser may, because it renews the cookie, too.
import { afterEach, expect, test, vi } from "vitest";
import { loadServerToken } from "../../../src/proxy/token.js";
import { createHttpApp, credentials, SITE } from "../auth/support/http-app.js";

afterEach(() => void vi.useRealTimers());

const DAY_MS = 86_400_000;

test("a server that renders a page leaves the renewal of the session to the browser", async () => {
  const app = createHttpApp();
  const signedUp = await app.post("/sign-up/email", credentials);
  const cookie = signedUp.headers.getSetCookie().map((line) => line.split(";")[0]);
  const headers = new Headers({ cookie: cookie.join("; ") });
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * DAY_MS });

  const token = await loadServerToken(headers, {
    convexSiteUrl: SITE,
    basePath: "/api/auth",
    fetch: (target, init) => app.fetch(String(target).slice(SITE.length), init),
  });
  expect(token).toEqual(expect.any(String));

  const answer = await app.fetch("/api/auth/get-session", { headers });
  const [renewed] = answer.headers.getSetCookie();
  expect(renewed).toContain("session_token=");
  expect(renewed).toContain(`Max-Age=${7 * 24 * 60 * 60}`);
});
