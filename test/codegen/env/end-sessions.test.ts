// Ending sessions from the CLI: batches, a moment that stays the same, smaller batches where one is too much.
import { expect, test } from "vitest";
import { CodegenError } from "../../../codegen/errors.js";
import { runEndSessions } from "../../../codegen/env/end-sessions.js";

type Args = { limit: number; before?: number };

/** A deployment with sessions; `fits`: how many of them one transaction takes. */
function deployment({ sessions, fits = 1000 }: { sessions: number; fits?: number }) {
  let left = sessions;
  const calls: Args[] = [];
  const run = async (_name: string, args: Readonly<Record<string, unknown>>) => {
    const { limit, before } = args as Args; // what runEndSessions sends
    calls.push({ limit, ...(before !== undefined && { before }) });
    if (Math.min(limit, left) > fits)
      throw new CodegenError({
        code: "CONVEX_CLI_FAILED",
        message: "Too many writes in a single function",
        hint: "h",
      });
    const ended = Math.min(limit, left);
    left -= ended;
    return { ended, before: before ?? 7, elsewhere: false };
  };
  return { run, calls, left: () => left };
}

test("100,000 sessions are a hundred batches, with the moment of the first", async () => {
  const here = deployment({ sessions: 100_000 });
  const steps: string[] = [];
  const result = await runEndSessions(here, { onStep: (title) => steps.push(title) });
  expect(result).toEqual({ ended: 100_000, elsewhere: false });
  expect(here.calls).toHaveLength(101);
  expect(here.calls[0]).toEqual({ limit: 1000 });
  expect(here.calls.slice(1).every(({ before }) => before === 7)).toBe(true);
  expect(steps.at(50)).toBe("end the sessions (50000 so far)");
});

test("where triggers make a batch too much, the batches get smaller", async () => {
  const here = deployment({ sessions: 95, fits: 10 });
  expect(await runEndSessions(here, { onStep: () => {} })).toMatchObject({ ended: 95 });
  expect(here.calls.slice(0, 3).map(({ limit }) => limit)).toEqual([1000, 100, 10]);
});

test("a failure says how many ended, and that the command goes on from there", async () => {
  const here = deployment({ sessions: 1500 });
  const run: typeof here.run = async (name, args) => {
    if (here.left() < 1500)
      throw new CodegenError({
        code: "CONVEX_CLI_FAILED",
        message: "The network is gone.",
        hint: "Wait.",
      });
    return here.run(name, args);
  };
  await expect(runEndSessions({ run }, { onStep: () => {} })).rejects.toMatchObject({
    code: "SESSIONS_NOT_ENDED",
    message: expect.stringContaining(
      "ended 1000 sessions. Then an error stopped it: The network is gone.",
    ) as string,
    hint: "Wait. Run the command again to end the other sessions.",
  });
});

test("functions of before the command are named", async () => {
  const message = "Could not find function for 'generated/auth:endSessions'.";
  const run = () =>
    Promise.reject(new CodegenError({ code: "CONVEX_CLI_FAILED", message, hint: "h" }));
  await expect(runEndSessions({ run }, { onStep: () => {} })).rejects.toMatchObject({
    hint: expect.stringContaining("npx kitcn codegen") as string,
  });
});
