// Finds the tables that an app's schema triggers are for, where each is written. Reads; judges nothing:
// plan/trigger-tables.ts does.
import { keyOf, locationOf, resolveExpression } from "../edit/index.js";
import type { TriggerTable } from "../plan/trigger-tables.js";
import type { Workspace } from "../workspace/stage.js";
import { findTriggerCalls } from "./triggers.js";

/**
 * The tables of every `defineTriggers` call whose object is written out.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function findTriggerTables(ws: Workspace): TriggerTable[] {
  return findTriggerCalls(ws).flatMap(({ module, call }) => {
    const [, argument] = call.arguments;
    const triggers = argument && resolveExpression(module, argument);
    if (triggers?.type !== "ObjectExpression") return [];
    return triggers.properties.flatMap((member) => {
      const table = keyOf(member);
      return table === undefined ? [] : [{ table, at: locationOf(module, member) }];
    });
  });
}
