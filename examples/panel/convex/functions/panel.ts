import { v } from "convex/values";
import { internalMutation, query } from "./_generated/server";

type Row = Record<string, unknown>;

/** The newest rows of the auth tables, without tokens and password hashes. */
export const rows = query({
  args: {},
  handler: async ({ db }) => {
    const [user, session, account] = await Promise.all([
      db.query("user").order("desc").take(3),
      db.query("session").order("desc").take(3),
      db.query("account").order("desc").take(3),
    ]);
    return {
      user: user.map((row) => withoutSecrets(row)),
      session: session.map((row) => withoutSecrets(row)),
      account: account.map((row) => withoutSecrets(row)),
    };
  },
});

/** What the demo knows from outside, as JSON; null before it said anything. */
export const facts = query({
  args: {},
  handler: async ({ db }) => (await db.query("panel").first())?.json ?? null,
});

export const record = internalMutation({
  args: { json: v.string() },
  handler: async ({ db }, { json }) => {
    const row = await db.query("panel").first();
    if (row) await db.patch(row._id, { json });
    else await db.insert("panel", { json });
  },
});

function withoutSecrets(row: Row): [column: string, text: string][] {
  return Object.entries(row)
    .filter(([column, value]) => !/token|password|_creationTime/i.test(column) && value != null)
    .map(([column, value]) => [column, String(value)]);
}
