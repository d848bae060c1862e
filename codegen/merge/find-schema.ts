// Finds where a schema module lists its tables: the object given to defineSchema, in any usual form.
// Only looks; where nothing can be found it says the exact edit to make.
import type { CallExpression, Node, ObjectExpression, ObjectMember, Statement } from "@babel/types";
import {
  endOf,
  findDefaultExport,
  resolveExpression,
  keyOf,
  listBindings,
  listImports,
  locationOf,
  startOf,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../edit/index.js";
import type { CodegenError } from "../errors.js";
import {
  commonJsSchema,
  noSchemaCall,
  schemaOfEnts,
  schemaOfPackage,
  schemaOutsideStatement,
  schemaWithoutTables,
  severalSchemas,
} from "../errors/tables.js";
import { canonical, convexNames } from "./fingerprint.js";
import type { Located, Scope } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";

/** One table of the schema: its key, and the expression of its table. */
export type TableEntry = {
  readonly key: string;
  readonly at: Located;
  /** Set where the entry stands in the object that new entries go into. */
  readonly member?: ObjectMember;
  /** `path:line` of the schema that makes the table only when it is run; `at` is then no text of the app. */
  readonly madeAt?: string;
};

/** The call of defineSchema, and the module it stands in. */
export type SchemaCall = { readonly module: Module; readonly node: CallExpression };

/** Where tables are listed. */
export type SchemaPlace = {
  /** The module to patch; another than schema.ts where that one re-exports, or lists authSchema.ts. */
  readonly module: Module;
  /** The call of defineSchema. */
  readonly call: SchemaCall;
  /** The top-level statement around the place: new blocks go above it. */
  readonly statement: Statement;
  /** New entries go into this object, or around this expression as `{ ...it, user: userTable }`. */
  readonly target:
    | { readonly kind: "object"; readonly object: ObjectExpression }
    | { readonly kind: "wrap"; readonly node: Node };
  readonly entries: ReadonlyMap<string, TableEntry>;
  /** Source text of spreads and members that could not be followed. */
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
  if (!found || !findDefaultExport(module)) throw notFound(module);
  const argument = found.node.arguments[0];
  if (!argument || argument.type === "SpreadElement" || argument.type === "ArgumentPlaceholder")
    throw schemaWithoutTables({ place: locationOf(found.module, found.node) });

  const list = { module: found.module, node: argument };
  const target = targetOf(list, scope);
  const listed = collectFrom(list, { scope, target });
  const home = listed.objects.find(({ module, node }) => node === findAuthTables(module));
  if (!home) return { ...placeAt(found.module, target), call: found, ...listed };
  const own = { kind: "object", object: home.node } as const;
  return {
    ...placeAt(home.module, own),
    call: found,
    ...collectFrom(list, { scope, target: own }),
  };
}

/** Name of the module, and of its export, that keeps the auth tables of an app apart from its own. */
export const AUTH_SCHEMA = { file: "authSchema", name: "authTables" } as const;

/** The object of auth tables that authSchema.ts exports; undefined in any other module. */
export function findAuthTables(module: Module): ObjectExpression | undefined {
  if (!/(^|[\\/])authSchema\.[cm]?[jt]sx?$/.test(module.path)) return undefined;
  const binding = listBindings(module).get(AUTH_SCHEMA.name);
  const node = binding?.exported && binding.init ? unwrap(binding.init) : undefined;
  return node?.type === "ObjectExpression" ? node : undefined;
}

// --- internal ---

function placeAt(module: Module, target: SchemaPlace["target"]) {
  const node = target.kind === "object" ? target.object : target.node;
  return { module, statement: statementAround(module, node), target };
}

function findDefineSchema(module: Module, read: ModuleReader): SchemaCall | undefined {
  assertModuleSyntax(module);
  const names = convexNames(module);
  const calls: CallExpression[] = [];
  walk(module.program, (node) => {
    if (node.type === "CallExpression" && canonical(node.callee, names) === "defineSchema")
      calls.push(node);
  });
  // What is exported from elsewhere comes first: a call that stands here as well is another schema.
  const source = sourceOfExport(module);
  if (source !== undefined) {
    const other = read(source, module);
    return other && findDefineSchema(other, read);
  }
  const exported = findDefaultExport(module);
  const exportedCall =
    exported?.kind === "expression" ? resolveExpression(module, exported.node) : undefined;
  const chosen = calls.find((call) => call === exportedCall) ?? (calls.length === 1 && calls[0]);
  if (!chosen) return undefined;
  assertConvexSchema({ module, node: chosen }, read);
  return { module, node: chosen };
}

/** Refuses a `defineSchema` of another library: its tables are not those of Convex. */
function assertConvexSchema({ module, node }: SchemaCall, read: ModuleReader): void {
  const name = textOf(module, node.callee);
  const made = listImports(module).find(({ local }) => local === name);
  if (!made || convexNames(module).has(name) || read(made.source, module)) return;
  if (/^[.#~@]?\//.test(made.source)) return;
  const exported = findDefaultExport(module);
  const spelled = exported?.kind === "expression" ? unwrap(exported.node) : undefined;
  throw schemaOfPackage({
    place: locationOf(module, node),
    source: made.source,
    own: spelled && spelled !== node ? textOf(module, spelled) : undefined,
  });
}

/** An import that is added to a CommonJS file would make its `module.exports` mean nothing. */
function assertModuleSyntax(module: Module): void {
  const assignment = module.program.body.find(
    (one) =>
      one.type === "ExpressionStatement" &&
      one.expression.type === "AssignmentExpression" &&
      /^(module\.exports|exports\.\w+)$/.test(textOf(module, one.expression.left)),
  );
  if (assignment) throw commonJsSchema({ place: locationOf(module, assignment) });
}

/** convex-ents gives tables edges, which plain tables have none of: they go beside its own, not among them. */
function notFound(module: Module): CodegenError {
  const ents = module.program.body.find(
    (one) => one.type === "ImportDeclaration" && one.source.value === "convex-ents",
  );
  if (ents) return schemaOfEnts({ place: locationOf(module, ents) });
  const names = convexNames(module);
  let calls = 0;
  walk(module.program, (node) => {
    if (node.type === "CallExpression" && canonical(node.callee, names) === "defineSchema")
      calls += 1;
  });
  const place = locationOf(module);
  return calls > 1 && findDefaultExport(module)
    ? severalSchemas({ place })
    : noSchemaCall({ place });
}

/** Where the default export comes from, if from another module: by `export ... from` or by an import. */
function sourceOfExport(module: Module): string | undefined {
  const exported = findDefaultExport(module);
  if (exported?.kind === "reexport") return exported.source;
  if (exported?.node.type !== "Identifier") return undefined;
  const { name } = exported.node;
  for (const statement of module.program.body)
    if (statement.type === "ImportDeclaration")
      if (statement.specifiers.some((one) => one.local.name === name))
        return statement.source.value;
  return undefined;
}

function targetOf(argument: Located, scope: Scope): SchemaPlace["target"] {
  const { module, node } = scope.follow(argument);
  if (node.type === "ObjectExpression" && module === argument.module)
    return { kind: "object", object: node };
  // An imported object, or the result of a call: entries go around it, so that only this file changes.
  return { kind: "wrap", node: argument.node };
}

/** What a list of tables comes to. `objects`: the literals that it is made of. */
type Listed = {
  readonly entries: Map<string, TableEntry>;
  readonly unseen: string[];
  readonly objects: { readonly module: Module; readonly node: ObjectExpression }[];
};

type Collector = { readonly scope: Scope; readonly target: SchemaPlace["target"] };

function collectFrom(list: Located, { scope, target }: Collector): Listed {
  const listed: Listed = { entries: new Map(), unseen: [], objects: [] };
  collect(scope.follow(list), { scope, target, ...listed });
  return listed;
}

function collect(at: Located, input: Collector & Listed): void {
  const { module, node } = at;
  const { scope, entries, unseen, objects, target } = input;
  const into = (inner: Node) => collect(scope.follow({ module, node: inner }), input);
  // `...(isBeta ? a : b)`, `...(isBeta && a)`: declared is what may be there.
  if (node.type === "ConditionalExpression") return [node.consequent, node.alternate].forEach(into);
  if (node.type === "LogicalExpression")
    return [...(node.operator === "&&" ? [] : [node.left]), node.right].forEach(into);
  if (isNothing(node)) return;
  if (node.type === "Program") {
    for (const [key, exported] of scope.exportsOf(module)) entries.set(key, { key, at: exported });
    return;
  }
  if (node.type !== "ObjectExpression") {
    unseen.push(textOf(module, node));
    return;
  }
  objects.push({ module, node });
  const isTarget = target.kind === "object" && target.object === node;
  for (const member of node.properties) {
    if (member.type === "SpreadElement") {
      into(member.argument);
      continue;
    }
    const key = keyOf(member) ?? computedKey(member, module, scope);
    if (key === undefined || member.type !== "ObjectProperty") unseen.push(textOf(module, member));
    else {
      const entry = { key, at: { module, node: member.value } };
      entries.set(key, isTarget ? { ...entry, member } : entry);
    }
  }
}

function isNothing(node: Node): boolean {
  return (
    node.type === "NullLiteral" ||
    node.type === "BooleanLiteral" ||
    (node.type === "Identifier" && node.name === "undefined")
  );
}

/** The key of `[USER]: ...`, where USER is a string. */
function computedKey(member: ObjectMember, module: Module, scope: Scope): string | undefined {
  const { node } = scope.follow({ module, node: member.key });
  return node.type === "StringLiteral" ? node.value : undefined;
}

function statementAround(module: Module, node: Node): Statement {
  const statement = module.program.body.find(
    (one) => startOf(one) <= startOf(node) && endOf(node) <= endOf(one),
  );
  if (!statement) throw schemaOutsideStatement({ place: locationOf(module, node) });
  return statement;
}
