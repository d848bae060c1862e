// Convex's limits of a transaction, as a store tells them.
import { expect, test } from "vitest";
import { KitcnError } from "../../../src/errors/error.js";
import { dbStore } from "../../../src/store/db-store.js";
import { authDb } from "../../support/auth-db.js";

const input = { model: "user", where: [{ column: "name", value: "Ada" }] };
/** A store over a database that fails at each query. */
const failing = (message: string) => {
  const { db, tables } = authDb();
  const query = () => {
    throw new Error(message);
  };
  return dbStore({ db: { ...db, query } as typeof db, tables }); // the rest of ctx.db is not asked
};

// The texts are those of Convex's backend: crates/database/src/reads.rs and writes.rs.
test.for([
  [
    "Too many documents read in a single function execution (limit: 32000). x",
    "TOO_MANY_DOCUMENTS",
  ],
  ["Too many bytes read in a single function execution (limit: 1 bytes).", "TOO_MANY_DOCUMENTS"],
  ["Too many reads in a single function execution (limit: 4096).", "TOO_MANY_DOCUMENTS"],
  ["Too many writes in a single function execution (limit: 16000)", "TOO_MANY_WRITES"],
  ["Too many bytes written in a single function execution (limit: 16 MiB)", "TOO_MANY_WRITES"],
] as const)("%s", async ([message, code]) => {
  const store = failing(message);
  for (const call of [store.findMany(input), store.deleteMany(input), store.consumeOne(input)]) {
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(KitcnError);
    expect(error).toMatchObject({ code });
  }
});

test("every other error stays as it is", async () => {
  await expect(failing("Too many cooks").findMany(input)).rejects.toThrow(/^Too many cooks$/);
});
