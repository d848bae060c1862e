// Every name that a module takes from another one, in whichever form: an import, a re-export, a member of a namespace,
// an import at run time, a type. By syntax; whether the other module has the name is not looked into. Pure.
import type { CallExpression, Node } from "@babel/types";
import { keyOf, listImports, textOf, walk, type Module } from "../../edit/index.js";
import { nodesAround } from "./references.js";

/** A name, the module that is named for it, and where that stands. */
export type Taken = { readonly source: string; readonly name: string; readonly node: Node };

/** The names, in the order of the file for each form. `export * from` takes none by name. */
export function listTaken(module: Module): Taken[] {
  const imports = listImports(module);
  const namespaces = new Map(
    imports.filter((one) => one.imported === "*").map((one) => [one.local, one.source]),
  );
  const found: Taken[] = imports
    .filter(({ imported }) => imported !== "*")
    .map(({ source, imported, declaration }) => ({ source, name: imported, node: declaration }));
  walk(module.program, (node) => {
    found.push(...reExported(node), ...ofType(node));
    if (node.type === "CallExpression") found.push(...importedLater(module, node, namespaces));
  });
  for (const [local, source] of namespaces)
    found.push(...membersIn(module, local, module.program).map((one) => ({ ...one, source })));
  return found;
}

// --- internal ---

type Member = Omit<Taken, "source">;

/** `export { a, b as c } from "./x"`. */
function reExported(node: Node): Taken[] {
  if (node.type !== "ExportNamedDeclaration" || !node.source) return [];
  const source = node.source.value;
  return node.specifiers.flatMap((one) =>
    one.type === "ExportSpecifier" ? { source, name: one.local.name, node } : [],
  );
}

/** `import("./x").A`, in a type. */
function ofType(node: Node): Taken[] {
  if (node.type !== "TSImportType") return [];
  let name: Node | null | undefined = node.qualifier;
  while (name?.type === "TSQualifiedName") name = name.left;
  return name?.type === "Identifier"
    ? [{ source: node.argument.value, name: name.name, node }]
    : [];
}

/** `(await import("./x")).a`, `const { a } = await import("./x")`, and a namespace of it that has a name. */
function importedLater(
  module: Module,
  call: CallExpression,
  namespaces: Map<string, string>,
): Taken[] {
  const [given] = call.arguments;
  if (call.callee.type !== "Import" || given?.type !== "StringLiteral") return [];
  const source = given.value;
  const [holder, outer] = nodesAround(module, call).filter(({ type }) => !TRANSPARENT.has(type));
  if (holder?.type === "VariableDeclarator" && holder.id.type === "Identifier") {
    namespaces.set(holder.id.name, source);
    return [];
  }
  const isThen =
    outer?.type === "CallExpression" && holder && isMember(holder) && nameOf(holder) === "then";
  const taken = isThen ? takenByThen(module, outer) : holder ? takenBy(holder) : [];
  return taken.map((one) => ({ ...one, source }));
}

const TRANSPARENT: ReadonlySet<string> = new Set<Node["type"]>([
  "AwaitExpression",
  "ParenthesizedExpression",
  "TSNonNullExpression",
]);

/** `.then(({ a }) => ...)`, `.then((x) => x.a)`. */
function takenByThen(module: Module, call: CallExpression): Member[] {
  const [fn] = call.arguments;
  if (fn?.type !== "ArrowFunctionExpression" && fn?.type !== "FunctionExpression") return [];
  const [given] = fn.params;
  if (given?.type === "ObjectPattern") return keysIn(given);
  return given?.type === "Identifier" ? membersIn(module, given.name, fn.body) : [];
}

/** What is taken of a value: by a member, or by the pattern that it is assigned to. */
function takenBy(holder: Node): Member[] {
  if (isMember(holder)) {
    const name = nameOf(holder);
    return name === undefined ? [] : [{ name, node: holder }];
  }
  return holder.type === "VariableDeclarator" && holder.id.type === "ObjectPattern"
    ? keysIn(holder.id)
    : [];
}

function keysIn(pattern: Extract<Node, { type: "ObjectPattern" }>): Member[] {
  return pattern.properties.flatMap((one) => {
    const name = one.type === "ObjectProperty" ? keyOf(one) : undefined;
    return name === undefined ? [] : { name, node: one };
  });
}

/** The members of a namespace: of its value, of its types, and of a pattern that it is taken apart with. */
function membersIn(module: Module, local: string, within: Node): Member[] {
  const found: Member[] = [];
  walk(within, (node) => {
    if (isMember(node) && textOf(module, node.object) === local) found.push(...takenBy(node));
    if (node.type === "TSQualifiedName" && textOf(module, node.left) === local)
      found.push({ name: node.right.name, node });
    if (node.type === "VariableDeclarator" && node.init && textOf(module, node.init) === local)
      found.push(...takenBy(node));
  });
  return found;
}

type Access = Extract<Node, { type: "MemberExpression" | "OptionalMemberExpression" }>;

function isMember(node: Node): node is Access {
  return node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
}

function nameOf({ computed, property }: Access): string | undefined {
  if (property.type === "StringLiteral") return property.value;
  return !computed && property.type === "Identifier" ? property.name : undefined;
}
