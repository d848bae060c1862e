// Which modules a module takes something from. Pure.
import { walk, type Module } from "./parse.js";

/** What a module imports and re-exports, types aside. */
export function specifiersOf(module: Module): Set<string> {
  const specifiers = new Set<string>();
  walk(module.program, (node) => {
    if (node.type === "ImportDeclaration" && node.importKind !== "type")
      specifiers.add(node.source.value);
    const isExport = node.type === "ExportAllDeclaration" || node.type === "ExportNamedDeclaration";
    if (isExport && node.source && node.exportKind !== "type") specifiers.add(node.source.value);
    // import("./x")
    if (node.type !== "CallExpression" || node.callee.type !== "Import") return;
    const [source] = node.arguments;
    if (source?.type === "StringLiteral") specifiers.add(source.value);
  });
  return specifiers;
}
