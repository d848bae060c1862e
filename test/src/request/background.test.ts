// Who waits for work that was started and not waited for.
import { expect, test } from "vitest";
import {
  noteBackground,
  noteCall,
  withBackground,
  withCalls,
} from "../../../src/request/background.js";

const later = (done: string[], name: string) =>
  new Promise<void>((resolve) => setTimeout(() => (done.push(name), resolve()), 10));

test("work in the background is waited for, and what it starts, and no other call", async () => {
  const done: string[] = [];
  const answer = await withBackground(async () => {
    noteBackground(later(done, "first").then(() => noteBackground(later(done, "second"))));
    noteCall(later(done, "a call").then(() => later(done, "more of it")));
    return "answer";
  });
  expect(answer).toBe("answer");
  expect(done).toEqual(["first", "a call", "second"]);
});

test("in an action each call is waited for", async () => {
  const done: string[] = [];
  await withCalls(async () => {
    void Promise.resolve().then(() => noteCall(later(done, "a call")));
  });
  expect(done).toEqual(["a call"]);
});

test("a call within another one leaves its work to that: it may be part of the work itself", async () => {
  const done: string[] = [];
  await withBackground(async () => {
    noteBackground(withBackground(async () => noteBackground(later(done, "inner"))));
  });
  expect(done).toEqual(["inner"]);
});

test("errors are for whoever started the work; those of the call itself are thrown", async () => {
  const lost = () => noteBackground(Promise.reject(new Error("in the background")));
  await withBackground(async () => lost());
  lost(); // where nobody waits; an error that nobody catches would fail this file
  await expect(
    withBackground(async () => {
      throw new Error("of the call");
    }),
  ).rejects.toThrow("of the call");
});
