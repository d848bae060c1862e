// `ctx.db` but for queries: documents by id, and writes. Ids are looked at before anything else, as Convex does.
// Must not know how functions are called.
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { isSystemTable } from "./database.js";
import { isUndefinedJson } from "./index-range.js";
import {
  objectOf,
  ofArgument,
  toJson,
  type Args,
  type Context,
  type Syscalls,
} from "./syscalls.js";
import type { Transaction } from "./transaction.js";
import { measure } from "./values.js";

export function documentSyscalls({ target, input }: Context, transaction: Transaction): Syscalls {
  const { database } = target.instance;
  const writable = (): Transaction => {
    if (input.kind !== "mutation") throw new Error("Queries can't write.");
    input.caller.origin?.onWrite();
    return transaction;
  };

  /** Throws for an id of a table that this operation may not reach. */
  const idOf = ({ id: given, table }: Args, method: string): string => {
    const id = String(given);
    const name = ofArgument("id", method, () => {
      const found = transaction.tableOf(database, id);
      if (found === undefined) throw new Error(`Table for ID "${id}" not found`);
      assertTable(table, found);
      return found;
    });
    assertAccess(name, false);
    return id;
  };

  return {
    "1.0/get": ({ id: given, table, isSystem }) => {
      const method = isSystem === true ? "db.system.get" : "db.get";
      const id = String(given);
      const name = ofArgument("id", method, () => transaction.tableOf(database, id));
      // A table without documents may not be known yet.
      if (name === undefined) return null;
      assertAccess(name, isSystem === true);
      ofArgument("id", method, () => assertTable(table, name));
      return toJson(transaction.get(database, id));
    },
    "1.0/count": ({ table }) => convexToJson(transaction.count(database, String(table))),
    "1.0/insert": ({ table, value }) => {
      const columns = ofArgument("value", "db.insert", () => objectOf(value));
      const name = String(table);
      assertAccess(name, false);
      return { _id: writable().insert(database, name, columns) };
    },
    "1.0/shallowMerge": (args) => {
      const id = idOf(args, "db.patch");
      const patch = ofArgument("value", "db.patch", () => patchOf(args.value));
      return toJson(writable().replace(database, id, (old) => ({ ...old, ...patch })));
    },
    "1.0/replace": (args) => {
      const id = idOf(args, "db.replace");
      const columns = ofArgument("value", "db.replace", () => objectOf(args.value));
      return toJson(writable().replace(database, id, () => columns, "Replace"));
    },
    "1.0/remove": (args) => toJson(writable().remove(database, idOf(args, "db.delete"))),
  };
}

// --- internal ---

/** The fields to set, and those to remove as undefined. */
function patchOf(json: unknown): Record<string, Value | undefined> {
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new Error("Value must be an Object");
  const fields = Object.entries(json as Record<string, JSONValue>);
  const patch = Object.fromEntries(
    fields.map(([name, value]) => [name, isUndefinedJson(value) ? undefined : jsonToConvex(value)]),
  );
  measure(patch);
  return patch;
}

function assertAccess(table: string, isSystem: boolean): void {
  if (isSystem === isSystemTable(table)) return;
  throw new Error(
    isSystem
      ? "User tables cannot be accessed with db.system."
      : "System tables can only be accessed with db.system.",
  );
}

/** `db.get("notes", id)` names the table that the id must be of. */
function assertTable(given: unknown, actual: string): void {
  if (given !== undefined && given !== null && given !== actual)
    throw new Error(`expected to be an Id<"${String(given)}">, got Id<"${actual}"> instead.`);
}
