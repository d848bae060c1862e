// Finds the mutations of a module that write past triggers: made with Convex's own builders. Pure.
import type { MemberExpression, Node } from "@babel/types";
import {
  findImport,
  keyOf,
  listImports,
  resolveExpression,
  textOf,
  walk,
  type Module,
} from "../edit/index.js";

/** A builder of Convex's own; `name` is undefined where `initCRPC.create()` takes it. */
export type RawBuilder = { readonly node: Node; readonly name?: string };

/**
 * Where a module takes them, by import, through a namespace, by passing them on, or for procedures.
 *
 * @param isGenerated whether a source is the app's `_generated/server`
 */
export function findRawBuilders(
  module: Module,
  isGenerated: (source: string) => boolean,
): RawBuilder[] {
  const rawNames = (source: string) =>
    source === "convex/server" ? GENERIC : isGenerated(source) ? GENERATED : [];
  return [
    ...listImports(module).flatMap((found) => {
      const { source, imported, local, typeOnly, declaration } = found;
      const names = typeOnly ? [] : rawNames(source);
      if (imported === "*") return membersOf(module, local, names);
      return names.includes(imported) ? [{ node: declaration, name: imported }] : [];
    }),
    ...module.program.body.flatMap((statement) => passedOn(statement, rawNames)),
    ...bareProcedures(module).map((node) => ({ node })),
  ];
}

// --- internal ---

const INIT_CRPC = { source: "kitcn/server", name: "initCRPC" } as const;

const GENERIC = ["mutationGeneric", "internalMutationGeneric"];

const GENERATED = ["mutation", "internalMutation"];

/** `namespace.mutation`, `namespace["mutation"]`, and `const { mutation } = namespace`. */
function membersOf(module: Module, namespace: string, names: readonly string[]): RawBuilder[] {
  const found: RawBuilder[] = [];
  const add = (node: Node, name: string | undefined) => {
    if (name !== undefined && names.includes(name)) found.push({ node, name });
  };
  const isNamespace = (node: Node | null | undefined) =>
    node?.type === "Identifier" && node.name === namespace;
  walk(module.program, (node) => {
    if (node.type === "MemberExpression" && isNamespace(node.object)) add(node, memberName(node));
    if (node.type !== "VariableDeclarator" || !isNamespace(node.init)) return;
    if (node.id.type !== "ObjectPattern") return;
    for (const property of node.id.properties)
      if (property.type === "ObjectProperty") add(property, keyOf(property));
  });
  return found;
}

function memberName({ property, computed }: MemberExpression): string | undefined {
  if (property.type === "StringLiteral") return property.value;
  return property.type === "Identifier" && !computed ? property.name : undefined;
}

/** Of `export … from`. */
function passedOn(statement: Node, rawNames: (source: string) => readonly string[]): RawBuilder[] {
  const isExport =
    statement.type === "ExportNamedDeclaration" || statement.type === "ExportAllDeclaration";
  if (!isExport || !statement.source || statement.exportKind === "type") return [];
  const names = rawNames(statement.source.value);
  const all: RawBuilder[] = names.slice(0, 1).map((name) => ({ node: statement, name }));
  if (statement.type === "ExportAllDeclaration") return all;
  return statement.specifiers.flatMap((specifier): RawBuilder[] => {
    if (specifier.type !== "ExportSpecifier") return all;
    const { name } = specifier.local;
    return names.includes(name) ? [{ node: specifier, name }] : [];
  });
}

/** `initCRPC.create()`, also after `dataModel()` or of a const. */
function bareProcedures(module: Module): Node[] {
  const init = findImport(module, INIT_CRPC);
  const found: Node[] = [];
  const isInit = (node: Node): boolean => {
    if (textOf(module, node) === init) return true;
    if (node.type === "CallExpression") return isInit(node.callee);
    if (node.type === "MemberExpression") return isInit(node.object);
    const resolved = resolveExpression(module, node);
    return resolved !== node && isInit(resolved);
  };
  walk(module.program, (node) => {
    if (node.type !== "CallExpression" || node.arguments.length > 0) return;
    if (node.callee.type !== "MemberExpression" || memberName(node.callee) !== "create") return;
    if (isInit(node.callee.object)) found.push(node);
  });
  return found;
}
