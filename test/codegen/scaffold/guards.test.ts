// Which procedures the plugins of an app bring to lib/crpc.ts.
import { admin, organization } from "better-auth/plugins";
import { expect, test } from "vitest";
import { guardsOf } from "../../../codegen/scaffold/guards.js";

test.each([
  ["no plugins", {}, false, []],
  ["a plugin without roles", { plugins: [{ id: "username" }] }, false, []],
  ["organization()", { plugins: [organization()] }, true, []],
  ["admin()", { plugins: [admin()] }, false, ["admin"]],
  ["both", { plugins: [admin(), organization()] }, true, ["admin"]],
  ["one role", { plugins: [admin({ adminRoles: "admin" })] }, false, ["admin"]],
  [
    "roles in one text",
    { plugins: [admin({ adminRoles: "admin,user" })] },
    false,
    ["admin", "user"],
  ],
  ["a list", { plugins: [admin({ adminRoles: ["user", "admin"] })] }, false, ["user", "admin"]],
  ["an empty list", { plugins: [{ id: "admin", options: { adminRoles: [] } }] }, false, ["admin"]],
] as const)("%s", (_title, options, hasOrganization, adminRoles) => {
  expect(guardsOf(options)).toEqual({ hasOrganization, adminRoles });
});
