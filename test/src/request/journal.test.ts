// Which questions of the journal are the same, and what the log says about one.
import { expect, test } from "vitest";
import {
  isSameQuestion,
  mentionsAny,
  nameOf,
  type Question,
} from "../../../src/request/journal.js";

const bytesOf = (text: string) => new TextEncoder().encode(text).buffer;

function formOf(boundary: string, value = "token"): Question {
  const type = ["content-type", `multipart/form-data; boundary=${boundary}`];
  const body = bytesOf(`--${boundary}\r\nname="response"\r\n\r\n${value}\r\n--${boundary}--`);
  const request = { url: "https://captcha.test/", method: "POST", headers: [type], body };
  return { kind: "fetch", request, options: {} };
}

function actionOf(args: Extract<Question, { kind: "runAction" }>["args"]): Question {
  return { kind: "runAction", handle: "function://;crm:lead", args };
}

function fetchOf(options: Extract<Question, { kind: "fetch" }>["options"]): Question {
  const request = { url: "https://idp.test/", method: "GET", headers: [], body: null };
  return { kind: "fetch", request, options };
}

test.each<{ given: string; one: Question; other: Question; want: boolean }>([
  {
    given: "forms that differ in their boundary",
    one: formOf("----formdata-undici-012345678901"),
    other: formOf("----formdata-undici-998877665544"),
    want: true,
  },
  {
    given: "forms that differ in a value",
    one: formOf("----formdata-undici-012345678901"),
    other: formOf("----formdata-undici-012345678901", "another"),
    want: false,
  },
  {
    given: "other bytes for an action",
    one: actionOf({ file: bytesOf("one") }),
    other: actionOf({ file: bytesOf("two") }),
    want: false,
  },
  {
    given: "members in another order",
    one: actionOf({ a: 1, b: [{ c: 2n, d: null }] }),
    other: actionOf({ b: [{ d: null, c: 2n }], a: 1 }),
    want: true,
  },
  {
    given: "one that says how redirects are treated by default",
    one: fetchOf({}),
    other: fetchOf({ redirect: "follow" }),
    want: true,
  },
])("$given: the same is $want", ({ one, other, want }) => {
  expect(isSameQuestion(one, other)).toBe(want);
});

test.each<{ given: string; question: Question }>([
  {
    given: "the address",
    question: {
      ...{ kind: "fetch", options: {} },
      request: { url: "https://crm.test/u1d", method: "GET", headers: [], body: null },
    },
  },
  {
    given: "a header",
    question: {
      ...{ kind: "fetch", options: {} },
      request: {
        ...{ url: "https://crm.test/", method: "GET", body: null },
        headers: [["x-user", "u1d"]],
      },
    },
  },
  {
    given: "the body",
    question: {
      ...{ kind: "fetch", options: {} },
      request: { url: "https://crm.test/", method: "POST", headers: [], body: bytesOf("id=u1d") },
    },
  },
  { given: "an argument", question: actionOf({ user: { id: "u1d" } }) },
])("an id is found in $given", ({ question }) => {
  expect(mentionsAny(question, new Set(["u1d"]))).toBe(true);
  expect(mentionsAny(question, new Set(["u2d"]))).toBe(false);
});

test("a fetch is named by its server alone: the path of a webhook is a secret", () => {
  const url = "https://hooks.example.com/services/T000/a-secret?key=another";
  const request = { url, method: "POST", headers: [], body: null };
  expect(nameOf({ kind: "fetch", request, options: {} })).toBe("POST https://hooks.example.com");
});

test("a password is not named", () => {
  expect(nameOf({ kind: "hashPassword", password: "a-secret" })).toBe("hashPassword");
});
