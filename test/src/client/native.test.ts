// The clients on a phone: no document, no cookies, the session in SecureStore. Better Auth's own server and its real
// client for Expo; Convex and the phone are stand-ins.
import { expo } from "@better-auth/expo";
import type { BetterAuthOptions } from "better-auth";
import { kFocusManager, kOnlineManager } from "better-auth/client";
import { createAuthClient } from "better-auth/react";
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { onForeground, onOnline } from "../../../src/client/app-focus.js";
import { connectAuth } from "../../../src/client/connect-auth.js";
import { convexClient } from "../../../src/client/convex-client.js";
import { ada, createServer, SITE } from "../cross-domain/support/apps.js";
import { createPhone, loadExpoClient, loadMailedSession, type Phone } from "./support/phone.js";
import { createPlainSyncServer } from "./support/sync-server.js";

const whoami = makeFunctionReference<"query", Record<string, never>, string | null>("users:whoami");

type Server = ReturnType<typeof createServer>;
type App = ReturnType<typeof openApp>;
type Asked = { readonly path: string; readonly headers: Headers };

let expoClient: Awaited<ReturnType<typeof loadExpoClient>>;
const running: { readonly phone: Phone; readonly close: () => void }[] = [];

beforeAll(async () => {
  expoClient = await loadExpoClient();
});

// React Native calls its global object `window`; it has neither events nor a document.
beforeEach(() => void vi.stubGlobal("window", {}));

afterEach(async () => {
  await endProcesses();
  vi.unstubAllGlobals();
});

/** Ends apps as a phone does. Better Auth keeps listening for a second, and then nothing may listen any more. */
async function endProcesses() {
  for (const { phone, close } of running.splice(0)) {
    close();
    await until(() => expect(phone.listeners()).toBe(0));
  }
}

/** The machine may be busy. */
const until = (holds: () => void) => vi.waitFor(holds, 30_000);

const createBackend = (options: BetterAuthOptions = {}) =>
  createServer({ trustedOrigins: ["notes://"], morePlugins: [expo()], ...options });

/** Starts the app on a phone: as after an installation, or after its process was ended. */
function openApp(phone: Phone, server: Server) {
  const asked: Asked[] = [];
  const network = { isDown: false };
  const authClient = createAuthClient({
    baseURL: SITE,
    plugins: [convexClient(), expoClient({ scheme: "notes", storage: phone.storage })],
    fetchOptions: {
      customFetchImpl: async (input, init) => {
        const request = new Request(input, init);
        asked.push({ path: new URL(request.url).pathname, headers: request.headers });
        if (network.isDown) throw new TypeError("Network request failed");
        return server.auth.handler(request);
      },
    },
  });
  const sync = createPlainSyncServer();
  const states: string[] = [];
  const results: (string | null)[] = [];
  sync.client.onUpdate(whoami, {}, (who) => void results.push(who));
  const close = connectAuth({
    client: sync.client,
    authClient,
    onChange: ({ isLoading, isAuthenticated }) =>
      void states.push(isLoading ? "loading" : isAuthenticated ? "in" : "out"),
  });
  running.push({ phone, close });
  const sessionsAsked = () => asked.filter(({ path }) => path.endsWith("/get-session")).length;
  return { authClient, asked, network, states, results, sessionsAsked };
}

async function signedUp() {
  const phone = createPhone();
  const server = createBackend();
  const app = openApp(phone, server);
  await until(() => expect(app.states).toEqual(["out"]));
  const { error } = await app.authClient.signUp.email(ada);
  expect(error).toBeNull();
  await until(() => expect(app.states.at(-1)).toBe("in"));
  return { phone, server, app };
}

/** What an app shows that a visitor signs up in. */
const SIGNED_UP = ["out", "loading", "in"];

const userOf = ({ rows }: Server) => rows.user?.[0]?.id;
const cookieOf = (phone: Phone) => phone.stored.get("better-auth_cookie") ?? "";

/** Until whatever an event has started was asked and answered. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

describe("the session of an app on a phone", () => {
  test("is kept in SecureStore, and Convex knows the user", async () => {
    const { phone, server, app } = await signedUp();
    expect(cookieOf(phone)).toContain("session_token");
    await until(() => expect(app.results.at(-1)).toBe(userOf(server)));
    const token = app.asked.find(({ path }) => path.endsWith("/convex/token"));
    expect(token?.headers.get("cookie")).toContain("session_token=");
    expect(token?.headers.get("expo-origin")).toBe("notes://");
  });

  test("survives the end of the app's process", async () => {
    const { phone, server } = await signedUp();
    await endProcesses();
    const again = openApp(phone, server);
    await until(() => expect(again.states).toEqual(["in"]));
    await until(() => expect(again.results.at(-1)).toBe(userOf(server)));
  });

  test("is looked up with its cookie when the app comes to the foreground, and not when it leaves", async () => {
    const { phone, app } = await signedUp();
    const before = app.sessionsAsked();
    phone.enter("inactive");
    phone.enter("background");
    await settled();
    expect(app.sessionsAsked()).toBe(before);
    phone.enter("active");
    await until(() => expect(app.sessionsAsked()).toBe(before + 1));
    expect(app.asked.at(-1)?.headers.get("cookie")).toContain("session_token=");
    await settled();
    expect(app.states).toEqual(SIGNED_UP);
  });

  test("that ended elsewhere meanwhile is noticed in the foreground", async () => {
    const { phone, server, app } = await signedUp();
    phone.enter("background");
    server.rows.session?.splice(0);
    phone.enter("active");
    await until(() => expect(app.states).toEqual([...SIGNED_UP, "out"]));
    await until(() => expect(app.results.at(-1)).toBeNull());
  });

  test("outlives a network that is not there yet in the foreground", async () => {
    const { phone, app } = await signedUp();
    const before = app.sessionsAsked();
    phone.enter("background");
    app.network.isDown = true;
    phone.enter("active");
    await until(() => expect(app.sessionsAsked()).toBeGreaterThan(before));
    app.network.isDown = false;
    // The retry comes by itself.
    await until(() => expect(app.sessionsAsked()).toBeGreaterThan(before + 1));
    await settled();
    expect(app.states).toEqual(SIGNED_UP);
  });

  test("outlives a SecureStore that cannot be read while the phone is locked", async () => {
    const { phone, app } = await signedUp();
    phone.enter("background");
    phone.isLocked = true;
    phone.enter("active");
    await settled();
    const before = app.sessionsAsked();
    phone.isLocked = false;
    await until(() => expect(app.sessionsAsked()).toBeGreaterThan(before));
    await settled();
    expect(app.states).toEqual(SIGNED_UP);
  });

  test("is out of SecureStore after a sign-out, and out of the next process", async () => {
    const { phone, server, app } = await signedUp();
    await app.authClient.signOut();
    await until(() => expect(app.states).toEqual([...SIGNED_UP, "out"]));
    expect([...phone.stored.values()].join()).not.toMatch(/session_token|ada@example.com/);
    expect(server.rows.session).toEqual([]);
    await endProcesses();
    const again = openApp(phone, server);
    await until(() => expect(again.states).toEqual(["out"]));
  });
});

describe.each([
  { name: "the foreground", key: kFocusManager, watch: onForeground },
  { name: "the network", key: kOnlineManager, watch: onOnline },
])("$name", ({ key, watch }) => {
  const globals = globalThis as Record<symbol, unknown>; // where Better Auth keeps its managers
  const own = globals[key];
  afterEach(() => void (globals[key] = own));

  test("is known by Better Auth's own manager", () => {
    const listeners = new Set<(isOn: boolean) => void>();
    globals[key] = {
      subscribe: (listener: (isOn: boolean) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    const seen = vi.fn();
    const leave = watch(seen);
    for (const isOn of [false, true, false, true]) for (const tell of listeners) tell(isOn);
    expect(seen).toHaveBeenCalledTimes(2);
    leave();
    expect(listeners.size).toBe(0);
  });

  test("is not known without one, as on a server", () => {
    globals[key] = undefined;
    expect(() => watch(() => {})()).not.toThrow();
  });
});

/** Sends a mail with this address in its link. */
const MAILS = {
  "a magic link": ({ authClient }: App, callbackURL: string) =>
    authClient.$fetch("/sign-in/magic-link", {
      method: "POST",
      body: { email: ada.email, callbackURL },
    }),
  "a link that confirms an address": ({ authClient }: App, callbackURL: string) =>
    authClient.signUp.email({ ...ada, callbackURL }),
};

describe.each(Object.entries(MAILS))("%s that opens the app", (_name, send) => {
  /** The page asks for a mail; whoever opens its link arrives with this session. */
  async function mailed() {
    const phone = createPhone();
    const server = createBackend({
      emailAndPassword: { enabled: true, requireEmailVerification: true },
    });
    const app = openApp(phone, server);
    await until(() => expect(app.states).toEqual(["out"]));
    const page = await loadMailedSession(app.authClient);
    const { address, expect: expectLink } = page.createLink();
    await expectLink();
    expect((await send(app, address)).error).toBeNull();
    const answer = await server.auth.handler(new Request(server.mails.at(-1) ?? ""));
    const opened = new URL(answer.headers.get("location") ?? "");
    expect(opened.href).toMatch(/^notes:\/\/auth\?link=[\w-]+&cookie=/);
    const param = (name: string) => opened.searchParams.get(name) ?? "";
    return { phone, server, app, page, link: { secret: param("link"), cookie: param("cookie") } };
  }

  test("signs in on the phone that asked for it, and stays after the end of the process", async () => {
    const { phone, server, app, page, link } = await mailed();
    expect(await page.takeSession(link)).toBe(true);
    await until(() => expect(app.states.at(-1)).toBe("in"));
    await until(() => expect(app.results.at(-1)).toBe(userOf(server)));
    await endProcesses();
    const again = openApp(phone, server);
    await until(() => expect(again.states).toEqual(["in"]));
  });

  test("signs in once, and nobody who did not ask", async () => {
    const { page, server, link } = await mailed();
    expect(await page.takeSession({ ...link, secret: "guessed" })).toBe(false);
    expect(await page.takeSession(link)).toBe(true);
    expect(await page.takeSession(link)).toBe(false);
    await endProcesses();
    const phone = createPhone();
    const app = openApp(phone, server);
    await until(() => expect(app.states).toEqual(["out"]));
    const { takeSession } = await loadMailedSession(app.authClient);
    expect(await takeSession(link)).toBe(false);
    expect(cookieOf(phone)).not.toContain("session_token");
  });

  test("signs nobody in after the page forgot it", async () => {
    const { phone, page, link } = await mailed();
    await page.forgetLinks();
    expect(await page.takeSession(link)).toBe(false);
    expect(cookieOf(phone)).not.toContain("session_token");
  });

  test("keeps the cookies of an answer that arrives at the same time", async () => {
    const { phone, app, page, link } = await mailed();
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const headers = { "set-cookie": "better-auth.other=1; Path=/" };
    const customFetchImpl = vi.fn(async () => {
      await arrived;
      return new Response("null", { headers });
    });
    const other = app.authClient.$fetch("/ok", { customFetchImpl });
    await until(() => expect(customFetchImpl).toHaveBeenCalled());
    // It arrives after the page has begun to read the cookies.
    const read = phone.storage.getItemAsync;
    vi.spyOn(phone.storage, "getItemAsync").mockImplementation(async (key) => {
      const value = await read(key);
      if (key !== "better-auth_cookie") return value;
      arrive();
      await settled();
      return value;
    });
    await Promise.all([page.takeSession(link), other]);
    expect(cookieOf(phone)).toContain("session_token");
    expect(cookieOf(phone)).toContain("better-auth.other");
  });
});
