// The fields that an app of Convex Auth gave its table `users`: kitcn's table of users has none of them. Reads the
// syntax of a schema, and says what to write; edits nothing.
import type { Node, ObjectExpression } from "@babel/types";
import { findProperty, keyOf, textOf, unwrap, walk, type Module } from "../edit/index.js";
import { placeOf, type Found } from "./find.js";
import type { Workspace } from "../workspace/stage.js";

/** A note for each schema with such fields. */
export function notesOfUserFields(ws: Workspace, found: readonly Found[]): string[] {
  return found.flatMap((one) => {
    if (one.part !== "tables") return [];
    const users = usersBeside(one.module, one.node);
    const fields = users ? fieldsOf(one.module, users) : undefined;
    if (!users || !fields || fields.length === 0) return [];
    const { file, line } = placeOf(ws, { module: one.module, node: users });
    return [printNote(`${file}:${line}`, fields)];
  });
}

// --- internal ---

type Field = {
  readonly name: string;
  readonly type: string | undefined;
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

/** `users: defineTable({ ... })` in the object that has `...authTables`. */
function usersBeside(module: Module, tables: Node): Node | undefined {
  let object: ObjectExpression | undefined;
  walk(module.program, (node) => {
    if (node.type === "ObjectExpression" && node.properties.some((one) => one === tables))
      object = node;
  });
  return object && findProperty(object, "users");
}

function fieldsOf(module: Module, users: Node): Field[] | undefined {
  let table: ObjectExpression | undefined;
  walk(users, (node) => {
    if (node.type !== "CallExpression" || textOf(module, node.callee) !== "defineTable") return;
    const [given] = node.arguments;
    if (given?.type === "ObjectExpression") table ??= given;
  });
  return table?.properties.flatMap((one): Field[] => {
    const name = one.type === "ObjectProperty" ? keyOf(one) : undefined;
    if (one.type !== "ObjectProperty" || name === undefined || KNOWN.has(name)) return [];
    return [{ name, type: typeOf(module, one.value), table: tableOf(module, one.value) }];
  });
}

/** Better Auth's type for a validator; undefined for objects, lists and validators that are made elsewhere. */
function typeOf(module: Module, validator: Node): string | undefined {
  const call = unwrap(validator);
  if (call.type !== "CallExpression") return undefined;
  const types = call.arguments.map((one) => typeOf(module, one));
  const [first] = call.arguments;
  switch (textOf(module, call.callee)) {
    case "v.optional":
      return types[0];
    case "v.union":
      return types.every((one) => one === types[0]) ? types[0] : undefined;
    case "v.literal":
      return first?.type === "StringLiteral" ? "string" : undefined;
    case "v.string":
    case "v.id":
      return "string";
    case "v.number":
    case "v.float64":
      return "number";
    case "v.boolean":
      return "boolean";
    default:
      return undefined;
  }
}

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
  const fits = fields.filter(({ type }) => type !== undefined);
  const others = fields.filter(({ type }) => type === undefined).map(({ name }) => name);
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
    ...(others.length === 0
      ? []
      : [
          `Better Auth has no type for ${others.join(", ")}: use a table of your own, with the user's id.`,
        ]),
  ].join("\n");
}
