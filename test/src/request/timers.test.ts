// Timers of a served request follow the clock of its run, which jumps when the handler waits for nothing else.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withinRun } from "../../../src/request/effects.js";
import type { Answer } from "../../../src/request/journal.js";
import { runHandler } from "../../../src/request/run.js";
import { currentRun } from "../../../src/request/scope.js";
import { harness, responseAnswer, textAnswer } from "./harness.js";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const after = async <T>(ms: number, value: T): Promise<T> => {
  await wait(ms);
  return value;
};

beforeEach(() => {
  // As Convex does: a query or a mutation that asks for a real timer, or takes one back, fails.
  for (const name of ["clearTimeout", "clearInterval"] as const) {
    const real = globalThis[name];
    vi.stubGlobal(name, (id: number) => {
      if (currentRun()) throw new Error(`Can't use ${name} in queries and mutations.`);
      real(id);
    });
  }
});
afterEach(() => vi.unstubAllGlobals());

async function resultOf(
  handler: () => Promise<unknown>,
  answerMs = 0,
): Promise<{ result: unknown; tookMs: number }> {
  const { drive } = harness(async () => Response.json({ result: await handler() }), {
    answer: (question) => {
      const until = Date.now() + answerMs;
      while (Date.now() < until);
      return question.kind === "fetch" ? responseAnswer("answer") : textAnswer("hashed");
    },
  });
  const startedAt = Date.now();
  const { result } = (await (await drive()).json()) as { result: unknown };
  return { result, tookMs: Date.now() - startedAt };
}

const rows: { name: string; handler: () => Promise<unknown>; answerMs?: number; want: unknown }[] =
  [
    {
      name: "an answer wins over a longer deadline",
      handler: () =>
        Promise.race([
          fetch("https://x.test/jwks").then((response) => response.text()),
          after(5000, "late"),
        ]),
      want: "answer",
    },
    {
      name: "an answer that took longer loses against a shorter deadline",
      handler: () =>
        Promise.race([
          fetch("https://x.test/jwks").then((response) => response.text()),
          after(20, "late"),
        ]),
      answerMs: 60,
      want: "late",
    },
    {
      name: "work that waits for nothing outside wins over every deadline",
      handler: () => {
        const work = async () => {
          for (let step = 0; step < 50; step++)
            await crypto.subtle.digest("SHA-256", new Uint8Array(8));
          return "worked";
        };
        return Promise.race([work(), after(1, "late")]);
      },
      want: "worked",
    },
    {
      name: "the shorter of two timers comes first, whatever the order they were set in",
      handler: () => Promise.race([after(30, "slow"), after(10, "quick")]),
      want: "quick",
    },
    {
      name: "a loop that polls until a deadline ends, and the clock moves with it",
      handler: async () => {
        const startedAt = Date.now();
        let tries = 0;
        while (Date.now() - startedAt < 200) {
          tries++;
          await wait(20);
        }
        return tries;
      },
      want: 10,
    },
    {
      name: "a timer that is taken back never fires",
      handler: async () => {
        const fired: string[] = [];
        const timer = setTimeout(() => fired.push("fired"), 10);
        clearTimeout(timer);
        await wait(20);
        return fired;
      },
      want: [],
    },
    {
      name: "a timer that has fired, and one that was never set, can be taken back",
      handler: async () => {
        let never: ReturnType<typeof setTimeout> | undefined;
        const timer = setTimeout(() => {}, 5);
        await wait(10);
        clearTimeout(timer);
        clearTimeout(never);
        clearInterval(never);
        return "went on";
      },
      want: "went on",
    },
    {
      name: "an interval fires again and again until it is taken back",
      handler: () =>
        new Promise((resolve) => {
          let count = 0;
          const timer = setInterval(() => {
            if (++count < 3) return;
            clearInterval(timer);
            resolve(count);
          }, 10);
        }),
      want: 3,
    },
    {
      name: "a debounced call runs once",
      handler: async () => {
        let calls = 0;
        let timer: ReturnType<typeof setTimeout> | undefined;
        for (let key = 0; key < 5; key++) {
          clearTimeout(timer);
          timer = setTimeout(() => calls++, 10);
        }
        await wait(30);
        return calls;
      },
      want: 1,
    },
    {
      name: "AbortSignal.timeout does not abort what is answered in time",
      handler: async () =>
        (await fetch("https://x.test/jwks", { signal: AbortSignal.timeout(5000) })).text(),
      want: "answer",
    },
    {
      name: "AbortSignal.timeout aborts what took longer",
      handler: () =>
        fetch("https://x.test/jwks", { signal: AbortSignal.timeout(20) }).then(
          () => "answered",
          (error: Error) => error.name,
        ),
      answerMs: 60,
      want: "TimeoutError",
    },
  ];

test.each(rows)("$name", async ({ handler, answerMs, want }) => {
  expect((await resultOf(handler, answerMs)).result).toEqual(want);
});

test("a floor holds the response back, without the run waiting for it", async () => {
  const { tookMs } = await resultOf(() => wait(150));
  expect(tookMs).toBeGreaterThanOrEqual(149);
});

test("a timer that was taken back does not hold the response back", async () => {
  const { result } = await resultOf(async () => {
    const startedAt = Date.now();
    const timer = setTimeout(() => {}, 60_000);
    await fetch("https://x.test/");
    clearTimeout(timer);
    return Date.now() - startedAt;
  });
  expect(result).toBeLessThan(60_000);
});

test("a pause before a call that is made again is a real one", async () => {
  const at: number[] = [];
  const { drive } = harness(
    async () => {
      for (;;) {
        const answer = await fetch("https://x.test/", { method: "POST" });
        if ((await answer.text()) === "done") return new Response("ok");
        await wait(60);
      }
    },
    {
      answer: () => {
        at.push(Date.now());
        return responseAnswer(at.length === 3 ? "done" : "busy");
      },
    },
  );
  await drive();
  const [first = 0, , last = 0] = at;
  expect(last - first).toBeGreaterThanOrEqual(119);
});

test("a pause is as long as it says, however long the runs before it took", async () => {
  const at: number[] = [];
  const { drive } = harness(
    async () => {
      // The clock of the run stands still meanwhile.
      const until = process.hrtime.bigint() + 15_000_000n;
      while (process.hrtime.bigint() < until);
      for (let call = 0; call < 5; call++)
        await fetch(`https://x.test/${call}`, { method: "POST" });
      await wait(60);
      await fetch("https://x.test/last", { method: "POST" });
      return new Response("ok");
    },
    {
      answer: () => {
        at.push(Date.now());
        return responseAnswer("ok");
      },
    },
  );
  await drive();
  const [before = 0, last = 0] = at.slice(-2);
  expect(last - before).toBeGreaterThanOrEqual(60);
});

test.each([
  { given: "a timer of seven weeks", ms: 2 ** 32, runs: 2 },
  { given: "a loop of short timers", ms: 1, runs: 8 },
])("$given beside a fetch costs few runs", async ({ ms, runs }) => {
  const { seen, drive } = harness(
    async () => {
      let isOver = false;
      const work = fetch("https://x.test/", { method: "POST" }).then(() => (isOver = true));
      while (!isOver) await Promise.race([work, wait(ms)]);
      return new Response("ok");
    },
    { answer: () => new Promise((done) => setTimeout(() => done(responseAnswer("ok")), 200)) },
  );
  expect((await drive()).status).toBe(200);
  expect(seen.runs.length).toBeLessThanOrEqual(runs);
  expect(seen.asked).toHaveLength(1);
});

const silent = () => new Promise<never>(() => {});
const name = (error: Error) => error.name;

test.each([
  [
    "AbortSignal.timeout ends",
    () =>
      fetch("https://x.test/", { signal: AbortSignal.timeout(30) }).then(() => "answered", name),
    "TimeoutError",
  ],
  ["a race ends", () => Promise.race([fetch("https://x.test/"), after(30, "late")]), "late"],
  [
    "a timer that only looks on does not end",
    async () => {
      let ticks = 0;
      setTimeout(() => ticks++, 10);
      const late = after(60, "late");
      return [await Promise.race([fetch("https://x.test/"), late]), ticks];
    },
    ["late", 1],
  ],
])("%s the wait for a fetch that never answers", async (_name, handler, want) => {
  const { drive, effects } = harness(async () => Response.json(await handler()), {
    answer: silent,
  });
  expect(await (await drive()).json()).toEqual(want);
  expect(effects()).toBe(1);
});

test("a call that lost against a timer is logged, since it ends with the request", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { drive } = harness(
    async () => {
      await Promise.race([fetch("https://x.test/lead", { method: "POST" }), wait(30)]);
      return new Response("ok");
    },
    { answer: silent },
  );
  await drive();
  expect(warn.mock.calls).toEqual([
    ["POST https://x.test had not answered when its request ended, and was given up."],
  ]);
  warn.mockRestore();
});

test("a fetch that answers after a timer is performed once", async () => {
  const { drive, effects } = harness(
    async () => {
      setTimeout(() => {}, 5);
      return fetch("https://x.test/");
    },
    {
      answer: async () => {
        await wait(40);
        return responseAnswer("answer");
      },
    },
  );
  expect(await (await drive()).text()).toBe("answer");
  expect(effects()).toBe(1);
});

test("each of two fetches with a deadline waits only for its own", async () => {
  const { drive, effects } = harness(
    async () => {
      const call = (n: number) =>
        fetch(`https://x.test/${n}`, { signal: AbortSignal.timeout(30) }).catch(name);
      return Response.json(await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(call)));
    },
    { answer: silent },
  );
  expect(await (await drive()).json()).toEqual(Array(8).fill("TimeoutError"));
  expect(effects()).toBe(8);
});

test("a call that is tried again after its timeout is performed again", async () => {
  let calls = 0;
  const { drive, effects } = harness(
    async () => {
      const call = () => fetch("https://x.test/", { signal: AbortSignal.timeout(30) });
      return call().catch(call);
    },
    { answer: () => (calls++ === 0 ? silent() : responseAnswer("second")) },
  );
  expect(await (await drive()).text()).toBe("second");
  expect(effects()).toBe(2);
});

test("work that waits for nothing outside wins where a syscall is answered at once", async () => {
  const { outcome } = await runHandler({
    context: "query",
    journal: [],
    settle: () => Promise.resolve(),
    handler: (run) =>
      withinRun(run, async () => {
        const work = async () => {
          for (let step = 0; step < 500; step++) await Promise.resolve();
          return 200;
        };
        return { status: await Promise.race([work(), after(5000, 504)]), headers: [], body: null };
      }),
  });
  expect(outcome).toMatchObject({ kind: "response", response: { status: 200 }, delayMs: 0 });
});

describe("in the action", () => {
  /** Serves the request in the action, after a run that asked with a timer. */
  const served = (
    handler: () => Promise<unknown>,
    answer: () => Answer | Promise<Answer> = () => responseAnswer("by the run"),
  ) => {
    const real = vi.fn(async () => new Response("by the action"));
    vi.stubGlobal("fetch", real);
    return harness(
      async ({ run }) => {
        const result = await handler();
        await run?.escalate("action", "a test");
        return Response.json(result);
      },
      { answer },
    );
  };
  const call = () =>
    fetch("https://x.test/", { signal: AbortSignal.timeout(30) }).then(
      (response) => response.text(),
      name,
    );

  test("the same call a second time is another one, though the first is known", async () => {
    const inAction = () => currentRun() === undefined;
    const { drive } = served(async () => [await call(), inAction() ? await call() : ""]);
    expect(await (await drive()).json()).toEqual(["by the run", "by the action"]);
  });

  test("a deadline ends the wait for what is under way", async () => {
    const { drive } = served(call, silent);
    expect(await (await drive()).json()).toBe("TimeoutError");
  });
});
