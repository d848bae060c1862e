// `kitcn import` of 10,000 users of each kind of export: every row is there, each once.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { SOURCES } from "../../codegen/import/types.js";
import { startAuthApp } from "../faults/support/auth-app.js";
import { PASSWORD, writeExport } from "../support/import/exports.js";

vi.setConfig({ testTimeout: 3_600_000, hookTimeout: 300_000 });

const COUNT = 10_000;

const AUTH = `import { organization } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig, jwks: process.env.JWKS }), organization()],
  telemetry: { enabled: false },
}));
`;

const folder = mkdtempSync(join(tmpdir(), "kitcn-import-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(SOURCES)("%s", async (source) => {
  const made = await writeExport(source, join(folder, source), COUNT);
  const app = await startAuthApp("split", AUTH);
  try {
    const ran = await app.kitcn("import", source, ...made.paths, "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    const rows = (await app.deployment.rows())[""];
    expect(rows?.user).toHaveLength(made.users);
    expect(rows?.account).toHaveLength(made.accounts);
    expect(rows?.organization ?? []).toHaveLength(made.organizations);
    expect(rows?.member ?? []).toHaveLength(made.members);
    const body = { email: made.emailOf(COUNT - 1), password: PASSWORD };
    expect((await app.browser().post("/sign-in/email", body)).status).toBe(200);
  } finally {
    await app.stop();
  }
});
