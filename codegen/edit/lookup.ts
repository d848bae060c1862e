// Finds things in a parsed module: top-level bindings, the default export, properties of an object literal.
// Pure; follows names inside one module only.
import type {
  Expression,
  Node,
  ObjectExpression,
  ObjectMember,
  SpreadElement,
  Statement,
  VariableDeclarator,
} from "@babel/types";
import type { Module } from "./parse.js";

/** A top-level name. `init` is the expression of a const/let/var; `statement` includes any `export`. */
export type Binding = {
  readonly name: string;
  readonly statement: Statement;
  readonly declarator?: VariableDeclarator;
  readonly init?: Expression;
  readonly exported: boolean;
};

/** What `export default` gives: an expression here, or a name of another module. */
export type DefaultExport =
  | { readonly kind: "expression"; readonly node: Node; readonly statement: Statement }
  | {
      readonly kind: "reexport";
      readonly source: string;
      readonly name: string;
      readonly statement: Statement;
    };

/** Strips `as const`, `as T`, `satisfies T`, `!`, `<T>x` and parentheses. */
export function unwrap(node: Node): Node {
  return isWrapper(node) ? unwrap(node.expression) : node;
}

/** Strips what `unwrap()` does, and each `await`. */
export function withoutAwait(given: Node): Node {
  const node = unwrap(given);
  return node.type === "AwaitExpression" ? withoutAwait(node.argument) : node;
}

/** The top-level declarations of a module (not its imports), by name. */
export function listBindings(module: Module): Map<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const statement of module.program.body) {
    const exported = statement.type === "ExportNamedDeclaration";
    const declaration = exported ? statement.declaration : statement;
    if (!declaration) continue;
    if (declaration.type === "VariableDeclaration") {
      for (const declarator of declaration.declarations) {
        if (declarator.id.type !== "Identifier") continue;
        const { name } = declarator.id;
        const init = declarator.init ?? undefined;
        bindings.set(name, { name, statement, declarator, exported, ...(init && { init }) });
      }
    } else if ("id" in declaration && declaration.id?.type === "Identifier") {
      bindings.set(declaration.id.name, { name: declaration.id.name, statement, exported });
    }
  }
  return bindings;
}

/** Follows an identifier through top-level consts (and wrappers) to the expression it stands for. */
export function resolveExpression(module: Module, node: Node): Node {
  const bindings = listBindings(module);
  const seen = new Set<string>();
  let current = unwrap(node);
  while (current.type === "Identifier" && !seen.has(current.name)) {
    seen.add(current.name);
    const init = bindings.get(current.name)?.init;
    if (!init) return current;
    current = unwrap(init);
  }
  return current;
}

/** The default export, in any of its spellings. */
export function findDefaultExport(module: Module): DefaultExport | undefined {
  for (const statement of module.program.body) {
    if (statement.type === "ExportDefaultDeclaration")
      return { kind: "expression", node: statement.declaration, statement };
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== "ExportSpecifier") continue;
      const { exported, local } = specifier;
      const name = exported.type === "Identifier" ? exported.name : exported.value;
      if (name !== "default") continue;
      return statement.source
        ? { kind: "reexport", source: statement.source.value, name: local.name, statement }
        : { kind: "expression", node: local, statement };
    }
  }
  return undefined;
}

/** The name of a property, when it is written out (identifier or string). */
export function keyOf(member: ObjectMember | SpreadElement): string | undefined {
  if (member.type === "SpreadElement") return undefined;
  if (member.key.type === "StringLiteral") return member.key.value;
  return member.key.type === "Identifier" && !member.computed ? member.key.name : undefined;
}

/** The property of an object literal with this name. */
export function findProperty(object: ObjectExpression, name: string): ObjectMember | undefined {
  for (const member of object.properties)
    if (member.type !== "SpreadElement" && keyOf(member) === name) return member;
  return undefined;
}

// --- internal ---

const WRAPPERS = [
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "ParenthesizedExpression",
] as const;

type Wrapper = Extract<Node, { type: (typeof WRAPPERS)[number] }>;

function isWrapper(node: Node): node is Wrapper {
  return WRAPPERS.some((type) => type === node.type);
}
