// A response that crosses from the action to a run, or back, still says what `fetch` and Better Auth said of it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadAnswer } from "../../../src/request/answers.js";
import { loadRequest, loadResponse, toRequest, toResponse } from "../../../src/request/message.js";

let base = "";
const server = createServer((request, response) => {
  if (request.url === "/old") response.writeHead(302, { location: "/new" }).end();
  else response.writeHead(429, "Slow Down Please", { "retry-after": "7" }).end("later");
});

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP port, as asked for
});
afterAll(() => new Promise((closed) => server.close(closed)));

const crossed = async (response: Response) => toResponse(await loadResponse(response));

test("a response keeps its reason phrase", async () => {
  const { status, statusText } = await crossed(
    Response.json({}, { status: 403, statusText: "FORBIDDEN" }),
  );
  expect({ status, statusText }).toEqual({ status: 403, statusText: "FORBIDDEN" });
});

test("a response without a reason phrase or an address gets neither", async () => {
  const message = await loadResponse(new Response("yes"));
  expect(Object.keys(message).sort()).toEqual(["body", "headers", "status"]);
  expect(toResponse(message)).toMatchObject({ statusText: "", url: "", redirected: false });
});

test("a fetched response says where it came from, and whether it was redirected", async () => {
  const answerTo = async (path: string) => {
    const answer = await loadAnswer(() => fetch(`${base}${path}`));
    if (answer.kind !== "response") throw new Error(answer.kind);
    const response = toResponse(answer.response);
    const { url, redirected, statusText } = response;
    return { url, redirected, statusText, text: await response.text() };
  };
  const arrived = { url: `${base}/new`, statusText: "Slow Down Please", text: "later" };
  expect(await answerTo("/new")).toEqual({ ...arrived, redirected: false });
  expect(await answerTo("/old")).toEqual({ ...arrived, redirected: true });
});

test("a copy of a fetched response can be read as well", async () => {
  const response = await crossed(await fetch(`${base}/old`));
  const copy = response.clone().clone();
  expect([await response.text(), await copy.text(), copy.statusText]).toEqual([
    "later",
    "later",
    "Slow Down Please",
  ]);
  expect(copy).toMatchObject({ url: `${base}/new`, redirected: true });
});

test("a redirected response without an address still says so", async () => {
  const response = Object.defineProperty(Response.json({}), "redirected", { value: true });
  expect(await crossed(response)).toMatchObject({ url: "", redirected: true });
});

test.each([
  ["a form without fields", "application/x-www-form-urlencoded", true],
  ["an empty text", "text/plain", true],
  ["an empty JSON, which is no JSON", "application/json", false],
  ["nothing, of no kind", undefined, false],
])("%s", async (_title, type, hasBody) => {
  const headers = new Headers(type === undefined ? [] : [["content-type", type]]);
  const sent = new Request(base, { method: "POST", headers, body: new Uint8Array() });
  expect(toRequest(await loadRequest(sent)).body !== null).toBe(hasBody);
});
