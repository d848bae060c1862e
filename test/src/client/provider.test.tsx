// @vitest-environment happy-dom
// The provider over the real clients of Better Auth and Convex; both servers are stand-ins.
import { Authenticated, AuthLoading, Unauthenticated, useConvexAuth, useQuery } from "convex/react";
import { makeFunctionReference } from "convex/server";
import { StrictMode, type ReactNode } from "react";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConvexAuthProvider } from "../../../src/client/provider.js";
import { createAuthServer, createClient, makeToken, type Session } from "./support/auth-server.js";
import { createSyncServer } from "./support/sync-server.js";

const ada: Session = { user: "ada", session: "s-ada" };
const bea: Session = { user: "bea", session: "s-bea" };
const whoami = makeFunctionReference<"query", Record<string, never>, string | null>("users:whoami");

const roots: Root[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});

afterEach(async () => {
  await unmountAll();
  await pass(1_000);
  vi.useRealTimers();
});

/** React renders by this; not faked, since it was read before. */
const realImmediate = setImmediate;

/** Lets time pass in small steps. No `act`: it would hold back the renders in between. */
async function pass(ms: number): Promise<void> {
  const step = ms <= 2_000 ? 5 : 100;
  for (let passed = 0; passed < ms; passed += step) {
    await vi.advanceTimersByTimeAsync(step);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => realImmediate(resolve));
  }
}

async function unmountAll(): Promise<void> {
  for (const root of roots.splice(0)) root.unmount();
  await pass(50);
}

/** Shows the auth state and a query, and keeps every text that was ever on the screen. */
function Screen() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const who = useQuery(whoami, {});
  return (
    <p>
      {isLoading ? "loading" : isAuthenticated ? "in" : "out"}:
      {who === undefined ? "-" : String(who)}
    </p>
  );
}

function start({
  session,
  initialToken,
  children = <Screen />,
  strict = false,
  convex = {},
  setUp,
}: {
  session: Session | null;
  initialToken?: string;
  children?: ReactNode;
  strict?: boolean;
  /** Options of Convex's client. */
  convex?: Parameters<typeof createSyncServer>[0];
  setUp?: (server: ReturnType<typeof createAuthServer>) => void;
}) {
  const server = createAuthServer(session);
  setUp?.(server);
  const sync = createSyncServer(convex);
  const authClient = createClient(server);
  const container = document.createElement("div");
  document.body.append(container);
  const seen: string[] = [];
  new MutationObserver(() => note()).observe(container, {
    childList: true,
    subtree: true,
    characterData: true,
  });
  const note = () => {
    const text = container.textContent ?? "";
    if (seen.at(-1) !== text) seen.push(text);
  };
  const tree = (
    <ConvexAuthProvider client={sync.client} authClient={authClient} initialToken={initialToken}>
      {children}
    </ConvexAuthProvider>
  );
  const root = createRoot(container);
  roots.push(root);
  root.render(strict ? <StrictMode>{tree}</StrictMode> : tree);
  note();
  return { server, sync, authClient, container, seen, text: () => container.textContent };
}

describe("signing in and out", () => {
  test("loading, then in: never out in between", async () => {
    const { seen, server } = start({ session: ada });
    await pass(1_000);
    expect(seen[1]).toBe("loading:-");
    expect(seen.at(-1)).toBe("in:ada");
    expect(seen.filter((text) => text.startsWith("out"))).toEqual([]);
    expect(server.peak()).toBe(1);
  });

  test("a visitor: loading, then out, and no token is asked for", async () => {
    const { seen, server } = start({ session: null });
    await pass(1_000);
    expect(seen.at(-1)).toBe("out:null");
    expect(seen.some((text) => text.startsWith("in"))).toBe(false);
    expect(server.counts).toEqual({ session: 1, token: 0 });
  });

  test("strict mode asks no more often", async () => {
    const { server, text } = start({ session: ada, strict: true });
    await pass(2_000);
    expect(text()).toBe("in:ada");
    expect(server.counts.session).toBe(1);
    // Convex asks for a fresh token after its server confirmed the first.
    expect(server.counts.token).toBe(2);
  });

  test("signing out clears Convex's identity and signs in no one again", async () => {
    const { authClient, text, sync, server } = start({ session: ada });
    await pass(1_000);
    await authClient.signOut();
    await pass(1_000);
    expect(text()).toBe("out:null");
    expect(sync.identities.at(-1)).toBeNull();
    const { token } = server.counts;
    await pass(3_600_000);
    expect(server.counts.token).toBe(token);
  });

  test("signing in without a reload", async () => {
    const { authClient, text, server, seen } = start({ session: null });
    await pass(1_000);
    server.session = ada;
    authClient.$store.notify("$sessionSignal");
    await pass(1_000);
    expect(text()).toBe("in:ada");
    // From the known signed-out state to loading to in, and not back.
    const after = seen.slice(seen.lastIndexOf("out:null") + 1);
    expect(after.every((text) => !text.startsWith("out"))).toBe(true);
  });

  test("a 401 for the token signs out, asks the session once more, and stays", async () => {
    const { text, server } = start({ session: ada, setUp: (s) => void (s.tokenMode = 401) });
    await pass(1_000);
    expect(text()).toBe("out:null");
    await pass(3_600_000);
    expect(server.counts).toEqual({ session: 2, token: 1 });
  });

  test("a session that ended elsewhere is noticed when the next token is due", async () => {
    const { text, server } = start({ session: ada });
    await pass(1_000);
    server.session = null;
    await pass(900_000);
    expect(text()).toBe("out:null");
  });
});

describe("failures sign no one out", () => {
  test.each(["down", 500, 503, 429, 404, "html"] as const)("tokens: %s", async (mode) => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const { seen, server, text } = start({ session: ada, setUp: (s) => void (s.tokenMode = mode) });
    await pass(120_000);
    expect(text()?.startsWith("loading")).toBe(true);
    server.tokenMode = "up";
    await pass(31_000);
    expect(text()).toBe("in:ada");
    expect(seen.filter((text) => text.startsWith("out"))).toEqual([]);
    expect(server.counts.token).toBeLessThan(25);
    report.mockRestore();
  });

  test.each(["down", 500, 503, 429, "html"] as const)("the session: %s", async (mode) => {
    const { seen, server, text } = start({
      session: ada,
      setUp: (s) => void (s.sessionMode = mode),
    });
    await pass(120_000);
    expect(text()?.startsWith("loading")).toBe(true);
    server.sessionMode = "up";
    await pass(31_000);
    expect(text()).toBe("in:ada");
    expect(seen.filter((text) => text.startsWith("out"))).toEqual([]);
    expect(server.counts.session).toBeLessThan(25);
  });

  test("while signed in: a refresh that fails for ten minutes", async () => {
    const { seen, server, text } = start({ session: ada });
    await pass(1_000);
    server.tokenMode = "down";
    server.sessionMode = "down";
    await pass(1_500_000);
    server.tokenMode = "up";
    server.sessionMode = "up";
    await pass(31_000);
    expect(text()).toBe("in:ada");
    expect(seen.filter((text) => text.startsWith("out"))).toEqual([]);
  });

  test("a session refetch that fails while signed in is repeated until it succeeds", async () => {
    const { authClient, server, text } = start({ session: ada });
    await pass(1_000);
    server.sessionMode = 500;
    await authClient.signOut();
    await pass(60_000);
    server.sessionMode = "up";
    await pass(31_000);
    expect(text()).toBe("out:null");
  });
});

test("a token is asked for at once when the network comes back", async () => {
  const { server, text } = start({ session: ada, setUp: (s) => void (s.tokenMode = "down") });
  await pass(120_000);
  const before = server.counts.token;
  server.tokenMode = "up";
  window.dispatchEvent(new Event("online"));
  await pass(100);
  expect(server.counts.token).toBe(before + 1);
  expect(text()).toBe("in:ada");
});

describe("requests", () => {
  test("idle and on focus: none, but one token before each expires", async () => {
    const { server, text } = start({ session: ada });
    await pass(2_000);
    const before = { ...server.counts };
    for (let i = 0; i < 50; i++) {
      document.dispatchEvent(new Event("visibilitychange"));
      window.dispatchEvent(new Event("focus"));
      await pass(12_000);
    }
    expect(server.counts).toEqual(before);
    await pass(3_600_000);
    expect(server.counts.session).toBe(before.session);
    expect(server.counts.token - before.token).toBe(4);
    expect(text()).toBe("in:ada");
  });

  test("a visitor's idle page asks nothing at all", async () => {
    const { server } = start({ session: null });
    await pass(1_000);
    for (let i = 0; i < 50; i++) {
      document.dispatchEvent(new Event("visibilitychange"));
      await pass(60_000);
    }
    expect(server.counts).toEqual({ session: 1, token: 0 });
  });

  test("never two token requests at once", async () => {
    let release = () => {};
    const { server, text, authClient } = start({
      session: ada,
      setUp: (s) => void (s.hold = new Promise((resolve) => void (release = resolve))),
    });
    await pass(1_000);
    authClient.$store.notify("$sessionSignal");
    await pass(1_000);
    release();
    await pass(1_000);
    expect(text()).toBe("in:ada");
    expect(server.peak()).toBe(1);
  });
});

describe("initialToken", () => {
  test("a fresh one signs in before any answer of the auth server", async () => {
    const { server, text, seen } = start({
      session: ada,
      initialToken: makeToken(ada),
      setUp: (s) => {
        s.sessionMode = "down";
        s.tokenMode = "down";
      },
    });
    await pass(100);
    expect(text()).toBe("in:ada");
    server.sessionMode = "up";
    server.tokenMode = "up";
    await pass(60_000);
    expect(text()).toBe("in:ada");
    expect(seen.filter((text) => text.startsWith("out"))).toEqual([]);
  });

  test("an expired one is not used", async () => {
    const old = makeToken(ada, 900, Date.now() - 1_000_000);
    const { text, seen, sync } = start({ session: ada, initialToken: old });
    await pass(1_000);
    expect(text()).toBe("in:ada");
    expect(seen[1]).toBe("loading:-");
    expect(sync.identities[0]).toBe("ada");
  });

  test("garbage is not used", async () => {
    const { text } = start({ session: ada, initialToken: "garbage" });
    await pass(1_000);
    expect(text()).toBe("in:ada");
  });

  test("of a session that is over: out", async () => {
    const { text } = start({ session: null, initialToken: makeToken(ada) });
    await pass(1_000);
    expect(text()).toBe("out:null");
  });

  test("hydration: the server's markup is taken over", async () => {
    const errors = vi.spyOn(console, "error");
    const server = createAuthServer(ada);
    const authClient = createClient(server);
    const sync = createSyncServer();
    const tree = (
      <ConvexAuthProvider
        client={sync.client}
        authClient={authClient}
        initialToken={makeToken(ada)}
      >
        <Screen />
      </ConvexAuthProvider>
    );
    const container = document.createElement("div");
    container.innerHTML = renderToString(tree);
    expect(server.counts).toEqual({ session: 0, token: 0 });
    document.body.append(container);
    roots.push(hydrateRoot(container, tree));
    await pass(1_000);
    expect(container.textContent).toBe("in:ada");
    expect(errors).not.toHaveBeenCalled();
    errors.mockRestore();
  });
});

describe("options of Convex's client", () => {
  const isOutOrVisitor = (text: string) => text.startsWith("out") || text.endsWith(":null");

  test("expectAuth: no query runs as a visitor while the session loads", async () => {
    const { seen, sync } = start({ session: ada, convex: { expectAuth: true } });
    await pass(1_000);
    expect(seen.at(-1)).toBe("in:ada");
    expect(seen.filter(isOutOrVisitor)).toEqual([]);
    expect(sync.identities).not.toContain(null);
  });

  test("expectAuth: a session that fails at first is waited for", async () => {
    const { seen, server } = start({
      session: ada,
      convex: { expectAuth: true },
      setUp: (s) => (s.sessionMode = "down"),
    });
    await pass(20_000);
    expect(seen.at(-1)).toBe("loading:-");
    server.sessionMode = "up";
    await pass(60_000);
    expect(seen.at(-1)).toBe("in:ada");
    expect(seen.filter(isOutOrVisitor)).toEqual([]);
  });

  test("expectAuth: a visitor is out, and none of the queries runs", async () => {
    const { text } = start({ session: null, convex: { expectAuth: true } });
    await pass(5_000);
    expect(text()).toBe("out:-");
  });

  test("initialAuthTokenReuse: a page load asks for one token, and for the next when it is due", async () => {
    const { text, server, seen } = start({
      session: ada,
      convex: { initialAuthTokenReuse: true },
    });
    await pass(2_000);
    expect(text()).toBe("in:ada");
    expect(server.counts).toEqual({ session: 1, token: 1 });
    await pass(900_000);
    expect(server.counts).toEqual({ session: 1, token: 2 });
    expect(seen.filter((one) => one.startsWith("out"))).toEqual([]);
  });

  test.each([
    { name: "expired on arrival", age: 1_000_000 },
    { name: "with a minute left", age: 840_000 },
  ])("a server's token $name is replaced: no sign-out, no loop", async ({ age }) => {
    const initialToken = makeToken(ada, 900, Date.now() - age);
    const options = { expectAuth: true, initialAuthTokenReuse: true };
    const { text, server, seen } = start({ session: ada, initialToken, convex: options });
    await pass(120_000);
    expect(text()).toBe("in:ada");
    expect(seen.filter((one) => one.startsWith("out"))).toEqual([]);
    expect(server.counts).toEqual({ session: 1, token: 1 });
  });
});

describe("account switch", () => {
  /** The screen of one account; renders what the query holds, whatever the auth state. */
  function Data() {
    return <p>data of {useQuery(whoami, {}) ?? "no one"}</p>;
  }

  /** What `useQuery` gave in any render, with the account whose session was current then. */
  function recorder(current: () => string) {
    const renders: string[] = [];
    function Recording() {
      const who = useQuery(whoami, {});
      renders.push(`${current()} sees ${who ?? "nothing"}`);
      return null;
    }
    return { renders, Recording };
  }

  test("the second account never sees the first one's data", async () => {
    let account = "ada";
    const { renders, Recording } = recorder(() => account);
    const page = start({
      session: ada,
      children: (
        <>
          <Data />
          <Recording />
        </>
      ),
    });
    await pass(1_000);
    expect(page.text()).toBe("data of ada");
    page.sync.setPaused(true);
    page.server.session = bea;
    page.authClient.$store.notify("$sessionSignal");
    await pass(200);
    account = "bea";
    // Bea's session is known and the server has not answered yet: nothing of Ada's is there.
    expect(page.text()).toBe("");
    page.sync.setPaused(false);
    await pass(1_000);
    expect(page.text()).toBe("data of bea");
    expect(renders).not.toContain("bea sees ada");
    expect(renders).toContain("bea sees bea");
  });

  test("also with a sign-out in between", async () => {
    let account = "ada";
    const { renders, Recording } = recorder(() => account);
    const page = start({ session: ada, children: <Recording /> });
    await pass(1_000);
    page.sync.setPaused(true);
    for (const session of [null, bea]) {
      page.server.session = session;
      page.authClient.$store.notify("$sessionSignal");
      await pass(200);
    }
    account = "bea";
    page.sync.setPaused(false);
    await pass(1_000);
    expect(renders).not.toContain("bea sees ada");
    expect(renders.at(-1)).toBe("bea sees bea");
  });

  test("the same user in a new session stays signed in, with a token of the new one", async () => {
    const page = start({
      session: ada,
      children: (
        <>
          <Authenticated>in</Authenticated>
          <Unauthenticated>out</Unauthenticated>
          <AuthLoading>loading</AuthLoading>
        </>
      ),
    });
    await pass(1_000);
    page.server.session = { user: "ada", session: "s-ada-2" };
    const before = page.server.counts.token;
    page.authClient.$store.notify("$sessionSignal");
    await pass(1_000);
    expect(page.text()).toBe("in");
    expect(page.server.counts.token).toBeGreaterThan(before);
    expect(page.seen).not.toContain("out");
  });

  test("a token of another account is not handed to this one", async () => {
    const page = start({ session: ada });
    await pass(1_000);
    // Another tab signed in as someone else, and nothing told this one.
    page.server.session = bea;
    await pass(900_000);
    expect(page.text()).toBe("in:bea");
    expect(page.sync.identities.filter((who) => who === "bea").length).toBeGreaterThan(0);
    expect(page.seen.filter((text) => text.startsWith("out"))).toEqual([]);
  });
});

describe("other tabs", () => {
  const fromOtherTab = (key: string, newValue: string) =>
    window.dispatchEvent(new StorageEvent("storage", { key, newValue }));

  test("a sign-out in another tab signs out here", async () => {
    const { server, text } = start({ session: ada });
    await pass(1_000);
    server.session = null;
    fromOtherTab("kitcn.session", "none");
    await pass(1_000);
    expect(text()).toBe("out:null");
  });

  test("Better Auth's own broadcast counts as well", async () => {
    const { server, text } = start({ session: ada });
    await pass(1_000);
    server.session = null;
    fromOtherTab(
      "better-auth.message",
      JSON.stringify({ event: "session", data: { trigger: "signout" }, clientId: "x" }),
    );
    await pass(1_000);
    expect(text()).toBe("out:null");
  });

  test("a tab says once which session it is in, and ignores its own mark", async () => {
    const { server } = start({ session: ada });
    await pass(1_000);
    fromOtherTab("kitcn.session", localStorage.getItem("kitcn.session") ?? "");
    await pass(1_000);
    expect(server.counts.session).toBe(1);
    localStorage.clear();
    await pass(600_000);
    expect(localStorage.getItem("kitcn.session")).toBeNull();
  });

  test("a page that was asleep notices on return, and asks nothing if nothing changed", async () => {
    const { server, text } = start({ session: ada });
    await pass(1_000);
    document.dispatchEvent(new Event("visibilitychange"));
    await pass(1_000);
    expect(server.counts.session).toBe(1);
    server.session = null;
    localStorage.setItem("kitcn.session", "none");
    document.dispatchEvent(new Event("visibilitychange"));
    await pass(1_000);
    expect(text()).toBe("out:null");
  });

  test("nothing in storage is or contains a token or an id", async () => {
    start({ session: ada });
    await pass(1_000);
    const stored = JSON.stringify(Object.entries(localStorage));
    expect(stored).not.toContain("ada");
    expect(stored).not.toContain("ey");
    expect(Object.keys(localStorage)).toEqual(["kitcn.session"]);
    expect(sessionStorage.length).toBe(0);
  });
});

test("unmounting ends every timer and request", async () => {
  const { server } = start({ session: ada, setUp: (s) => void (s.tokenMode = "down") });
  await pass(5_000);
  await unmountAll();
  const before = { ...server.counts };
  await pass(3_600_000);
  expect(server.counts).toEqual(before);
});

test("a refused session is tried again when the user returns, at most every half minute", async () => {
  const { server, text } = start({ session: ada, setUp: (s) => void (s.tokenMode = 401) });
  await pass(1_000);
  expect(text()).toBe("out:null");
  for (let i = 0; i < 20; i++) {
    document.dispatchEvent(new Event("visibilitychange"));
    await pass(500);
  }
  expect(server.counts.token).toBe(1);
  server.tokenMode = "up";
  await pass(30_000);
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(1_000);
  expect(text()).toBe("in:ada");
});
