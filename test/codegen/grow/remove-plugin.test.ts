// `kitcn remove plugin`: what nobody changed goes, with its imports; what somebody changed is named; tables stay.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment } from "../support/cli.js";
import { appWithAuth, succeeded } from "./support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

test("calls, imports and the client half go; the table stays until it is pruned", async () => {
  const app = await appWithAuth("next");
  const auth = app.read("convex/auth.ts");
  const client = app.read("lib/auth-client.ts");
  succeeded(await app.kitcn("add", "plugin", "magic-link", "two-factor", "--yes"));
  const ran = succeeded(await app.kitcn("remove", "plugin", "2fa", "--yes"));
  expect(ran.stdout).toContain("two-factor: removed");
  expect(ran.stdout).toContain("orphaned: table twoFactor");
  expect(ran.stdout).toContain("To remove it: npx kitcn remove plugin two-factor --prune --yes");
  expect(app.read("convex/auth.ts")).not.toContain("twoFactor");
  expect(app.read("convex/auth.ts")).toContain('import { magicLink } from "better-auth/plugins"');
  expect(app.read("lib/auth-client.ts")).not.toContain("twoFactor");
  expect(app.read("convex/schema.ts")).toContain("twoFactorTable");

  const again = succeeded(await app.kitcn("remove", "plugin", "two-factor", "--yes"));
  expect(again.stdout).toContain("two-factor: is not there");
  expect(again.stdout).toContain("nothing was written");
  succeeded(await app.kitcn("remove", "plugin", "two-factor", "magic-link", "--prune", "--yes"));
  expect(app.read("convex/schema.ts")).not.toContain("twoFactorTable");
  const meant = (text: string) => text.replaceAll(/[\s,]/g, "");
  expect(meant(app.read("convex/auth.ts"))).toBe(meant(auth));
  expect(meant(app.read("lib/auth-client.ts"))).toBe(meant(client));
});

test("--prune removes the tables of the plugins that are named, and says what else is left", async () => {
  const app = await appWithAuth("next");
  succeeded(await app.kitcn("add", "plugin", "two-factor", "passkey", "admin", "--yes"));
  succeeded(await app.kitcn("remove", "plugin", "two-factor", "admin", "--yes"));
  const ran = succeeded(await app.kitcn("remove", "plugin", "passkey", "--prune", "--yes"));
  expect(ran.stdout).toContain("pruned: table passkey");
  expect(ran.stdout).toMatch(
    /orphaned: table twoFactor .* To remove it: npx kitcn add auth --schema --prune --yes/,
  );
  expect(app.read("convex/schema.ts")).not.toContain("passkeyTable");
  expect(app.read("convex/schema.ts")).toContain("twoFactorTable");
  for (const column of ["twoFactorEnabled", "banReason"])
    expect(app.read("convex/schema.ts")).toContain(column);
  expect(app.read("convex/relations.ts")).not.toContain("passkey");
  expect(app.read("convex/relations.ts")).toContain("twoFactor");
  succeeded(await app.kitcn("remove", "plugin", "2fa", "--prune", "--yes"));
  expect(app.read("convex/schema.ts")).not.toContain("twoFactor");
  expect(app.read("convex/schema.ts")).toContain("banReason");
  expect(app.read("convex/relations.ts")).not.toContain("twoFactor");
});

test("a package that no file imports any more is named, with the command that uninstalls it", async () => {
  const app = await appWithAuth("next");
  succeeded(await app.kitcn("add", "plugin", "passkey", "two-factor", "--yes"));
  app.write("tests/keys.ts", 'vi.mock("@better-auth/passkey/client");\n');
  const first = succeeded(await app.kitcn("remove", "plugin", "passkey", "two-factor", "--yes"));
  expect(first.stdout).toContain("No file imports uqr any more.");
  expect(first.stdout).toContain("run npm uninstall uqr.");
  app.remove("tests/keys.ts");
  succeeded(await app.kitcn("add", "plugin", "passkey", "--yes"));
  const again = succeeded(await app.kitcn("remove", "plugin", "passkey", "--yes"));
  expect(again.stdout).toContain("No file imports @better-auth/passkey any more.");
});

test("options of somebody's own are named and kept, and go when that is asked for", async () => {
  const given = `import { admin, organization } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const guard = admin();
export default defineAuth(() => ({
  plugins: [
    // teams, too
    organization({ teams: { enabled: true } }),
    guard,
  ],
}));
`;
  const app = cliApp("plain", { files: { "convex/auth.ts": given } });
  succeeded(await app.kitcn("add", "auth", "--schema", "--yes"));
  const before = app.snapshot();
  const ran = await app.kitcn("remove", "plugin", "organization", "admin", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain("convex/auth.ts:8");
  expect(ran.stderr).toContain("convex/auth.ts:4");
  expect(ran.stderr).toContain("--force");
  expect(app.snapshot()).toEqual(before);
  succeeded(await app.kitcn("remove", "plugin", "organization", "admin", "--force", "--yes"));
  expect(app.read("convex/auth.ts")).toBe(`import { admin } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const guard = admin();
export default defineAuth(() => ({
  plugins: [
    // teams, too
  ],
}));
`);
});

describe("an import stays", () => {
  test("where something else mentions it", async () => {
    const given = `import { admin, username } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export const names = [admin.name, username.name];
export default defineAuth(() => ({ plugins: [admin(), username()] }));
`;
    const app = cliApp("plain", { files: { "convex/auth.ts": given } });
    succeeded(await app.kitcn("remove", "plugin", "admin", "--yes"));
    expect(app.read("convex/auth.ts")).toBe(given.replace("admin(), ", ""));
  });
});

test("a plugin that only running auth.ts shows is not guessed at", async () => {
  const given = `import { username } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const make = () => [username()];
export default defineAuth(() => ({ plugins: make() }));
`;
  const app = cliApp("plain", { files: { "convex/auth.ts": given } });
  const ran = await app.kitcn("remove", "plugin", "username", "--force", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain("but kitcn does not find it in the list of plugins");
  expect(app.read("convex/auth.ts")).toBe(given);
});
