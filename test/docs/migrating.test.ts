// docs/from-convex-dev-better-auth.md, done: its commands in an app, on a deployment, with rows as the old component exports them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createAuthClient } from "better-auth/client";
import { hashPassword } from "better-auth/crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { writeZip } from "../support/import/zip.js";
import { installApp, siblingApp, type PackedApp } from "../support/packed-app.js";
import { kitcnCommandsOf } from "./support/commands.js";

const USERS = 130;

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  const installed = await installApp({ from: "examples/notes", name: "migrating" });
  app = await siblingApp(installed, {
    name: "app-migrating",
    files: {
      "convex/tsconfig.json": readFileSync(join("examples/notes/convex/tsconfig.json"), "utf8"),
      // The table whose ids the page rewrites.
      "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({ notes: defineTable({ text: v.string(), userId: v.string() }) });
`,
    },
  });
  deployment = await startDeployment();
});
afterAll(() => deployment?.stop());

test("the commands of the page bring every user, who signs in with the old password", async () => {
  writeZip(join(app.dir, "backup.zip"), await exportedFiles());
  const commands = kitcnCommandsOf(".", "docs/from-convex-dev-better-auth.md");
  expect(commands.map(([name]) => name)).toEqual(["add", "add", "import", "import", "import"]);
  for (const command of commands) await run("kitcn", ...command);
  // Again, and nothing is there twice.
  const again = await run("kitcn", "import", "better-auth-component", "backup.zip", "--yes");
  expect(again.stdout).toContain("everything is in place");
  const rows = (await deployment.rows())[""];
  expect(rows?.user).toHaveLength(USERS);
  expect(rows?.account).toHaveLength(USERS);

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
    "_components/betterAuth/user/documents.jsonl": textOf("user"),
    "_components/betterAuth/account/documents.jsonl": textOf("account"),
  };
}
