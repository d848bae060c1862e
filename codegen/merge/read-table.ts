// Reads a table out of a module: the fields and indexes of a `defineTable({...}).index(...)` chain.
// Only looks; follows names through `Scope`, never through the file system.
import type { CallExpression, Node, ObjectExpression, ObjectMember } from "@babel/types";
import { endOf, keyOf, startOf, textOf, unwrap, type Module } from "../edit/index.js";
import { canonical, convexNames, type Names } from "./fingerprint.js";
import type { Located, Scope } from "../modules/names.js";

/** A field as written. `member` is set where it stands in the table's own braces. */
export type FieldSource = {
  readonly name: string;
  readonly module: Module;
  readonly value: Node;
  readonly member?: ObjectMember;
  readonly canonical: string;
};

/** An index as written: one call of the chain. */
export type IndexSource = {
  readonly name: string;
  readonly call: CallExpression;
  /** Undefined when the columns are not spelt out. */
  readonly columns: readonly string[] | undefined;
  /** A staged index cannot be queried yet. */
  readonly staged: boolean;
  readonly canonical: string;
};

/** A table as written. */
export type TableSource = {
  readonly module: Module;
  readonly names: Names;
  /** The defineTable call itself, and the whole chain around it. */
  readonly call: CallExpression;
  readonly chain: Node;
  /** The braces that new fields go into; undefined when the argument is not an object literal here. */
  readonly object: ObjectExpression | undefined;
  readonly fields: ReadonlyMap<string, FieldSource>;
  readonly indexes: ReadonlyMap<string, IndexSource>;
  /** False when a part could not be followed, so that a missing field may only be out of sight. */
  readonly complete: boolean;
};

/** Reads the table an expression stands for; undefined when it is not a defineTable chain. */
export function readTable(at: Located, scope: Scope): TableSource | undefined {
  const { module, node } = scope.follow(at);
  const names = convexNames(module);
  const indexes = new Map<string, IndexSource>();
  let current = unwrap(node);
  while (current.type === "CallExpression") {
    const callee = unwrap(current.callee);
    if (canonical(callee, names) === "defineTable") {
      const fields = readFields({ module, node: current.arguments[0] }, scope);
      return { module, names, call: current, chain: node, indexes: reversed(indexes), ...fields };
    }
    if (callee.type !== "MemberExpression") return undefined;
    const index = readIndex(current, { module, names });
    if (index) indexes.set(index.name, index);
    current = unwrap(callee.object);
  }
  return undefined;
}

// --- internal ---

type Fields = Pick<TableSource, "object" | "fields" | "complete">;

function readFields(
  at: { readonly module: Module; readonly node: Node | undefined },
  scope: Scope,
): Fields {
  const nothing: Fields = { object: undefined, fields: new Map(), complete: false };
  if (!at.node) return nothing;
  const found = objectOf({ module: at.module, node: at.node }, scope);
  if (!found) return nothing;
  const fields = new Map<string, FieldSource>();
  const complete = collect(found.object, { module: found.module, scope, fields, own: true });
  // Braces in another module or behind a shared const may serve other tables too: not ours to extend.
  const inPlace =
    found.module === at.module &&
    startOf(at.node) <= startOf(found.object) &&
    endOf(found.object) <= endOf(at.node);
  return { object: inPlace ? found.object : undefined, fields, complete };
}

function collect(
  object: ObjectExpression,
  input: {
    readonly module: Module;
    readonly scope: Scope;
    readonly fields: Map<string, FieldSource>;
    readonly own: boolean;
  },
): boolean {
  const { module, scope, fields, own } = input;
  const names = convexNames(module);
  let complete = true;
  for (const member of object.properties) {
    if (member.type === "SpreadElement") {
      const spread = objectOf({ module, node: member.argument }, scope);
      const known =
        spread && collect(spread.object, { module: spread.module, scope, fields, own: false });
      complete &&= known === true;
      continue;
    }
    const name = keyOf(member);
    if (name === undefined || member.type !== "ObjectProperty") {
      complete = false;
      continue;
    }
    const { value } = member;
    const shared = { name, module, value, canonical: canonical(value, names) };
    fields.set(name, own ? { ...shared, member } : shared);
  }
  return complete;
}

/** The object literal behind `{...}`, a const, an import, `v.object({...})` or `validator.fields`. */
function objectOf(
  at: Located,
  scope: Scope,
): { readonly module: Module; readonly object: ObjectExpression } | undefined {
  const { module, node } = scope.follow(at);
  if (node.type === "ObjectExpression") return { module, object: node };
  if (node.type === "CallExpression" && node.arguments[0]) {
    const callee = canonical(node.callee, convexNames(module));
    if (callee === "v.object") return objectOf({ module, node: node.arguments[0] }, scope);
  }
  if (
    node.type === "MemberExpression" &&
    node.property.type === "Identifier" &&
    node.property.name === "fields"
  )
    return objectOf({ module, node: node.object }, scope);
  return undefined;
}

function readIndex(
  call: CallExpression,
  { module, names }: { readonly module: Module; readonly names: Names },
): IndexSource | undefined {
  const callee = unwrap(call.callee);
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return undefined;
  if (callee.property.name !== "index") return undefined;
  const [name, spec] = call.arguments;
  if (name?.type !== "StringLiteral") return undefined;
  const { columns, staged } = readIndexColumns(spec);
  return {
    name: name.value,
    call,
    columns,
    staged,
    canonical:
      columns && !staged
        ? JSON.stringify(columns)
        : spec
          ? canonical(spec, names)
          : textOf(module, call),
  };
}

/** `["a", "b"]`, or `{ fields: [...], staged: true }`. */
function readIndexColumns(spec: Node | undefined): {
  columns: readonly string[] | undefined;
  staged: boolean;
} {
  const node = spec && unwrap(spec);
  if (node?.type === "ArrayExpression") {
    const columns = node.elements.map((one) => (one?.type === "StringLiteral" ? one.value : null));
    const known = columns.filter((one) => one !== null);
    return { columns: known.length === columns.length ? known : undefined, staged: false };
  }
  if (node?.type !== "ObjectExpression") return { columns: undefined, staged: false };
  let columns: readonly string[] | undefined;
  let staged = false;
  for (const member of node.properties) {
    if (member.type !== "ObjectProperty") continue;
    if (keyOf(member) === "fields") columns = readIndexColumns(member.value).columns;
    if (keyOf(member) === "staged")
      staged = !(member.value.type === "BooleanLiteral" && !member.value.value);
  }
  return { columns, staged };
}

function reversed<V>(map: ReadonlyMap<string, V>): Map<string, V> {
  return new Map([...map].reverse());
}
