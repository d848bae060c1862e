// Prints the schema.ts of an app that has none. Its functions may use tables without one: they go on to type-check.
import { join } from "node:path";
import { walk, type Module } from "../edit/index.js";
import { readModule } from "../modules/readable.js";
import { printEmptySchema, printOpenSchema } from "../print/texts.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

/** A schema without tables, in which an app that uses tables may leave them undeclared. */
export function printNewSchema(ws: Workspace): string {
  return modulesOf(ws).some(usesTable) ? printOpenSchema() : printEmptySchema();
}

// --- internal ---

/** The app's own functions in TypeScript. */
function modulesOf(ws: Workspace): Module[] {
  const { functionsDir } = ws.project;
  const skipped = new Set(
    ["_generated", "generated", "node_modules"].map((name) => join(functionsDir, name)),
  );
  return listFiles(ws, functionsDir, ({ path }) => skipped.has(path))
    .filter((path) => /(?<!\.d)\.[cm]?tsx?$/.test(path))
    .flatMap((path) => readModule(ws, path) ?? []);
}

/** True for a module with a call such as `ctx.db.query("messages")`. */
function usesTable({ program }: Module): boolean {
  let isFound = false;
  walk(program, (node) => {
    if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return;
    const { object, property } = node.callee;
    const db = object.type === "MemberExpression" ? object.property : object;
    const isOfDb = db.type === "Identifier" && db.name === "db";
    const names = property.type === "Identifier" && ["query", "insert"].includes(property.name);
    if (isOfDb && names && node.arguments[0]?.type === "StringLiteral") isFound = true;
  });
  return isFound;
}
