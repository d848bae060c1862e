// What code has kept of the globals before the first request: a client for HTTP that a module makes when it loads.
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => void vi.unstubAllGlobals());

test("a fetch, a timer and a key that were kept on Convex belong to the run", async () => {
  const real = vi.fn(async () => new Response("made by the run"));
  vi.stubGlobal("fetch", real);
  vi.stubGlobal("Convex", { asyncSyscall: async () => "null" });
  await import("../../../src/request/effects.js");
  const kept = { fetch, setTimeout, randomUUID: crypto.randomUUID.bind(crypto) };
  const { harness, responseAnswer } = await import("./harness.js");
  const { seen, effects, drive } = harness(
    async ({ write }) => {
      write("row");
      await new Promise((resolve) => kept.setTimeout(resolve, 1));
      const init = { method: "POST", body: kept.randomUUID() };
      return new Response(await (await kept.fetch("https://stripe.test/", init)).text());
    },
    { answer: () => responseAnswer("made by the action") },
  );
  expect(await (await drive()).text()).toBe("made by the action");
  expect([effects(), seen.inAction, real.mock.calls.length]).toEqual([1, 0, 0]);
});

test("where convex-test stands in for Convex, the module loads outside of its functions", async () => {
  vi.resetModules();
  vi.stubGlobal("Convex", {
    get asyncSyscall() {
      throw new Error("No active convexTest context.");
    },
  });
  await expect(import("../../../src/request/effects.js")).resolves.toHaveProperty("patchForCalls");
});
