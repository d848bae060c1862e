// docs/migrating.md, done: its code in an app, on a deployment, with rows as the old component exports them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthClient } from "better-auth/client";
import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { installApp, siblingApp, writeFiles, type PackedApp } from "../support/packed-app.js";
import { blocksOf } from "./support/markdown.js";

const USERS = 130; // more than one transaction moves

const seed = `import { v } from "convex/values";
import { internalMutation, internalQuery } from "./_generated/server";

export const rows = internalMutation({
  args: { rows: v.array(v.any()) },
  handler: async (ctx, { rows }) => {
    for (const row of rows) await ctx.db.insert("legacyAuth", row);
  },
});

export const moved = internalQuery({
  args: {},
  handler: async (ctx) => ({
    users: (await ctx.db.query("user").collect()).length,
    accounts: (await ctx.db.query("account").collect()).length,
  }),
});
`;

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  const documented = blocksOf(readFileSync("docs/migrating.md", "utf8"))
    .filter(({ language }) => language === "ts" || language === "js")
    .map(({ text }) => [text.slice(3, text.indexOf("\n")), text] as const);
  expect(documented.map(([path]) => path)).toEqual([
    "legacy.mjs",
    "convex/legacy.ts",
    "convex/schema.ts",
    "convex/migrateAuth.ts",
  ]);
  const installed = await installApp({ from: "examples/notes", name: "migrating" });
  app = await siblingApp(installed, {
    name: "app-migrating",
    files: {
      ...Object.fromEntries(documented),
      "convex/seed.ts": seed,
      "convex/tsconfig.json": readFileSync(join("examples/notes/convex/tsconfig.json"), "utf8"),
    },
  });
  deployment = await startDeployment();
  await run("kitcn", "add", "auth", "--yes");
  // docs.test.ts type-checks the document's modules.
  await run("convex", "deploy", "--yes", "--typecheck", "disable");
});
afterAll(() => deployment?.stop());

test("users move in batches, keep their accounts and their passwords, and never move twice", async () => {
  await writeFiles(app, await exportedFiles());
  const printed = execFileSync(process.execPath, ["legacy.mjs"], {
    cwd: app.dir,
    encoding: "utf8",
  });
  const rows = printed
    .trim()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
  await run("convex", "run", "seed:rows", JSON.stringify({ rows }));
  await run("convex", "run", "migrateAuth:users");
  const moved = async () =>
    JSON.parse((await run("convex", "run", "seed:moved")).stdout) as unknown;
  await expect.poll(moved, { timeout: 30_000 }).toEqual({ users: USERS, accounts: USERS });
  await run("convex", "run", "migrateAuth:users");
  expect(await moved()).toEqual({ users: USERS, accounts: USERS });

  const jar = createCookieJar("http://localhost:3000");
  const client = createAuthClient({
    baseURL: deployment.siteUrl,
    fetchOptions: { customFetchImpl: jar.fetch },
  });
  const { data, error } = await client.signIn.email({
    email: "user-129@example.com",
    password: "an old password",
  });
  expect(error).toBeNull();
  expect(data?.user).toMatchObject({ name: "User 129" });
});

// --- internal ---

async function run(...command: string[]) {
  const ran = await app.run(command, deployment.cliEnv);
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  return ran;
}

/** As the backup has them; with columns of a plugin that is no longer used. */
async function exportedFiles() {
  const password = await hashPassword("an old password");
  const stamps = { _creationTime: 1, createdAt: 1, updatedAt: 1 };
  const rows = Array.from({ length: USERS }, (_, index) => {
    const [userId, accountId] = [`old-user-${index}`, `old-account-${index}`];
    const user = {
      ...stamps,
      _id: userId,
      name: `User ${index}`,
      email: `user-${index}@example.com`,
      emailVerified: true,
      isAnonymous: null,
      userId: "an-app-user",
    };
    const account = {
      ...stamps,
      _id: accountId,
      accountId: userId,
      providerId: "credential",
      userId,
      password,
    };
    return { user, account };
  });
  const textOf = (model: "user" | "account") =>
    rows.map((row) => `${JSON.stringify(row[model])}\n`).join("");
  return {
    "backup/_components/betterAuth/user/documents.jsonl": textOf("user"),
    "backup/_components/betterAuth/account/documents.jsonl": textOf("account"),
  };
}
