// @vitest-environment happy-dom
// Results that the server preloaded: shown until the browser's own, and to nobody else.
import type { Preloaded } from "convex/react";
import { ConvexProvider } from "convex/react";
import type { FunctionReference } from "convex/server";
import { renderToString } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { usePreloadedAuthQuery } from "../../../src/client/react.js";
import { ACCOUNT } from "../../../src/client/preloaded-account.js";
import { makeToken, type Session } from "./support/auth-server.js";
import { fakeTimeForPages, openPage, pass } from "./support/page.js";
import { createSyncServer } from "./support/sync-server.js";

type WhoAmI = FunctionReference<"query", "public", Record<string, never>, string | null>;

const ada: Session = { user: "ada", session: "s-ada" };
const bea: Session = { user: "bea", session: "s-bea" };

fakeTimeForPages();

/** As `preloadAuthQuery` gives it to the browser. The stand-in answers with the user's name alone. */
function preload(value: string, account?: string) {
  const whose = account === undefined ? {} : { [ACCOUNT]: account };
  const preloaded = { _name: "users:whoami", _argsJSON: {}, _valueJSON: value, ...whose };
  return preloaded as unknown as Preloaded<WhoAmI>; // its type says the JSON is a text
}

function Who({ preloaded }: { preloaded: Preloaded<WhoAmI> }) {
  return <p>{usePreloadedAuthQuery(preloaded) ?? "nobody"}</p>;
}

describe("a user", () => {
  test.each(["with", "without"])(
    "sees the preloaded result until the live one: %s a token of the server",
    async (kind) => {
      const children = <Who preloaded={preload("ada, preloaded")} />;
      const token = kind === "with" ? { initialToken: makeToken(ada) } : {};
      const { seen } = openPage({ session: ada, ...token, children });
      await pass(1_000);
      expect(seen.filter((text) => text !== "")).toEqual(["ada, preloaded", "ada"]);
    },
  );

  test("keeps seeing the preloaded result while no token can be had", async () => {
    const children = <Who preloaded={preload("ada, preloaded")} />;
    const { text, sync } = openPage({
      session: ada,
      setUp: (server) => void (server.sessionMode = 503),
      children,
    });
    await pass(10_000);
    expect(text()).toBe("ada, preloaded");
    expect(sync.identities).toEqual([]);
  });

  test("keeps the last result in a new session of the same account", async () => {
    const { seen, become } = openPage({
      session: ada,
      children: <Who preloaded={preload("ada, preloaded")} />,
    });
    await pass(1_000);
    await become({ user: "ada", session: "s-ada-2" });
    expect(seen.filter((text) => text !== "")).toEqual(["ada, preloaded", "ada"]);
  });
});

describe("nobody else", () => {
  test("a visitor sees nothing once the browser knows", async () => {
    const children = <Who preloaded={preload("ada, preloaded")} />;
    const { text } = openPage({ session: null, children });
    await pass(1_000);
    expect(text()).toBe("nobody");
  });

  test.each([
    { what: "after a sign-out", via: [null, bea] },
    { what: "right after the first account", via: [bea] },
  ])("another account sees only its own result: $what", async ({ via }) => {
    const children = <Who preloaded={preload("ada, preloaded")} />;
    const { seen, become, text } = openPage({ session: ada, children });
    await pass(1_000);
    expect(text()).toBe("ada");
    const before = seen.length;
    for (const session of via) await become(session);
    expect(text()).toBe("bea");
    expect(seen.slice(before).filter((one) => one.includes("ada"))).toEqual([]);
  });

  test("a page that was made for another account shows nothing of it once the browser knows its own", async () => {
    const children = <Who preloaded={preload("ada, preloaded", "ada")} />;
    const { seen, text, sync } = openPage({ session: bea, children });
    sync.setPaused(true);
    await pass(1_000);
    expect(text()).not.toContain("ada");
    sync.setPaused(false);
    await pass(1_000);
    expect(text()).toBe("bea");
    expect(seen.lastIndexOf("ada, preloaded")).toBeLessThanOrEqual(0);
  });

  test("the same account sees nothing old after a sign-out", async () => {
    const children = <Who preloaded={preload("ada, preloaded")} />;
    const { seen, become, text } = openPage({ session: ada, children });
    await pass(1_000);
    await become(null);
    const before = seen.length;
    expect(text()).toBe("nobody");
    await become(ada);
    expect(seen.slice(before)).toEqual(["ada"]);
  });
});

test("outside of the provider it says which one to use", () => {
  const { client } = createSyncServer();
  const tree = (
    <ConvexProvider client={client}>
      <Who preloaded={preload("ada")} />
    </ConvexProvider>
  );
  expect(() => renderToString(tree)).toThrow(/outside of ConvexAuthProvider/);
});
