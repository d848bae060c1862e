// Apps of Convex Auth that `add auth --replace` moves without a line by hand: look-ups of its table of users, the
// middleware and the server calls of Next, and sign-in links that Resend sends.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp, type CliApp, type Ran } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const CONVEX: Record<string, string> = {
  "convex/auth.config.ts": `export default {
  providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }],
};
`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { auth } from "./auth";

const http = httpRouter();
auth.addHttpRoutes(http);
export default http;
`,
  "convex/auth.ts": `import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";

export const { auth, signIn, signOut, store } = convexAuth({ providers: [Password] });
`,
  "node_modules/@convex-dev/auth/package.json":
    '{ "name": "@convex-dev/auth", "version": "1.0.0", "type": "module", "exports": { "./server": "./server.js" } }\n',
  "node_modules/@convex-dev/auth/server.js": `import { defineTable } from "convex/server";
import { v } from "convex/values";
export const authTables = { users: defineTable({ email: v.optional(v.string()) }) };
`,
  "convex/schema.ts": `import { authTables } from "@convex-dev/auth/server";
import { defineSchema } from "convex/server";

export default defineSchema({ ...authTables });
`,
};

/** Runs the whole replacement. */
async function replaced(app: CliApp): Promise<Ran> {
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return ran;
}

test("look-ups in the table `users` by id take the ids of both tables, and others stay", async () => {
  const functions = (lines: readonly string[]) => `import { query } from "./_generated/server";

export const one = query({
  args: {},
  handler: async (ctx) => {
    ${lines.join("\n    ")}
  },
});
`;
  const others = ['ctx.db.get("notes", id);', 'cache.get("users", id);', 'ctx.db.get("users");'];
  const app = cliApp("vite-convex", {
    files: {
      ...CONVEX,
      "convex/people.ts": functions([
        'await ctx.db.get("users", id);',
        'await ctx.db.patch("users", id, { name });',
        "await db.delete('users', id);",
        'await ctx.db.get("users", id as Id<"users">);',
        ...others,
      ]),
    },
  });
  const ran = await replaced(app);
  expect(app.read("convex/people.ts")).toBe(
    functions([
      "await ctx.db.get(id);",
      "await ctx.db.patch(id, { name });",
      "await db.delete(id);",
      'await ctx.db.get(id as (Id<"users"> | Id<"user">));',
      ...others,
    ]),
  );
  expect(ran.stdout).toContain(
    'convex/people.ts:6       ctx.db.get("users", ...) of Convex Auth: is called without the table',
  );
});
