// Finds the tables that an app's schema triggers are for, where each is written. Reads; judges nothing:
// plan/trigger-tables.ts does.
import type { Node } from "@babel/types";
import {
  findImport,
  keyOf,
  locationOf,
  resolveExpression,
  textOf,
  walk,
  type Module,
} from "../edit/index.js";
import type { TriggerTable } from "../plan/trigger-tables.js";
import type { Workspace } from "../workspace/stage.js";
import { DEFINE_TRIGGERS, triggerModules } from "./triggers.js";

/**
 * The tables of every `defineTriggers` call whose object is written out.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function findTriggerTables(ws: Workspace): TriggerTable[] {
  return triggerModules(ws).flatMap((module) => tablesIn(module));
}

// --- internal ---

function tablesIn(module: Module): TriggerTable[] {
  const local = findImport(module, DEFINE_TRIGGERS);
  const found: TriggerTable[] = [];
  if (local === undefined) return found;
  const visit = (node: Node) => {
    if (node.type !== "CallExpression" || textOf(module, node.callee) !== local) return;
    const [, argument] = node.arguments;
    const triggers = argument && resolveExpression(module, argument);
    if (triggers?.type !== "ObjectExpression") return;
    for (const member of triggers.properties) {
      const table = keyOf(member);
      if (table !== undefined) found.push({ table, at: locationOf(module, member) });
    }
  };
  walk(module.program, visit);
  return found;
}
