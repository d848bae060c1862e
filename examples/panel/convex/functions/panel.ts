import { v } from "convex/values";
import type { TableNames } from "./_generated/dataModel";
import { internalMutation, query } from "./_generated/server";
import schema from "./schema";

type Row = Record<string, unknown>;

/** The newest rows of tables, without tokens, passwords and codes. Skips names of tables that are not there. */
export const rows = query({
  args: { tables: v.array(v.string()) },
  handler: async ({ db }, { tables }) => {
    const newest = tables.filter(isTable).map(async (table) => {
      const found = await db.query(table).order("desc").take(3);
      return { table, rows: found.map((row) => withoutSecrets(row)) };
    });
    return Promise.all(newest);
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

/** Their rows are secrets under names that say nothing. */
const SECRET = ["verification", "jwks"];

function isTable(name: string): name is TableNames {
  return name in schema.tables && !SECRET.includes(name);
}

function withoutSecrets(row: Row): [column: string, text: string][] {
  return Object.entries(row)
    .filter(
      ([column, value]) =>
        !/token|password|secret|code|_creationTime/i.test(column) && value != null,
    )
    .map(([column, value]) => [column, String(value)]);
}
