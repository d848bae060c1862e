// Runs work on ctx.db of convex-test, for tables given as metadata.
import {
  defineSchema,
  defineTable,
  type GenericDataModel,
  type GenericDatabaseWriter,
} from "convex/server";
import { convexTest } from "convex-test";
import { v } from "convex/values";
import type { AuthTables } from "../../src/metadata.js";

/** Runs `work` in one mutation on an empty database. Columns take any value. */
export async function convexDb<Result>(
  tables: AuthTables,
  work: (db: GenericDatabaseWriter<GenericDataModel>) => Promise<Result>,
): Promise<Result> {
  const schema = defineSchema(
    Object.fromEntries(
      Object.values(tables).map(({ table, indexes }) => {
        const definition = defineTable(v.any());
        for (const [name, columns] of Object.entries(indexes)) {
          definition.index(name, columns as never); // columns are only known at run time
        }
        return [table, definition];
      }),
    ),
  );
  const t = convexTest({ schema, modules: { "./_generated/api.js": async () => ({}) } });
  const results: Result[] = [];
  await t.run(async (ctx) => {
    results.push(await work(ctx.db as unknown as GenericDatabaseWriter<GenericDataModel>)); // as above
    return null;
  });
  return results[0] as Result; // pushed by the run that has just ended
}
