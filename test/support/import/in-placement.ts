// `kitcn import` where the tables have other names, or live in a component: the packaged one, and one of the app's own.
// The default suite and the matrix choose which.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Placement } from "../../../codegen/types.js";
import { startAuthApp } from "../../faults/support/auth-app.js";
import { PASSWORD, writeExport, type Export } from "./exports.js";

const COUNT = 25;

const authOf = (options: string) => `import { organization } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  ${options}
  plugins: [convex({ authConfig, jwks: process.env.JWKS }), organization()],
  telemetry: { enabled: false },
}));
`;

const RENAMED = `user: {
    modelName: "people",
    fields: { email: "address", emailVerified: "isVerified" },
    additionalFields: { plan: { type: ["free", "paid"], required: true, defaultValue: "free", input: false } },
  },
  account: { modelName: "logins", fields: { userId: "personId", password: "secret" } },
  advanced: { database: { generateId: "uuid" as const } },`;

const ADDED = `user: { additionalFields: { plan: { type: "string", required: true, input: false } } },`;

type Case = readonly [string, Placement, string, readonly string[]];

export const IMPORTS = {
  app: ["app, renamed tables and columns, ids of its own", "app", RENAMED, []],
  packaged: ["the packaged component", "component", "", []],
  own: ["a component of the app's own", "component", ADDED, ["--default", "user.plan=trial"]],
} as const satisfies Readonly<Record<string, Case>>;

/** Declares the test of each case. */
export function importsInto(cases: readonly Case[]): void {
  let folder: string;
  let made: Export;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "kitcn-import-"));
    made = await writeExport("better-auth-component", folder, COUNT);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(cases)("%s", async (_name, placement, options, flags) => {
    const app = await startAuthApp(placement, authOf(options));
    try {
      const args = ["import", "better-auth-component", ...made.paths, "--yes", ...flags];
      const ran = await app.kitcn(...args);
      expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
      const rows = await app.deployment.rows();
      const at = placement === "component" ? "auth" : "";
      const tableOf = (model: string) => app.tables[model]?.table ?? "";
      const counted = Object.fromEntries(
        ["user", "account", "session", "organization", "member"].map((model) => [
          model,
          rows[at]?.[tableOf(model)]?.length ?? 0,
        ]),
      );
      expect(counted).toEqual({
        user: made.users,
        account: made.accounts,
        // Every fourth has expired.
        session: COUNT - Math.ceil(COUNT / 4),
        organization: made.organizations,
        member: made.members,
      });
      expect(rows[""]?.importedId).toHaveLength(
        Object.values(counted).reduce((sum, count) => sum + count, 0),
      );
      const again = await app.kitcn(...args);
      expect(again.stdout, again.stderr).toContain("everything is in place");
      // The lock knows the import's tables as ours, wherever the others are.
      const check = await app.kitcn("add", "auth", "--schema", "--check");
      expect(check, check.stdout + check.stderr).toMatchObject({ code: 0 });
      expect(check.stdout).not.toMatch(/orphaned|yours/);

      const browser = app.browser();
      const body = { email: made.emailOf(1), password: PASSWORD };
      expect((await browser.post("/sign-in/email", body)).status).toBe(200);
      const listed = (await (await browser.get("/organization/list")).json()) as object[];
      expect(listed).toHaveLength(1);
      const session = (await (await browser.get("/get-session")).json()) as {
        user: Record<string, unknown>;
      };
      expect(session.user).toMatchObject({ email: made.emailOf(1), emailVerified: true });
    } finally {
      await app.stop();
    }
  });
}
