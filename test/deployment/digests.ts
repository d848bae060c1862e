// What a table holds as one short text, so that a suite sees what a request changed without having every document sent.
// Must not change a table: a version of one never changes, and its text is made once.
import { createHash } from "node:crypto";
import { convexToJson, type Value } from "convex/values";
import { docsOf, isSystemTable, type Database, type Table } from "./database.js";

/** By the path of a component and the name of a table, without the system's tables and those named. */
export type Digests = Readonly<Record<string, string>>;

export function digestsOf(databases: readonly Database[], except: readonly string[]): Digests {
  return Object.fromEntries(
    databases.flatMap(({ path, tables }) =>
      [...tables]
        .filter(([name]) => !isSystemTable(name) && !except.includes(name))
        .map(([name, table]) => [path ? `${path}/${name}` : name, digestOf(table)]),
    ),
  );
}

// --- internal ---

const known = new WeakMap<Table, string>();

/** Empty for a table without documents, which may not be there at all yet. */
function digestOf(table: Table): string {
  const found = known.get(table);
  if (found !== undefined) return found;
  const docs = docsOf(table);
  const text = JSON.stringify(docs.map((doc) => convexToJson(doc as Value)));
  const digest = docs.length === 0 ? "" : createHash("sha1").update(text).digest("hex");
  known.set(table, digest);
  return digest;
}
