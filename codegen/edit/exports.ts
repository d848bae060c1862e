// What a module exports under a name, and where that stands. Pure; one module at a time.
import type { Node, Statement } from "@babel/types";
import { namesIn } from "./patterns.js";
import type { Module } from "./parse.js";

/** An export: something of this module, or a name of another one. */
export type FoundExport =
  | { readonly kind: "name"; readonly local: string; readonly statement: Statement }
  | { readonly kind: "expression"; readonly node: Node; readonly statement: Statement }
  | {
      readonly kind: "from";
      readonly source: string;
      readonly name: string;
      readonly statement: Statement;
    };

/** The exports of a module that can be meant by a name; types are none. `export *` may give any. */
export function listExports(module: Module, name: string): FoundExport[] {
  return module.program.body.flatMap((statement): FoundExport[] => {
    if (statement.type === "ExportDefaultDeclaration")
      return name === "default"
        ? [{ kind: "expression", node: statement.declaration, statement }]
        : [];
    if (statement.type === "ExportAllDeclaration") {
      const isMeant = name !== "default" && statement.exportKind !== "type";
      return isMeant ? [{ kind: "from", source: statement.source.value, name, statement }] : [];
    }
    if (statement.type !== "ExportNamedDeclaration" || statement.exportKind === "type") return [];
    const { declaration, source } = statement;
    if (declaration)
      return namesIn(declaration).includes(name) ? [{ kind: "name", local: name, statement }] : [];
    return statement.specifiers.flatMap((one): FoundExport[] => {
      const spelled = one.exported.type === "Identifier" ? one.exported.name : one.exported.value;
      if (spelled !== name) return [];
      const local = one.type === "ExportSpecifier" ? one.local.name : "*";
      if (one.type === "ExportSpecifier" && one.exportKind === "type") return [];
      return source
        ? [{ kind: "from", source: source.value, name: local, statement }]
        : [{ kind: "name", local, statement }];
    });
  });
}
