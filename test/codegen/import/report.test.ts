// What a report of an import names: old ids, and no address.
import { expect, test } from "vitest";
import { namedRows } from "../../../codegen/import/report.js";

const reason = "it has no password hash";

test.each([
  ["user_1", "user_1"],
  ["a@b.co", "sha256-80305c9bb1bb2480"],
  ["samlp|corp|a@b.co", "samlp|corp|sha256-80305c9bb1bb2480"],
  ["org_1:auth0|a@b.co", "org_1:auth0|sha256-80305c9bb1bb2480"],
])("the old id %s", (oldId, shown) => {
  const row = { model: "account", oldId, reason };
  expect(namedRows([row, row])).toEqual([{ ...row, oldId: shown }]);
});
