// What `init` of a plugin asks of the outside, and when a request gets it after all. Plugins here are functions.
import { expect, test } from "vitest";
import { withinRun } from "../../../src/request/effects.js";
import { currentInit, type AnswerInit } from "../../../src/request/init-scope.js";
import { createInits, type Inits } from "../../../src/request/init.js";
import type { Answer, Entry, Question } from "../../../src/request/journal.js";
import { loadResponse } from "../../../src/request/message.js";
import { runHandler, type Replay, type RequestRun } from "../../../src/request/run.js";
import { answerOf } from "../../../src/request/scope.js";

const URL_OF_INIT = "https://idp.test/discovery";

type Plugin = {
  readonly init: () => unknown;
  readonly use?: () => unknown;
  /** True if other code looks for what `init` should have left. */
  readonly isMissed?: boolean;
  /** Of the response. Default: 200. */
  readonly status?: number;
};

const answer: AnswerInit = (question, perform) =>
  answerOf({ ...question, isOfInit: true }, perform);

/** One run that starts the plugin, uses it if it says so, and answers with what both gave. */
async function runOf(
  { init, use, isMissed, status = 200 }: Plugin,
  {
    context = "mutation",
    journal = [],
    replay,
  }: { context?: "query" | "mutation"; journal?: readonly Entry[]; replay?: Replay } = {},
) {
  const handler = async (run: RequestRun) => {
    const inits: Inits = createInits({ isRefusing: true, answer });
    const started = await inits.call("plugin", init);
    const used = await (use && inits.use("plugin", use));
    if (isMissed) inits.miss("plugin");
    const response = Response.json({ started, used }, { status });
    if (status === 404) await run.checkMissing();
    return loadResponse(response);
  };
  const { outcome } = await runHandler({
    ...{ context, journal, replay },
    settle: () => new Promise((resolve) => setTimeout(resolve, 1)),
    handler: (run) => withinRun(run, () => handler(run)),
  });
  if (outcome.kind === "ask") return { asks: nameOf(outcome.question) };
  if (outcome.kind === "escalate") return { moves: outcome.to };
  return JSON.parse(new TextDecoder().decode(outcome.response.body!)) as object;
}

function nameOf(question: Question): string {
  return question.kind === "fetch" ? question.request.url : question.kind;
}

const text = async () => (await fetch(URL_OF_INIT)).text();
const orNone = () => text().catch(() => "none");

const entryOf = (question: Question, answer: Answer): Entry => ({ question, answer, elapsedMs: 0 });
const answered = (body: string): Entry =>
  entryOf(
    {
      kind: "fetch",
      request: { url: URL_OF_INIT, method: "GET", headers: [], body: null },
      options: {},
    },
    {
      kind: "response",
      response: {
        status: 200,
        headers: [],
        body: new TextEncoder().encode(body).buffer as ArrayBuffer,
      },
    },
  );
const promised = (plugin: string): Entry =>
  entryOf({ kind: "init", plugin }, { kind: "flag", flag: true });

test("a plugin that lives without an answer does so", async () => {
  expect(await runOf({ init: orNone })).toEqual({ started: "none" });
});

test("a plugin that throws without an answer gets it", async () => {
  expect(await runOf({ init: text })).toEqual({ asks: URL_OF_INIT });
  expect(await runOf({ init: text }, { journal: [answered("there")] })).toEqual({
    started: "there",
  });
});

test("what is drawn after init does not depend on it, nor on how many there are", async () => {
  const handler = async (plugins: readonly Plugin[]) => {
    const inits = createInits({ isRefusing: true, answer });
    for (const { init } of plugins) await inits.call("plugin", init);
    return loadResponse(new Response(crypto.randomUUID()));
  };
  const drawnAfter = async (plugins: readonly Plugin[]) => {
    const { outcome } = await runHandler({
      ...{
        context: "mutation",
        journal: [],
        replay: { startedAt: 0, random: new ArrayBuffer(32) },
      },
      handler: (run) => withinRun(run, () => handler(plugins)),
    });
    return outcome.kind === "response" && new TextDecoder().decode(outcome.response.body!);
  };
  const draws = { init: () => crypto.randomUUID() };
  expect(await drawnAfter([draws, draws])).toBe(await drawnAfter([]));
});

test.each([
  { deadlineMs: 10, want: "late" },
  { deadlineMs: 90, want: "there at 0" },
])("an answer after 50 ms, and a deadline of $deadlineMs ms", async ({ deadlineMs, want }) => {
  const { question, answer } = answered("there");
  const known = { question: { ...question, isOfInit: true }, answer, elapsedMs: 50 } as Entry; // a fetch, as `answered` makes it
  const beganAt = Date.now();
  const init = () =>
    Promise.race([
      text().then((found) => `${found} at ${Date.now() - beganAt}`),
      new Promise((resolve) => setTimeout(() => resolve("late"), deadlineMs)),
    ]);
  const replay = { startedAt: beganAt, random: new ArrayBuffer(32) };
  expect(await runOf({ init }, { journal: [promised("plugin"), known], replay })).toEqual({
    started: want,
  });
});

test("a plugin that throws for another reason is called once", async () => {
  let calls = 0;
  const init = () => {
    calls++;
    throw new Error("no");
  };
  await expect(runOf({ init })).rejects.toThrow("no");
  expect(calls).toBe(1);
});

test("what a plugin fetches without waiting for it is answered", async () => {
  const init = () => void fetch(URL_OF_INIT).then(() => {});
  const use = () => new Promise((resolve) => setTimeout(resolve, 10));
  expect(await runOf({ init, use })).toEqual({ asks: URL_OF_INIT });
});

test("what uses a plugin has the answer, for which the request starts again", async () => {
  let found = "";
  const plugin = { init: async () => void (found = await orNone()), use: () => found };
  expect(await runOf(plugin)).toEqual({ asks: "init" });
  const journal = [promised("plugin")];
  expect(await runOf(plugin, { journal })).toEqual({ asks: URL_OF_INIT });
  expect(await runOf(plugin, { journal: [...journal, answered("there")] })).toEqual({
    used: "there",
  });
});

test("a plugin that asks again by itself is not started again", async () => {
  const plugin = { init: orNone, use: text };
  expect(await runOf(plugin)).toEqual({ asks: URL_OF_INIT });
});

test("a plugin without its answer does nothing outside", async () => {
  const use = async () =>
    (await fetch("https://crm.test/", { method: "POST", body: "none" })).text();
  expect(await runOf({ init: orNone, use })).toEqual({ asks: "init" });
});

test("an answer as if something were missing starts the request again", async () => {
  const plugin = { init: orNone, status: 404 };
  expect(await runOf(plugin)).toEqual({ asks: "init" });
  const journal = [promised("*"), answered("there")];
  expect(await runOf(plugin, { journal })).toEqual({ started: "there" });
});

test("code that misses what a plugin should have left starts the request again", async () => {
  const plugin = { init: orNone, isMissed: true };
  expect(await runOf(plugin)).toEqual({ asks: "init" });
  const journal = [promised("plugin"), answered("there")];
  expect(await runOf(plugin, { journal })).toEqual({ started: "there" });
  const complete = { init: () => "all", isMissed: true };
  expect(await runOf(complete)).toEqual({ started: "all" });
});

test("code of the plugin itself, or of another one that starts, misses nothing", async () => {
  const handler = async () => {
    const inits = createInits({ isRefusing: true, answer });
    await inits.call("first", orNone);
    await inits.call("second", () => inits.miss("first"));
    const used = await inits.use("first", () => {
      inits.miss("first");
      return text();
    });
    return loadResponse(Response.json(used));
  };
  const { outcome } = await runHandler({
    ...{ context: "mutation", journal: [] },
    handler: (run) => withinRun(run, handler),
  });
  const asked = outcome.kind === "ask" && nameOf(outcome.question);
  expect(asked).toBe(URL_OF_INIT);
});

test("a write that was only pretended is made where the plugin is used", async () => {
  const init = () => currentInit()?.notePretended();
  expect(await runOf({ init }, { context: "query" })).toEqual({});
  expect(await runOf({ init, use: () => "used" }, { context: "query" })).toEqual({
    moves: "mutation",
  });
});
