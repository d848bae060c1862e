// What runs have performed before the action serves the request: a call that changes something is not made again,
// also where it says the time, which is another one in the action.
import { afterEach, expect, test, vi } from "vitest";
import { withinHook } from "../../../src/request/scope.js";
import { harness, responseAnswer } from "./harness.js";

const CRM = "https://crm.test/";
const call = (body: string) => fetch(CRM, { method: "POST", body });
const look = (text: string) => fetch(`${CRM}?text=${text}`);

afterEach(() => void vi.unstubAllGlobals());

/** What is called before the action serves, and what it calls then. */
async function callsOf(inRuns: () => Promise<unknown>, inAction: () => Promise<unknown>) {
  const calls: string[] = [];
  vi.stubGlobal("fetch", async (input: string, init?: RequestInit) => {
    const { method, url, body } = new Request(input, init);
    calls.push(method === "GET" ? url.slice(CRM.length) : await new Response(body).text());
    return new Response("from the action");
  });
  const { effects, seen, drive } = harness(
    async ({ run }) => {
      await (run ? inRuns() : inAction());
      await run?.escalate("action", "a key is generated");
      return new Response("ok");
    },
    { answer: () => responseAnswer("from a run") },
  );
  await drive();
  expect(seen.inAction).toBe(1);
  return { before: effects(), then: calls };
}

test("a call that says the time is made once", async () => {
  const lead = async () => {
    const answer = await call(`a lead, at ${Date.now() + Math.random()}`);
    expect(await answer.text()).toBe("from a run");
  };
  const later = async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await lead();
    await call("and another one");
  };
  expect(await callsOf(lead, later)).toEqual({ before: 1, then: ["and another one"] });
});

test("calls that are the same find their own answers", async () => {
  const both = async () => void (await Promise.all([call("one"), call("two")]));
  const turned = async () => void (await Promise.all([call("two"), call("one")]));
  expect(await callsOf(both, turned)).toEqual({ before: 2, then: [] });
});

test("an after-hook that has waited calls what it has to call", async () => {
  const risk = () => call(`a sign-up, at ${Date.now() + Math.random()}`);
  const hook = () => withinHook("user.create.after", () => call("a user"));
  const both = async () => {
    await hook();
    await risk();
  };
  expect(await callsOf(risk, both)).toEqual({ before: 1, then: ["a user"] });
});

test("an after-hook does not repeat its own call", async () => {
  const hookOf = (name: string) => () =>
    withinHook(name, () => call(`a user, at ${Date.now() + Math.random()}`));
  const ran = callsOf(hookOf("user.create.after#0"), hookOf("user.create.after"));
  expect(await ran).toEqual({ before: 1, then: [] });
});

test("what changes nothing is asked again where it is another question", async () => {
  const ran = callsOf(
    () => look("one"),
    () => look("two"),
  );
  expect(await ran).toEqual({ before: 1, then: ["?text=two"] });
});
