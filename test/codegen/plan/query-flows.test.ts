// Better Auth's own flows, run over a store that plans each query: none may read a whole table, save where
// the caller chooses filter and order, and where the table stays small.
import { expect, test } from "vitest";
import { CORE_FLOWS } from "../../support/flows/core.js";
import { PACKAGE_FLOWS } from "../../support/flows/packages.js";
import { recordFlow } from "../../support/flows/record.js";

/** Queries that follow the caller's wish, with the wish. */
const CALLERS_CHOICE: Readonly<Record<string, string>> = {
  "findMany user by []": "admin lists all users",
  "count user by []": "admin lists all users",
  "findMany user by [] sorted by createdAt": "admin lists users in an order",
  "findMany user by [] sorted by email": "admin lists users in an order",
  "findMany user by [name contains]": "admin searches users by a part of the name",
  "count user by [name contains]": "admin searches users by a part of the name",
};

/** Queries that want the whole of a table, with the reason why it stays small. */
const SMALL_TABLES: Readonly<Record<string, string>> = {
  "findMany jwks by []": "the keys in use; there are a few",
  "findMany ssoProvider by []": "one provider may serve many domains, which are parts of a column",
};

test.each([...CORE_FLOWS, ...PACKAGE_FLOWS])("$name", async (flow) => {
  const { models, scans } = await recordFlow(flow);
  expect([...models]).toEqual(expect.arrayContaining([...flow.queries]));
  const known = { ...CALLERS_CHOICE, ...SMALL_TABLES };
  expect([...scans].filter((scan) => !Object.hasOwn(known, scan))).toEqual([]);
});
