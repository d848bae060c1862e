// What happens around an import: runs that are killed, people who are there already, fields that point at the new ids,
// and taking it back.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startKitcn } from "../codegen/support/live-app.js";
import { startAuthApp, type AuthApp } from "../faults/support/auth-app.js";
import { PASSWORD, writeExport, type Export } from "../support/import/exports.js";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

const AUTH = `import { organization } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  plugins: [convex({ authConfig, jwks: process.env.JWKS }), organization()],
  telemetry: { enabled: false },
}));
`;

const FILES = {
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  messages: defineTable({ author: v.string(), body: v.string() }),
  notes: defineTable({ userId: v.string(), share: v.object({ readers: v.array(v.string()) }) }),
  strict: defineTable({ userId: v.literal("csv-user-0") }),
});
`,
  "convex/notes.ts": `import { v } from "convex/values";
import { internalMutation } from "./_generated/server";

export const add = internalMutation({
  args: { userIds: v.array(v.string()) },
  handler: async ({ db }, { userIds }) => {
    for (const userId of userIds) await db.insert("notes", { userId, share: { readers: [userId, "nobody"] } });
    await db.insert("strict", { userId: "csv-user-0" });
  },
});
`,
};

let app: AuthApp;
let folder: string;
let big: Export;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kitcn-import-"));
  big = await writeExport("csv", join(folder, "csv"), 1000);
  app = await startAuthApp("split", AUTH, { files: FILES });
});
afterAll(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Document = Readonly<Record<string, unknown>> & { readonly _id: string };

const rowsOf = async (table: string) =>
  ((await app.deployment.rows())[""]?.[table] ?? []) as readonly Document[];

/** In the order in which they were made, whatever they hold. */
const notes = async () => [...(await rowsOf("notes"))].sort((a, b) => (a._id < b._id ? -1 : 1));

const positionOf = async (source: string) =>
  Number((await rowsOf("importRun")).find((row) => row.source === source)?.position ?? 0);

const signIn = (email: string) =>
  app.browser().post("/sign-in/email", { email, password: PASSWORD });

test("killed five times and run again, nothing is lost and nothing is there twice", async () => {
  const paths = ["import", "csv", ...big.paths, "--yes", "--cwd", app.root];
  for (let kill = 0, last = 0; kill < 5; kill++) {
    const { child, ended } = startKitcn(paths, app.deployment.cliEnv);
    let isOver = false;
    void ended.then(() => (isOver = true));
    while (!isOver && (await positionOf("csv")) <= last)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGKILL");
    expect((await ended).code).toBeNull();
    last = await positionOf("csv");
    expect(last).toBeGreaterThan(0);
  }
  const { code, stdout, stderr } = await startKitcn(paths, app.deployment.cliEnv).ended;
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain("user: 1000 created");
  for (const [table, wanted] of [
    ["user", big.users],
    ["account", big.accounts],
    ["organization", big.organizations],
    ["member", big.members],
  ] as const)
    expect(await rowsOf(table), table).toHaveLength(wanted);
  const map = await rowsOf("importedId");
  expect(map).toHaveLength(big.users + big.accounts + big.organizations + big.members);
  expect(new Set(map.map(({ newId }) => newId)).size).toBe(map.length);
});

test("--rewrite points documents at the new ids, also inside of objects and lists, and back", async () => {
  await run("notes:add", { userIds: ["csv-user-0", "csv-user-7", "somebody-else"] });
  const idOf = new Map((await rowsOf("importedId")).map(({ oldId, newId }) => [oldId, newId]));
  const dry = await app.kitcn("import", "--rewrite", "notes.userId", "--dry-run");
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.stdout).toContain("2 ids would be replaced, in 3 documents");
  expect(dry.stdout).toContain("1 values are not ids");
  const before = await notes();
  for (const field of ["notes.userId", "notes.share.readers"])
    expect(await app.kitcn("import", "--rewrite", field)).toMatchObject({ code: 0 });
  const moved = before.map(({ userId, ...note }) => {
    const id = idOf.get(String(userId)) ?? userId;
    return { ...note, userId: id, share: { readers: [id, "nobody"] } };
  });
  expect(moved.map(({ userId }) => userId)).toContain(idOf.get("csv-user-7"));
  expect(await notes()).toEqual(moved);
  const typo = await app.kitcn("import", "--rewrite", "notes.userID");
  expect(typo).toMatchObject({ code: 2 });
  expect(typo.stderr).toContain('"notes" in schema.ts has no field "userID"');
  const again = await app.kitcn("import", "--rewrite", "notes.userId");
  expect(again.stdout).toContain("everything is in place");

  const refused = await app.kitcn("import", "--rewrite", "strict.userId", "--json");
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "REWRITE_REFUSED" } });

  const kept = await app.kitcn("import", "csv", "--undo", "--yes", "--json");
  expect(JSON.parse(kept.stdout)).toMatchObject({ error: { code: "IMPORT_REWRITTEN" } });
  expect(kept.stdout).toContain("npx kitcn import --rewrite notes.userId --back");
  for (const field of ["notes.userId", "notes.share.readers"])
    expect(await app.kitcn("import", "--rewrite", field, "--back")).toMatchObject({ code: 0 });
  expect(await notes()).toEqual(before);
});

test("--undo deletes all of it, until somebody has signed in", async () => {
  const small = await writeExport("auth0", join(folder, "auth0"), 10);
  expect(await app.kitcn("import", "auth0", ...small.paths, "--yes")).toMatchObject({ code: 0 });
  expect((await signIn(small.emailOf(3))).status).toBe(200);
  const refused = await app.kitcn("import", "auth0", "--undo", "--yes");
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain("auth0|auth0-user-3");

  const undone = await app.kitcn("import", "csv", "--undo", "--yes");
  expect(undone, undone.stdout + undone.stderr).toMatchObject({ code: 0 });
  expect(await rowsOf("user")).toHaveLength(small.users);
  expect(await rowsOf("account")).toHaveLength(small.accounts);
  expect(await rowsOf("organization")).toHaveLength(small.organizations);
  const sources = new Set((await rowsOf("importedId")).map(({ source }) => source));
  expect([...sources]).toEqual(["auth0"]);
});

test("a hash of bcrypt is one of Better Auth's after the first sign-in, which goes on working", async () => {
  const email = "person-4@auth0.example.com";
  const { _id: userId } = (await rowsOf("user")).find((row) => row.email === email) ?? {};
  const hash = async () =>
    (await rowsOf("account")).find(
      (row) => row.userId === userId && row.providerId === "credential",
    )?.password;
  expect(await hash()).toMatch(/^\$2/);
  expect((await app.browser().post("/sign-in/email", { email, password: "wrong" })).status).toBe(
    401,
  );
  expect(await hash()).toMatch(/^\$2/);
  expect((await signIn(email)).status).toBe(200);
  const renewed = await hash();
  expect(renewed).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/);
  expect((await signIn(email)).status).toBe(200);
  expect(await hash()).toBe(renewed);
});

test("people who are in the app: dropped, or linked where they have verified their address", async () => {
  const file = join(folder, "more.csv");
  const lines = [4, 3, 5, 900].map(
    (at) => `new-${at},person-${at}@auth0.example.com,${at},${at !== 5}`,
  );
  writeFileSync(file, `id,email,name,email_verified\n${lines.join("\n")}\nnobody,,,\n`);
  const plain = await app.kitcn("import", "csv", file, "--yes", "--json");
  expect(plain, plain.stdout).toMatchObject({ code: 0 });
  expect(JSON.parse(plain.stdout)).toMatchObject({
    imported: {
      counts: { user: { created: 1, linked: 0 } },
      dropped: { user: { "another user in the app has the same email": 3 } },
      verified: { problems: [] },
    },
  });
  const linking = await app.kitcn("import", "csv", file, "--yes", "--link-existing", "--json");
  expect(JSON.parse(linking.stdout)).toMatchObject({
    imported: {
      counts: { user: { created: 0, known: 1, linked: 1 } },
      dropped: {
        user: {
          "a user with the same email is in the app, who has not verified it": 1,
          "a user with the same email is in the app, and the source has not verified it": 1,
        },
      },
    },
  });
  const made = await app.kitcn(
    ...["import", "csv", file, "--yes", "--placeholder-email", "users.example.com", "--json"],
  );
  expect(JSON.parse(made.stdout)).toMatchObject({ imported: { counts: { user: { created: 1 } } } });
  expect((await rowsOf("user")).map(({ email }) => email)).toContain("nobody@users.example.com");
});

test("an export of another system with the same ids: refused, or kept apart by a name", async () => {
  const file = join(folder, "shop.csv");
  writeFileSync(file, "id,email,name\nnew-900,somebody@shop.example.com,S\n");
  const before = await rowsOf("user");
  const refused = await app.kitcn("import", "csv", file, "--yes", "--json");
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "IMPORT_OTHER_ROWS" } });
  expect(await rowsOf("user")).toEqual(before);
  const named = ["import", "csv", "--name", "shop"];
  const made = await app.kitcn(...named, file, "--yes", "--json");
  expect(JSON.parse(made.stdout)).toMatchObject({
    imported: { source: "csv:shop", counts: { user: { created: 1 } } },
  });
  expect(await app.kitcn(...named, "--undo", "--yes")).toMatchObject({ code: 0 });
  expect(await rowsOf("user")).toEqual(before);
});

test("an export that breaks off is named by file and line, and its text is not shown", async () => {
  const file = join(folder, "users.jsonl");
  writeFileSync(file, `{"id":"a","email":"a@b.co"}\n{"id":"b","password":"$2b$10$sec`);
  const { code, stdout, stderr } = await app.kitcn("import", "csv", file, "--yes");
  expect(code).toBe(1);
  expect(stderr).toContain("users.jsonl cannot be read: line 2 is not valid JSON");
  expect(stdout + stderr).not.toContain("$2b$");
});

async function run(path: string, args: object): Promise<void> {
  const { url, adminKey } = app.deployment;
  const response = await fetch(`${url}/api/function`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Convex ${adminKey}` },
    body: JSON.stringify({ path, format: "convex_encoded_json", args: [args] }),
  });
  expect(await response.json()).toMatchObject({ status: "success" });
}
