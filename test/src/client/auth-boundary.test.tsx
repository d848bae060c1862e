// @vitest-environment happy-dom
// The part of an app that only users see: what is shown, and when its author's way out is taken.
import { useQuery } from "convex/react";
import { makeFunctionReference } from "convex/server";
import { ConvexError, type Value } from "convex/values";
import { Component, type ReactNode } from "react";
import { describe, expect, test, vi } from "vitest";
import { AuthBoundary, type AuthBoundaryProps } from "../../../src/client/react.js";
import type { Session } from "./support/auth-server.js";
import { fakeTimeForPages, openPage, pass } from "./support/page.js";

const ada: Session = { user: "ada", session: "s-ada" };
const whoami = makeFunctionReference<"query", Record<string, never>, string | null>("users:whoami");

fakeTimeForPages();

function Who() {
  return <>{useQuery(whoami) ?? "waiting"}</>;
}

/** A boundary of the app around kitcn's. */
class Outer extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? "the app's own boundary" : this.props.children;
  }
}

function openBounded(
  session: Session | null,
  { children = "inside", ...props }: Partial<AuthBoundaryProps> = {},
  setUp: Parameters<typeof openPage>[0]["setUp"] = () => {},
) {
  const onUnauth = vi.fn();
  const page = openPage({
    session,
    setUp,
    children: (
      <Outer>
        <AuthBoundary onUnauth={onUnauth} renderFallback={() => "outside"} {...props}>
          {children}
        </AuthBoundary>
      </Outer>
    ),
  });
  return { ...page, onUnauth };
}

describe("who is signed in", () => {
  test("a user sees the children from the first render on", async () => {
    const { seen, onUnauth } = openBounded(ada);
    await pass(1_000);
    expect(seen.filter((text) => text !== "")).toEqual(["inside"]);
    expect(onUnauth).not.toHaveBeenCalled();
  });

  test("a visitor sees the fallback, and the way out is taken once", async () => {
    const { text, onUnauth } = openBounded(null);
    await pass(2_000);
    expect(text()).toBe("outside");
    expect(onUnauth).toHaveBeenCalledTimes(1);
  });

  test("without a fallback a visitor sees nothing", async () => {
    const { text } = openBounded(null, { renderFallback: undefined });
    await pass(1_000);
    expect(text()).toBe("");
  });

  test("a server that cannot be reached takes nobody out", async () => {
    const { onUnauth, text, server } = openBounded(ada);
    await pass(1_000);
    server.sessionMode = 503;
    server.tokenMode = 503;
    await pass(10_000);
    expect(text()).toBe("inside");
    expect(onUnauth).not.toHaveBeenCalled();
  });

  test("each sign-out takes the way out, and a sign-in brings the children back", async () => {
    const { text, onUnauth, become } = openBounded(ada);
    await pass(1_000);
    await become(null);
    expect(text()).toBe("outside");
    await become(ada);
    expect(text()).toBe("inside");
    await become(null);
    expect(onUnauth).toHaveBeenCalledTimes(2);
  });
});

describe("errors of queries", () => {
  const failures: Value[] = [
    "Unauthenticated",
    { kitcn: true, code: "NOT_SIGNED_IN", message: "", hint: "" },
    { crpc: true, code: "UNAUTHORIZED", message: "" },
  ];
  test.each(failures)("one that concerns sign-in takes the way out once: %j", async (data) => {
    const { text, onUnauth, sync, server } = openBounded(ada, { children: <Who /> });
    await pass(1_000);
    expect(text()).toBe("ada");
    const { session } = server.counts;
    sync.setFailure(data);
    await pass(1_000);
    expect(text()).toBe("outside");
    expect(onUnauth).toHaveBeenCalledTimes(1);
    expect(server.counts.session).toBe(session + 1);
  });

  test("a session that ended on the server is noticed by the query, and only once", async () => {
    const { text, onUnauth, sync, server, become } = openBounded(ada, { getAuthUserFn: whoami });
    await pass(1_000);
    server.session = null;
    sync.setFailure("Unauthenticated");
    await pass(1_000);
    expect(text()).toBe("outside");
    expect(onUnauth).toHaveBeenCalledTimes(1);
    sync.setFailure(undefined);
    await become(ada);
    expect(text()).toBe("inside");
  });

  test("one of a query that ran before the user was known is no news", async () => {
    const { seen, text, onUnauth, server } = openBounded(ada, { children: <Who /> }, (_, sync) =>
      sync.setFailureForVisitors("Unauthenticated"),
    );
    await pass(1_000);
    expect(text()).toBe("ada");
    expect(seen).not.toContain("outside");
    expect(onUnauth).not.toHaveBeenCalled();
    expect(server.counts.session).toBe(1);
  });

  test("a false alarm ends when the session turns out to be good", async () => {
    const { text, onUnauth, sync } = openBounded(ada, { children: <Who /> });
    await pass(1_000);
    sync.setFailure("Unauthenticated");
    sync.setFailure(undefined);
    await pass(1_000);
    expect(text()).toBe("ada");
    const { length } = onUnauth.mock.calls;
    vi.setSystemTime(Date.now() + 120_000);
    sync.setFailure("Unauthenticated");
    await pass(1_000);
    expect(text()).toBe("outside");
    expect(onUnauth).toHaveBeenCalledTimes(length + 1);
  });

  test("every other error reaches the app's own boundary", async () => {
    const { text, onUnauth, sync } = openBounded(ada, { children: <Who /> });
    await pass(1_000);
    sync.setFailure("Out of stock");
    await pass(1_000);
    expect(text()).toBe("the app's own boundary");
    expect(onUnauth).not.toHaveBeenCalled();
  });

  test("the app can say which errors concern sign-in", async () => {
    const isAuthError = (error: unknown) =>
      error instanceof ConvexError && error.data === "Out of stock";
    const { text, onUnauth, sync } = openBounded(ada, { children: <Who />, isAuthError });
    await pass(1_000);
    sync.setFailure("Out of stock");
    await pass(1_000);
    expect(text()).toBe("outside");
    expect(onUnauth).toHaveBeenCalledTimes(1);
  });
});
