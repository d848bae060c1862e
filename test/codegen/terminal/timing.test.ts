// KITCN_TIMING=1: where the time of a command goes, and that each moment is counted once.
import { afterEach, describe, expect, test, vi } from "vitest";
import { printTiming, startTiming, timed } from "../../../codegen/terminal/timing.js";
import { cliApp } from "../support/cli.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** A clock that only moves when it is told. */
function stopped() {
  let now = 1000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  return { pass: (ms: number) => void (now += ms) };
}

describe("phases", () => {
  test("one inside of another takes its time from it, and all of them add up", async () => {
    const clock = stopped();
    startTiming({ from: 980 });
    clock.pass(5);
    await timed("plan", async () => {
      clock.pass(10);
      timed("read and parse files", () => clock.pass(30));
      await timed("evaluate auth.ts", async () => {
        await Promise.resolve();
        clock.pass(100);
      });
      clock.pass(1);
    });
    expect(printTiming()).toBe(
      [
        "time:",
        "  evaluate auth.ts               100 ms",
        "  read and parse files            30 ms",
        "  start Node, load kitcn          20 ms",
        "  plan                            11 ms",
        "  the rest                         5 ms",
        "  all                            166 ms",
        "",
      ].join("\n"),
    );
  });

  test("two at a time are counted once, and processes are counted", async () => {
    const clock = stopped();
    startTiming({ from: 1000 });
    const gates: (() => void)[] = [];
    const both = [0, 1].map(() =>
      timed("convex CLI", () => new Promise<void>((resolve) => void gates.push(resolve))),
    );
    clock.pass(40);
    for (const open of gates) open();
    await Promise.all(both);
    clock.pass(2);
    const told = printTiming();
    expect(told).toMatch(/convex CLI +40 ms {2}2 processes\n/);
    expect(told).toMatch(/the rest +2 ms\n/);
    expect(told).toMatch(/all +42 ms\n/);
  });

  test("one that fails has ended, and its error arrives", async () => {
    const clock = stopped();
    startTiming({ from: 1000 });
    const failure = new Error("no");
    const fail = () => {
      throw failure;
    };
    expect(() => timed("plan", fail)).toThrow(failure);
    await expect(timed("format", () => Promise.reject(failure))).rejects.toBe(failure);
    clock.pass(7);
    expect(printTiming()).toMatch(/the rest +7 ms\n/);
  });
});

describe("a command", () => {
  test("tells its phases on stderr, after its result, and none of them without the variable", async () => {
    const app = cliApp("next");
    vi.stubEnv("KITCN_TIMING", "1");
    const added = await app.kitcn("add", "auth", "--yes", "--json");
    expect(added.code, added.stderr).toBe(0);
    expect(JSON.parse(added.stdout)).toMatchObject({ ok: true });
    for (const phase of PHASES) expect(added.stderr).toContain(`\n  ${phase} `);
    vi.unstubAllEnvs();
    const again = await app.kitcn("add", "auth", "--yes", "--json");
    expect(again).toMatchObject({ code: 0, stderr: "" });
  });

  test("tells them where it fails, too", async () => {
    vi.stubEnv("KITCN_TIMING", "1");
    const app = cliApp("next", { files: { "convex/auth.ts": "export default 1;\n" } });
    const failed = await app.kitcn("codegen");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^error: [^]*\ntime:\n[^]* {2}evaluate auth\.ts /);
  });
});

const PHASES = [
  "start Node, load kitcn",
  "read and parse files",
  "import packages",
  "evaluate auth.ts",
  "plan",
  "format",
  "write files",
  "the rest",
  "all",
];
