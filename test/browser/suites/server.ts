// Frameworks with a server of their own: the auth route it forwards, and what it knows of a visitor.
// Must not know the framework.
import { describe, expect, test, vi } from "vitest";
import { newPerson, signOut, signUp } from "../support/visitor.js";
import type { World } from "../support/world.js";

/** All tests of the app's own server. */
export function describeServer(world: () => World): void {
  /** A request of the app's auth route, as a browser on its page makes it. */
  function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = world().app;
    const headers = { origin, "content-type": "application/json", ...init.headers };
    return fetch(`${origin}/api/auth${path}`, { redirect: "manual", ...init, headers });
  }

  const post = (path: string, body: unknown) =>
    ask(path, { method: "POST", body: JSON.stringify(body) });

  describe("the app's server", () => {
    test("knows who is signed in", async () => {
      const tab = await world().newTab();
      const person = await signUp(tab);
      await tab.open("/server");
      expect(await tab.textOf("server-token")).toBe("a token");
      expect(await tab.textOf("server-identity")).toContain(person.email);
      expect(await tab.textOf("server-identity")).toContain(person.name);
      await tab.open("/auth");
      await signOut(tab);
      await tab.open("/server");
      expect(await tab.textOf("server-token")).toBe("none");
      expect(await tab.textOf("server-identity")).toBe("null");
      expect(tab.problems).toEqual([]);
    });

    test("asks for one token to render a page, and for none without a session", async () => {
      const { origin, deployment } = world().app;
      const signedUp = await post("/sign-up/email", newPerson());
      const cookie = signedUp.headers
        .getSetCookie()
        .map((line) => line.split(";")[0])
        .join("; ");
      const requestsOf = async (headers: Record<string, string>) => {
        await deployment.resetCounters();
        const page = await fetch(`${origin}/server`, { headers });
        const hasToken = (await page.text()).includes("a token");
        return { hasToken, requests: (await deployment.counters()).httpActions };
      };
      // The visitors of other tests are counted as well: until none comes in between. Rarely, since each try is work
      // for the server that they visit.
      const asks = (headers: Record<string, string>, want: object) =>
        vi.waitFor(async () => expect(await requestsOf(headers)).toEqual(want), {
          timeout: 120_000,
          interval: 2000,
        });
      await asks({ cookie }, { hasToken: true, requests: 1 });
      await asks({}, { hasToken: false, requests: 0 });
    });

    test("does not give one visitor what it knows of another", async () => {
      const [ada, bea] = [await world().newTab(), await world().newTab()];
      const people = [await signUp(ada), await signUp(bea)];
      await Promise.all([ada.open("/server"), bea.open("/server")]);
      expect(await ada.textOf("server-identity")).toContain(people[0]?.email);
      expect(await bea.textOf("server-identity")).toContain(people[1]?.email);
    });

    test("forwards bodies, statuses and every cookie", async () => {
      const person = newPerson();
      const signedUp = await post("/sign-up/email", person);
      expect(signedUp.status).toBe(200);
      const cookies = signedUp.headers.getSetCookie();
      expect(cookies.some((cookie) => /session_token=[^;]+;.*HttpOnly/i.test(cookie))).toBe(true);
      const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
      const session = await ask("/get-session", { headers: { cookie } });
      expect(await session.json()).toMatchObject({ user: { email: person.email } });
      const wrong = await post("/sign-in/email", { ...person, password: "wrong password" });
      expect(wrong.status).toBe(401);
      expect(await wrong.json()).toMatchObject({ code: "INVALID_EMAIL_OR_PASSWORD" });
    });

    test("forwards a large body, and a redirect without following it", async () => {
      const large = await post("/sign-in/email", { email: "x".repeat(200_000), password: "y" });
      expect(large.status).toBe(400);
      const redirect = await ask("/verify-email?token=none&callbackURL=%2Fauth");
      expect(redirect.status).toBe(302);
      expect(redirect.headers.get("location")).toContain("/auth?error=");
    });

    test("answers every method, with no header of the connection behind it", async () => {
      for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
        const response = await ask("/get-session", { method });
        expect(response.status, method).toBeLessThan(500);
        expect(response.headers.get("content-encoding"), method).toBeNull();
      }
    });
  });
}
