// Which errors must not become an ordinary answer, and what a request with one is answered.
import { APIError } from "better-auth/api";
import { expect, test } from "vitest";
import type { KitcnErrorCode } from "../../../src/errors/codes.js";
import { KitcnError } from "../../../src/errors/error.js";
import { withinAction } from "../../../src/request/effects.js";
import { failureResponse, isRefusedImport, noteFailure } from "../../../src/request/failures.js";

const errorOf = (code: KitcnErrorCode) =>
  new KitcnError({ code, message: "It fails.", hint: "Try something else." });

async function noted(error: unknown): Promise<unknown[]> {
  const failures: unknown[] = [];
  const scope = { path: "/", journal: [], replay: undefined };
  await withinAction({ ...scope, noteFailure: (one) => void failures.push(one) }, async () =>
    noteFailure(error),
  );
  return failures;
}

test.each<{ given: string; error: unknown; isNoted: boolean }>([
  { given: "a store that fails", error: new Error("no connection"), isNoted: true },
  { given: "a text", error: "no connection", isNoted: true },
  { given: "a missing index", error: errorOf("MISSING_INDEX"), isNoted: true },
  { given: "a refusal of a hook", error: new APIError("FORBIDDEN"), isNoted: false },
  { given: "a value that is taken", error: errorOf("UNIQUE_VIOLATION"), isNoted: false },
  { given: "a forced id", error: errorOf("FORCED_ID"), isNoted: false },
  { given: "a trigger that cancels", error: errorOf("TRIGGER_CANCELLED"), isNoted: false },
  { given: "a row that others need", error: errorOf("RESTRICTED"), isNoted: false },
])("$given: noted $isNoted", async ({ error, isNoted }) => {
  expect(await noted(error)).toEqual(isNoted ? [error] : []);
});

test.each<{ error: unknown; status: number; code: string }>([
  { error: errorOf("TOO_MANY_DOCUMENTS"), status: 422, code: "TOO_MANY_DOCUMENTS" },
  { error: errorOf("TOO_MANY_WRITES"), status: 422, code: "TOO_MANY_WRITES" },
  { error: errorOf("TRIGGER_CANCELLED"), status: 422, code: "TRIGGER_CANCELLED" },
  { error: errorOf("INVALID_ORDER"), status: 400, code: "INVALID_ORDER" },
  { error: errorOf("MISSING_INDEX"), status: 500, code: "MISSING_INDEX" },
  // What it says is for the log alone.
  { error: new Error("a secret"), status: 500, code: "STORE_FAILED" },
])("$code is answered with $status", async ({ error, status, code }) => {
  const response = failureResponse(error);
  const text = await response.text();
  expect(response.status).toBe(status);
  expect(JSON.parse(text)).toMatchObject({ code });
  expect(text).not.toContain("a secret");
});

test.each([
  { error: new TypeError("dynamic module import unsupported"), want: true },
  { error: new Error("Dynamic module import unsupported here"), want: true },
  { error: new Error("import failed"), want: false },
  { error: "dynamic module import unsupported", want: false },
])("a refused import(): $error, $want", ({ error, want }) => {
  expect(isRefusedImport(error)).toBe(want);
});
