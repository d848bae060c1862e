// The tables name every callback of the installed Better Auth that sends something or runs after a change: what
// appears in its types with a later version has to be put into a table, or listed here with the reason.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AFTER_HOOKS, SENDS, type CallbackTable } from "../../../src/better-auth/callback-names.js";

const PACKAGES = [
  "better-auth",
  "@better-auth/core",
  "@better-auth/api-key",
  "@better-auth/i18n",
  "@better-auth/oauth-provider",
  "@better-auth/passkey",
  "@better-auth/scim",
  "@better-auth/stripe",
];

/** Names of that form which are something else. */
const OTHERS: { readonly [name: string]: string } = {
  afterVerification: "passkey: its result decides the registration, so it cannot wait",
  onAPIError: "an option, not a callback",
  onAfterCommitHookError: "internal to Better Auth",
  onDelete: "of a reference, a keyword",
  onDeviceAuthRequest: "validates a device's request before anything is written",
  onError: "called with an error of the request",
  onRequest: "of plugins: runs before the endpoint",
  onRequestValidationError: "of an endpoint's types",
  onResponse: "of plugins: makes the response",
  onTrialEnd: "of a Stripe plan: called by Stripe's webhook, one effect for each delivery",
  onTrialExpired: "as onTrialEnd",
  onTrialStart: "as onTrialEnd",
  onUpdate: "of a field: makes its value",
  onValidationError: "of an endpoint's types",
  sendOnSignIn: "an option, not a callback",
  sendOnSignUp: "an option, not a callback",
  sendPhoneNumberOTP: "an endpoint",
  sendTwoFactorOTP: "an endpoint",
  sendVerificationOnSignUp: "an option, not a callback",
};

test("every callback of the installed Better Auth is in a table", () => {
  const known = new Set([...namesIn(SENDS), ...namesIn(AFTER_HOOKS), ...Object.keys(OTHERS)]);
  expect([...declared()].filter((name) => !known.has(name))).toEqual([]);
});

test("the tables name nothing that Better Auth does not have", () => {
  const names = declared();
  const tabled = [...namesIn(SENDS), ...namesIn(AFTER_HOOKS), ...Object.keys(OTHERS)];
  expect(tabled.filter((name) => !names.has(name))).toEqual([]);
});

function namesIn({ core, plugins }: CallbackTable): string[] {
  return [...core, ...Object.values(plugins).flat()].map((path) => path.at(-1)!);
}

function declared(): Set<string> {
  const names = new Set<string>();
  for (const name of PACKAGES)
    for (const file of filesIn(join("node_modules", name, "dist")))
      for (const [, found] of readFileSync(file, "utf8").matchAll(
        /^\s*((?:after|on|send)[A-Z]\w*)\??(?::|\()/gm,
      ))
        names.add(found!);
  return names;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.d\.m?ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/client|test-utils/.test(path));
}
