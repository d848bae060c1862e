// Finds where a schema module lists its tables: the object given to defineSchema, in any usual form.
// Only looks; where nothing can be found it says the exact edit to make.
import type { CallExpression, Node, ObjectExpression, ObjectMember, Statement } from "@babel/types";
import {
  endOf,
  findDefaultExport,
  resolveExpression,
  keyOf,
  startOf,
  walk,
  type Module,
} from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { canonical, convexNames } from "./fingerprint.js";
import type { Located, ModuleReader, Scope } from "./scope.js";

/** One table of the schema: its key, and the expression of its table. */
export type TableEntry = {
  readonly key: string;
  readonly at: Located;
  /** Set where the entry stands in the object that new entries go into. */
  readonly member?: ObjectMember;
};

/** Where tables are listed. */
export type SchemaPlace = {
  /** The module to patch; another than schema.ts where that one re-exports. */
  readonly module: Module;
  /** The call of defineSchema. */
  readonly call: CallExpression;
  /** The top-level statement around the place: new blocks go above it. */
  readonly statement: Statement;
  /** New entries go into this object, or around this expression as `{ ...it, user: userTable }`. */
  readonly target:
    | { readonly kind: "object"; readonly object: ObjectExpression }
    | { readonly kind: "wrap"; readonly node: Node };
  readonly entries: ReadonlyMap<string, TableEntry>;
  /** Source text of spreads that could not be followed. */
  readonly unseen: readonly string[];
};

/**
 * Finds the tables of a schema module.
 *
 * @throws CodegenError `NO_SCHEMA_PLACE`, with the exact edit in its hint
 */
export function findSchema(
  module: Module,
  { scope, read }: { readonly scope: Scope; readonly read: ModuleReader },
): SchemaPlace {
  const found = findDefineSchema(module, read);
  if (!found) throw noPlace(module.path, "it exports no call of defineSchema from convex/server");
  const argument = found.call.arguments[0];
  if (!argument || argument.type === "SpreadElement" || argument.type === "ArgumentPlaceholder")
    throw noPlace(found.module.path, "defineSchema gets no tables object");

  const target = targetOf({ module: found.module, node: argument }, scope);
  const entries = new Map<string, TableEntry>();
  const unseen: string[] = [];
  collect(scope.follow({ module: found.module, node: argument }), {
    scope,
    entries,
    unseen,
    target,
  });
  const node = target.kind === "object" ? target.object : target.node;
  return {
    module: found.module,
    call: found.call,
    statement: statementAround(found.module, node),
    target,
    entries,
    unseen,
  };
}

// --- internal ---

type Found = { readonly module: Module; readonly call: CallExpression };

function findDefineSchema(module: Module, read: ModuleReader): Found | undefined {
  const names = convexNames(module);
  const calls: CallExpression[] = [];
  walk(module.program, (node) => {
    if (node.type === "CallExpression" && canonical(node.callee, names) === "defineSchema")
      calls.push(node);
  });
  const exported = findDefaultExport(module);
  const [first] = calls;
  if (first && calls.length === 1) return { module, call: first };
  if (exported?.kind === "reexport") {
    const other = read(exported.source, module);
    return other && findDefineSchema(other, read);
  }
  const exportedCall = exported && resolveExpression(module, exported.node);
  const chosen = calls.find((call) => call === exportedCall);
  if (chosen) return { module, call: chosen };
  if (calls.length === 0 && exported?.node.type === "Identifier")
    return findImportedSchema(module, exported.node.name, read);
  return undefined;
}

/** `import schema from "./db/schema"; export default schema;` */
function findImportedSchema(module: Module, name: string, read: ModuleReader): Found | undefined {
  for (const statement of module.program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    if (!statement.specifiers.some((one) => one.local.name === name)) continue;
    const other = read(statement.source.value, module);
    return other && findDefineSchema(other, read);
  }
  return undefined;
}

function targetOf(argument: Located, scope: Scope): SchemaPlace["target"] {
  const { module, node } = scope.follow(argument);
  if (node.type === "ObjectExpression" && module === argument.module)
    return { kind: "object", object: node };
  // An imported object, or the result of a call: entries go around it, so that only this file changes.
  return { kind: "wrap", node: argument.node };
}

function collect(
  at: Located,
  input: {
    readonly scope: Scope;
    readonly entries: Map<string, TableEntry>;
    readonly unseen: string[];
    readonly target: SchemaPlace["target"];
  },
): void {
  const { module, node } = at;
  const { scope, entries, unseen, target } = input;
  if (node.type !== "ObjectExpression") {
    unseen.push(module.text.slice(startOf(node), endOf(node)));
    return;
  }
  const isTarget = target.kind === "object" && target.object === node;
  for (const member of node.properties) {
    if (member.type === "SpreadElement") {
      collect(scope.follow({ module, node: member.argument }), input);
      continue;
    }
    const key = keyOf(member);
    if (key === undefined || member.type !== "ObjectProperty") continue;
    const entry = { key, at: { module, node: member.value } };
    entries.set(key, isTarget ? { ...entry, member } : entry);
  }
}

function statementAround(module: Module, node: Node): Statement {
  const statement = module.program.body.find(
    (one) => startOf(one) <= startOf(node) && endOf(node) <= endOf(one),
  );
  if (!statement) throw noPlace(module.path, "defineSchema stands outside any statement");
  return statement;
}

function noPlace(path: string, why: string): CodegenError {
  return new CodegenError({
    code: "NO_SCHEMA_PLACE",
    message: `${path}: the place for the auth tables was not found: ${why}.`,
    hint:
      'Give the file `export default defineSchema({});` with `import { defineSchema } from "convex/server";` ' +
      "(your tables inside the braces), then run the command again. Nothing was written.",
  });
}
