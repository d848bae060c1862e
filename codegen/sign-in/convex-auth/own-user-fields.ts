// The fields that an app of Convex Auth gave its table `users`: kitcn's table of users has none of them. Reads the
// syntax of a schema, and says what to write; edits nothing.
import type { CallExpression, Node, ObjectExpression, ObjectMember } from "@babel/types";
import { findProperty, keyOf, textOf, walk, type Module } from "../../edit/index.js";
import { createScope, findPackageName, type Located } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { openReadable } from "../../modules/readable.js";
import type { Workspace } from "../../workspace/stage.js";
import { placeOf } from "../common/places.js";
import type { Found } from "../common/types.js";

/** A note for each schema with such fields. */
export function notesOfUserFields(ws: Workspace, found: readonly Found[]): string[] {
  const read = openReadable(ws);
  return found.flatMap((one) => {
    if (one.part !== "tables") return [];
    const users = usersBeside(one.module, one.node);
    if (users?.type !== "ObjectProperty") return [];
    const fields = fieldsOf({ module: one.module, node: users.value }, read) ?? [];
    if (fields.length === 0) return [];
    const { file, line } = placeOf(ws, { module: one.module, node: users });
    return [printNote(`${file}:${line}`, fields)];
  });
}

// --- internal ---

/**
 * A type of Better Auth. "mixed": several types, text among them. "none": Better Auth has no such type. "unread": the
 * validator has a form that kitcn cannot read.
 */
type Type =
  "string" | "number" | "boolean" | "json" | "string[]" | "number[]" | "mixed" | "none" | "unread";

type Field = {
  readonly name: string;
  readonly type: Type;
  /** The table whose ids it holds. */
  readonly table: string | undefined;
};

/** What Convex Auth's own table has. */
const KNOWN: ReadonlySet<string> = new Set([
  "name",
  "image",
  "email",
  "emailVerificationTime",
  "phone",
  "phoneVerificationTime",
  "isAnonymous",
]);

/** The property `users` in the object that has `...authTables`. */
function usersBeside(module: Module, tables: Node): ObjectMember | undefined {
  let object: ObjectExpression | undefined;
  walk(module.program, (node) => {
    if (node.type === "ObjectExpression" && node.properties.some((one) => one === tables))
      object = node;
  });
  return object && findProperty(object, "users");
}

/** Undefined where no call of defineTable() with an object is behind the property. */
function fieldsOf(at: Located, read: ModuleReader): Field[] | undefined {
  const { follow } = createScope(read);
  const value = follow(at);
  let table: Located | undefined;
  walk(value.node, (node) => {
    if (table !== undefined) return false;
    if (node.type !== "CallExpression") return;
    const name = findPackageName(value.module, textOf(value.module, node.callee), read);
    const [given] = node.arguments;
    if (given && name?.source === "convex/server" && name.name === "defineTable")
      table = follow({ module: value.module, node: given });
  });
  return table && membersOf(table, read);
}

/** Fields of an object that is spread into it included. */
function membersOf({ module, node }: Located, read: ModuleReader): Field[] | undefined {
  if (node.type !== "ObjectExpression") return undefined;
  const { follow } = createScope(read);
  return node.properties.flatMap((one): Field[] => {
    if (one.type === "SpreadElement")
      return membersOf(follow({ module, node: one.argument }), read) ?? [];
    const name = one.type === "ObjectProperty" ? keyOf(one) : undefined;
    if (one.type !== "ObjectProperty" || name === undefined || KNOWN.has(name)) return [];
    const type = typeOf({ module, node: one.value }, read) ?? "none";
    return [{ name, type, table: type === "string" ? tableOf(module, one.value) : undefined }];
  });
}

/**
 * Better Auth's type for a validator. `null` beside another type is no type: every field of kitcn's table may be null.
 *
 * @returns undefined for `v.null()`, and for a union of nothing else
 */
function typeOf(at: Located, read: ModuleReader): Type | undefined {
  const { module, node } = createScope(read).follow(at);
  if (node.type !== "CallExpression") return "unread";
  const [namespace, name = ""] = textOf(module, node.callee).split(".");
  const made = findPackageName(module, namespace ?? "", read);
  if (made?.source !== "convex/values" || made.name !== "v") return "unread";
  const types = node.arguments.map((one) => typeOf({ module, node: one }, read));
  switch (name) {
    case "optional":
      return types[0];
    case "union":
      return onlyOf(types);
    case "null":
      return undefined;
    case "literal":
      return LITERALS[node.arguments[0]?.type ?? ""] ?? "unread";
    case "array":
      return listOf(types[0], hasNull(createScope(read).follow(itemOf(module, node)), read));
    case "object":
      return objectOf(createScope(read).follow({ module, node: node.arguments[0] ?? node }), read);
    case "record":
      return asJson(types);
    default:
      return PLAIN[name] ?? "unread";
  }
}

function onlyOf(types: readonly (Type | undefined)[]): Type | undefined {
  const [only, ...others] = new Set(types.filter((one) => one !== undefined));
  if (only === undefined || others.length === 0) return only;
  const all = [only, ...others];
  const worst = (["unread", "none", "mixed"] as const).find((one) => all.includes(one));
  // An import parses text in a column of JSON.
  return worst ?? (all.includes("string") ? "mixed" : "json");
}

/** Lists of Better Auth have no null in them. */
function listOf(type: Type | undefined, hasNulls: boolean): Type {
  if (!hasNulls && (type === "string" || type === "number")) return `${type}[]`;
  return asJson([type]);
}

function itemOf(module: Module, list: CallExpression): Located {
  return { module, node: list.arguments[0] ?? list };
}

/** True for a union with `v.null()`. */
function hasNull({ module, node }: Located, read: ModuleReader): boolean {
  if (node.type !== "CallExpression") return false;
  return node.arguments.some((one) => typeOf({ module, node: one }, read) === undefined);
}

function objectOf({ module, node }: Located, read: ModuleReader): Type {
  if (node.type !== "ObjectExpression") return "unread";
  return asJson(
    node.properties.map((one) =>
      one.type === "ObjectProperty" ? typeOf({ module, node: one.value }, read) : "unread",
    ),
  );
}

/** JSON has no bigint and no bytes, and holds every union of other types. */
function asJson(parts: readonly (Type | undefined)[]): Type {
  if (parts.includes("unread")) return "unread";
  return parts.includes("none") ? "none" : "json";
}

/** By the method of `v`. */
const PLAIN: Readonly<Record<string, Type>> = {
  string: "string",
  id: "string",
  number: "number",
  float64: "number",
  boolean: "boolean",
  any: "json",
  int64: "none",
  bigint: "none",
  bytes: "none",
};

/** By the syntax of the literal. */
const LITERALS: Readonly<Record<string, Type>> = {
  StringLiteral: "string",
  NumericLiteral: "number",
  // A number below zero.
  UnaryExpression: "number",
  BooleanLiteral: "boolean",
  BigIntLiteral: "none",
};

/** The table of `v.id("table")`, also below v.optional() and the like. */
function tableOf(module: Module, validator: Node): string | undefined {
  let table: string | undefined;
  walk(validator, (node) => {
    if (node.type !== "CallExpression" || textOf(module, node.callee) !== "v.id") return;
    const [name] = node.arguments;
    if (name?.type === "StringLiteral") table ??= name.value;
  });
  return table;
}

/** What the author writes where an id is used: Better Auth has no type for ids. */
function printId(name: string, table: string): string {
  const db = table.startsWith("_") ? "ctx.db.system" : "ctx.db";
  return `${name} is a string there. Where you use its id, write: user.${name} && ${db}.normalizeId("${table}", user.${name})`;
}

function printNote(place: string, fields: readonly Field[]): string {
  const rest: readonly Type[] = ["mixed", "none", "unread"];
  const fits = fields.filter(({ type }) => !rest.includes(type));
  const namesOf = (...types: readonly Type[]) =>
    fields.filter(({ type }) => types.includes(type)).map(({ name }) => name);
  const [untyped, unread] = [namesOf("mixed", "none"), namesOf("unread")];
  const lines = fits.map(
    ({ name, type }) => `      ${name}: { type: "${type}", required: false, input: false },`,
  );
  return [
    `${place}: your table \`users\` has fields that kitcn's table \`user\` lacks: ${fields.map(({ name }) => name).join(", ")}.`,
    ...(fits.length === 0
      ? []
      : [
          "Add them to the options in auth.ts, and run `npx kitcn add auth --schema --yes` before you import the users:",
          "  user: {",
          "    additionalFields: {",
          ...lines,
          "    },",
          "  },",
          ...fits.flatMap(({ name, table }) => (table === undefined ? [] : [printId(name, table)])),
        ]),
    ...(untyped.length === 0
      ? []
      : [
          `Better Auth has no type for ${untyped.join(", ")}: use a table of your own, with the user's id.`,
        ]),
    ...(unread.length === 0
      ? []
      : [
          `kitcn cannot read the type of ${unread.join(", ")}: add a line for each, with "string", "number", "boolean", "string[]", "number[]" or "json".`,
        ]),
  ].join("\n");
}
