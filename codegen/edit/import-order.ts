// The order of imports, which means nothing where none is there for its effect: formatters that sort imports change it.
// Pure; for comparisons only.
import type { ImportDeclaration, Program, Statement } from "@babel/types";
import { isForEffect } from "./import-places.js";

/**
 * A module with the imports that stand together in one order, whatever their order was, and with the names of each in
 * one order. An import for its effect stays where it is, and none moves past it.
 *
 * @example
 * withSortedImports(parseModule('import { b, a } from "x"', path).program); // a comes first
 */
export function withSortedImports(program: Program): Program {
  const body: Statement[] = [];
  let together: ImportDeclaration[] = [];
  const end = () => {
    body.push(...together.map(withSortedNames).sort(byKey(keyOfImport)));
    together = [];
  };
  for (const statement of program.body) {
    if (isMovable(statement)) {
      together.push(statement);
      continue;
    }
    end();
    body.push(statement);
  }
  end();
  return { ...program, body };
}

// --- internal ---

function isMovable(statement: Statement): statement is ImportDeclaration {
  return statement.type === "ImportDeclaration" && !isForEffect(statement);
}

function withSortedNames(declaration: ImportDeclaration): ImportDeclaration {
  const names = [...declaration.specifiers].sort(
    byKey(({ type, local }) => `${type} ${local.name}`),
  );
  return { ...declaration, specifiers: names };
}

/** Two imports of one module may differ in their names alone. */
function keyOfImport({ source, importKind, specifiers }: ImportDeclaration): string {
  return [source.value, importKind ?? "", ...specifiers.map(({ local }) => local.name)].join(" ");
}

function byKey<T>(key: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
