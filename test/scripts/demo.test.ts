// What the demo's panel shows of the last request. That the demo runs is what .ci/run holds.
import { expect, test } from "vitest";
import { lastRequest } from "../../scripts/demo/facts.js";
import type { Execution } from "../deployment/index.js";

const ran = (udfType: Execution["udfType"], identifier: string): Execution => ({
  ...{ udfType, identifier, logLines: [], error: null },
  executionTime: 0.0123,
});

test("the last request has the functions that ran since the one before, but for the panel's own", () => {
  const executions = [
    ran("Mutation", "generated/auth:write"),
    ran("HttpAction", "POST /api/auth/sign-up/email"),
    ran("Query", "panel:rows"),
    ran("Query", "generated/auth:read"),
    ran("Mutation", "panel:record"),
    ran("HttpAction", "GET /api/auth/get-session"),
    ran("Query", "viewer:me"),
  ];
  expect(lastRequest(executions)).toEqual({
    name: "GET /api/auth/get-session",
    runs: [
      { type: "Query", name: "generated/auth:read", ms: 12 },
      { type: "HttpAction", name: "GET /api/auth/get-session", ms: 12 },
    ],
  });
  expect(lastRequest([ran("Query", "viewer:me")])).toBeNull();
});
