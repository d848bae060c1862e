// What the log says about a question of the journal.
import { expect, test } from "vitest";
import { nameOf } from "../../../src/request/journal.js";

test("a fetch is named by its server alone: the path of a webhook is a secret", () => {
  const url = "https://hooks.example.com/services/T000/a-secret?key=another";
  const request = { url, method: "POST", headers: [], body: null };
  expect(nameOf({ kind: "fetch", request, options: {} })).toBe("POST https://hooks.example.com");
});

test("a password is not named", () => {
  expect(nameOf({ kind: "hashPassword", password: "a-secret" })).toBe("hashPassword");
});
