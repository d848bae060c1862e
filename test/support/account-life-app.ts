// The app of account-life.ts, as texts: triggers that write a log, and functions that tell who is signed in.
import { CONVEX_TSCONFIG } from "./packed-app.js";

export const LIFE_FILES = {
  "convex/tsconfig.json": CONVEX_TSCONFIG,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  log: defineTable({ line: v.string() }),
});
`,
  "convex/auth.ts": `import { organization, twoFactor } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import { internal } from "./_generated/api";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth((ctx) => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: {
    enabled: true,
    sendResetPassword: async ({ token }) => {
      if ("runMutation" in ctx) await ctx.runMutation(internal.log.add, { line: \`reset \${token}\` });
    },
  },
  user: { deleteUser: { enabled: true } },
  plugins: [convex({ authConfig, jwks: process.env.JWKS }), organization(), twoFactor()],
  triggers: {
    user: {
      create: {
        before: ({ name }) => ({ data: { name: \`\${name}!\` } }),
        after: async ({ email }, { orm }) =>
          void (await orm.insert("log", { line: \`user \${email}\` })),
      },
    },
    session: {
      change: async ({ operation }, { db }) =>
        void (await db.insert("log", { line: \`session \${operation}\` })),
    },
    verification: {
      create: {
        after: async ({ identifier, expiresAt }, { db }) =>
          void (await db.insert("log", {
            line: \`verification \${identifier.split(":")[0]} \${expiresAt.toFixed(0).length}\`,
          })),
      },
    },
  },
}));
`,
  "convex/log.ts": `import { v } from "convex/values";
import { internalMutation, query } from "./_generated/server";

export const add = internalMutation({
  args: { line: v.string() },
  handler: async ({ db }, { line }) => void (await db.insert("log", { line })),
});

export const all = query({
  args: {},
  handler: async ({ db }) => (await db.query("log").collect()).map(({ line }) => line),
});
`,
  "convex/me.ts": `import { getAuthUserId, getHeaders, getSession } from "kitcn/auth";
import { action, query } from "./_generated/server";
import { getAuth } from "./generated/auth";

export const here = query({
  args: {},
  handler: async (ctx) => {
    const session = await getSession(ctx);
    const found = await getAuth(ctx).api.getSession({ headers: await getHeaders(ctx) });
    return {
      id: await getAuthUserId(ctx),
      organization: session?.activeOrganizationId ?? null,
      name: found?.user.name ?? null,
    };
  },
});

export const inAction = action({
  args: {},
  handler: async (ctx): Promise<string | null> => (await getSession(ctx))?.userId ?? null,
});
`,
};

/** What has tables that the packaged component has not. */
export const OWN_TABLES = { "convex/auth.ts": ownTables(LIFE_FILES["convex/auth.ts"]) };
// --- internal ---

/** A field and a renamed table: the packaged component has no such column, and any has the model's own name. */
function ownTables(auth: string): string {
  return auth.replace(
    "user: { deleteUser: { enabled: true } },",
    `user: {
    deleteUser: { enabled: true },
    additionalFields: { plan: { type: "string", defaultValue: "free", input: false } },
  },
  session: { modelName: "authSession" },`,
  );
}
