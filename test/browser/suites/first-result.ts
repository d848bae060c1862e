// What passes between a page and its servers until the first query has a result for the user who is signed in.
// Must not know the framework: it sees requests and messages.
import { expect, test } from "vitest";
import { signUp } from "../support/visitor.js";
import { eventually, type World } from "../support/world.js";

/** All tests of that; the page at / has a query for everybody and one for users. */
export function describeFirstResult(world: () => World): void {
  test("from the load of a page to the first result of a user: one token, one authentication", async () => {
    const tab = await world().newTab();
    await signUp(tab);
    await tab.open("/");
    await tab.waitForState("signed in");
    await tab.textOf("mine");
    await eventually(() => expect(tab.wire).toContain("signed-in result"));
    const before = tab.wire.slice(0, tab.wire.indexOf("signed-in result"));
    expect(countsOf(before)).toEqual({
      "GET /get-session": 1,
      "GET /convex/token": 1,
      "sent Connect": 1,
      "sent Authenticate": 1,
      "sent ModifyQuerySet": expect.any(Number),
    });
    expect(before.length).toBeLessThanOrEqual(MOST);
  });
}

// --- internal ---

/** One of each, and the page's queries in two messages: before the user is known, and after. */
const MOST = 6;

function countsOf(wire: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of wire) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
