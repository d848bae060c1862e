// `kitcn import` of 100,000 users, killed five times on its way and run again: every row is there, each once. Counts by
// queries of the app, page by page; a heap that cannot hold the rows of such an export is all that the command gets.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startKitcn } from "../codegen/support/live-app.js";
import { startAuthApp, type AuthApp } from "../faults/support/auth-app.js";
import { PASSWORD, writeExport, type Export } from "../support/import/exports.js";

vi.setConfig({ testTimeout: 7_200_000, hookTimeout: 300_000 });

const COUNT = 100_000;

/** Of all records, when a run is killed. */
const KILLED_AT = [0.02, 0.25, 0.5, 0.75, 0.98];

/** For Node's half of an import. The rows of this export, as objects, take several times as much. */
const HEAP_MB = 96;

const AUTH = `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })],
  telemetry: { enabled: false },
}));
`;

const COUNTING = `import { v } from "convex/values";
import { internalQuery } from "./_generated/server";

export const keys = internalQuery({
  args: { table: v.string(), columns: v.array(v.string()), cursor: v.union(v.string(), v.null()) },
  handler: async ({ db }, { table, columns, cursor }) => {
    const page = await db.query(table as never).paginate({ cursor, numItems: 2000 });
    const rows = page.page as Record<string, string>[];
    return {
      keys: rows.map((row) => columns.map((column) => row[column]).join(" ")),
      cursor: page.isDone ? null : page.continueCursor,
    };
  },
});
`;

let folder: string;
let made: Export;
let app: AuthApp;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kitcn-import-"));
  made = await writeExport("convex-auth", folder, COUNT);
  app = await startAuthApp("split", AUTH, { files: { "convex/counting.ts": COUNTING } });
});
afterAll(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("killed five times and run again, nothing is lost and nothing is there twice", async () => {
  const args = ["import", "convex-auth", ...made.paths, "--cwd", app.root];
  const start = (...flags: string[]) =>
    startKitcn([...args, ...flags], app.deployment.cliEnv, [`--max-old-space-size=${HEAP_MB}`]);
  const planned = await start("--dry-run", "--json").ended;
  expect(planned, planned.stderr).toMatchObject({ code: 0 });
  const { records } = (JSON.parse(planned.stdout) as { imported: { records: number } }).imported;

  let last = 0;
  for (const part of KILLED_AT) {
    const { child, ended } = start("--yes");
    let isOver = false;
    void ended.then(() => (isOver = true));
    let at = last;
    while (!isOver && at < part * records) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      at = await position();
    }
    logMemory(child.pid, `killed at record ${at} of ${records}`);
    child.kill("SIGKILL");
    const { code, stdout, stderr } = await ended;
    expect(code, stdout + stderr).toBeNull();
    last = await position();
    expect(last).toBeGreaterThanOrEqual(at);
    expect(last).toBeLessThan(records);
  }

  const { code, stdout, stderr } = await start("--yes").ended;
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain(`user: ${COUNT} created`);
  expect(stdout).not.toContain("problem:");
  await expectEachOnce("user", ["email"], made.users);
  await expectEachOnce("account", ["providerId", "accountId"], made.accounts);
  const all = made.users + made.accounts;
  await expectEachOnce("importedId", ["model", "oldId"], all);
  await expectEachOnce("importedId", ["newId"], all);

  for (let at = 0; at < COUNT; at += COUNT / 20 - 1) {
    const body = { email: made.emailOf(at), password: PASSWORD };
    expect((await app.browser().post("/sign-in/email", body)).status, body.email).toBe(200);
  }
});

// --- internal ---

async function expectEachOnce(
  table: string,
  columns: readonly string[],
  wanted: number,
): Promise<void> {
  const seen = new Set<string>();
  let count = 0;
  let cursor: string | null = null;
  do {
    const page: { keys: string[]; cursor: string | null } = (await call("counting:keys", {
      ...{ table, columns, cursor },
    })) as never; // as the function above returns
    count += page.keys.length;
    for (const key of page.keys) seen.add(key);
    cursor = page.cursor;
  } while (cursor !== null);
  expect(count, table).toBe(wanted);
  expect(seen.size, `${table} by ${columns.join(", ")}`).toBe(count);
}

/** How far the deployment says that the import is; 0 before its functions are there. */
async function position(): Promise<number> {
  const source = "convex-auth";
  try {
    const state = await call("generated/import:importState", { source });
    return (state as { position?: number } | null)?.position ?? 0;
  } catch (error) {
    if (/Could not find/.test(String(error))) return 0;
    throw error;
  }
}

async function call(path: string, args: object): Promise<unknown> {
  const { url, adminKey } = app.deployment;
  const body = JSON.stringify({ path, format: "convex_encoded_json", args: [args] });
  const headers = { "content-type": "application/json", authorization: `Convex ${adminKey}` };
  const ask = () => fetch(`${url}/api/function`, { method: "POST", headers, body });
  // A busy deployment closes connections that were idle; a second one is a new connection.
  const response = await ask().catch(ask);
  const answer = (await response.json()) as { value?: unknown; errorMessage?: string };
  if (answer.errorMessage !== undefined) throw new Error(answer.errorMessage);
  return answer.value;
}

/** Prints the most memory that a process has held, where the system says so. Asserts nothing. */
function logMemory(pid: number | undefined, title: string): void {
  if (process.platform !== "linux" || pid === undefined) return;
  const peak = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  console.log(`${title}: ${Math.round(Number(peak) / 1024)} MB at most`);
}
