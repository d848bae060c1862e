// Where a module mentions a name of its top level: the calls, the types and the values that are made with it. By syntax;
// a function that declares the same name for itself is not looked into. Pure.
import type { Node } from "@babel/types";
import {
  childNodes,
  isNode,
  keysByName,
  listImports,
  namesIn,
  type Module,
} from "../../edit/index.js";
import { memberName } from "../../modules/names.js";
import { isKeyOf } from "./references.js";

/** A mention, as what the module does with the name. */
export type TopMention = {
  /** The call, the member or the type around the name; else the name itself. */
  readonly node: Node;
  /** `getAuthUser` of `authComponent.getAuthUser(ctx)`; undefined where the name is not the object of a member. */
  readonly member: string | undefined;
  readonly isCall: boolean;
};

/** The mentions, in the order of the file. What imports the name does not count. */
export function mentionsAtTop(module: Module, name: string): TopMention[] {
  const found: TopMention[] = [];
  const visit = (node: Node, around: readonly Node[]): void => {
    const isOther = node.type === "ExportNamedDeclaration" && node.source;
    if (node.type === "ImportDeclaration" || isOther || declares(node, name)) return;
    const [parent] = around;
    const isName = (node.type === "Identifier" || node.type === "JSXIdentifier") && parent;
    if (isName && node.name === name && !isKeyOf(parent, node)) found.push(mentionOf(node, around));
    for (const child of childNodes(node)) visit(child, [node, ...around]);
  };
  visit(module.program, []);
  return found;
}

/** Every name that a module's top level has, by an import or a declaration. */
export function namesAtTop(module: Module): Set<string> {
  return new Set([
    ...listImports(module).map(({ local }) => local),
    ...module.program.body.flatMap((statement) => {
      const isExport =
        statement.type === "ExportNamedDeclaration" ||
        statement.type === "ExportDefaultDeclaration";
      const declaration = isExport ? statement.declaration : statement;
      if (!declaration) return [];
      return /Declaration$/.test(declaration.type) && "type" in declaration
        ? declaredBy(declaration)
        : [];
    }),
  ]);
}

// --- internal ---

function declaredBy(node: Node): string[] {
  if (node.type === "VariableDeclaration") return namesIn(node);
  return "id" in node && isNode(node.id) && node.id.type === "Identifier" ? [node.id.name] : [];
}

function mentionOf(node: Node, [parent, outer]: readonly Node[]): TopMention {
  const isMember =
    parent?.type === "MemberExpression" || parent?.type === "OptionalMemberExpression";
  if (parent && isMember && parent.object === node) {
    const isCall = isCallTo(outer, parent);
    return { node: isCall && outer ? outer : parent, member: memberName(parent), isCall };
  }
  if (parent?.type === "TSQualifiedName")
    return { node: outer ?? parent, member: parent.right.name, isCall: false };
  const isCall = isCallTo(parent, node);
  const isType = parent?.type === "TSTypeQuery";
  return { node: parent && (isCall || isType) ? parent : node, member: undefined, isCall };
}

function isCallTo(outer: Node | undefined, callee: Node): boolean {
  return outer?.type === "CallExpression" && outer.callee === callee;
}

/** True for a function with a parameter or a local variable of this name. */
function declares(node: Node, name: string): boolean {
  if (!("params" in node) || !Array.isArray(node.params)) return false;
  const isParameter = node.params.some((one: unknown) => isNode(one) && keysByName(one).has(name));
  const body = "body" in node && isNode(node.body) ? node.body : undefined;
  const own = body?.type === "BlockStatement" ? body.body : [];
  return isParameter || own.some((one) => declaredBy(one).includes(name));
}
