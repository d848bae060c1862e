// Modules of an app of Convex Auth that make a provider for `convexAuth()` and nothing else: once auth.ts has its options,
// nobody imports them. Stages their removal; a module with more in it stays.
import { specifiersOf, type Module } from "../../edit/index.js";
import { openReadable } from "../../modules/readable.js";
import { statementOf } from "../../patch/calls.js";
import type { Shell } from "../../shell/detect.js";
import type { Workspace } from "../../workspace/stage.js";
import { CONVEX_AUTH } from "../common/libraries.js";
import { modulesThatRun } from "../common/roots.js";
import type { Found } from "../common/types.js";

/** True for a call such as `Password({ ... })`, which convexAuth() was given. */
export function isProvider({ library, part, name, node }: Found): boolean {
  const isCall = part === "use" && node.type === "CallExpression";
  return isCall && library === CONVEX_AUTH && /^(Password|Anonymous)$/.test(name);
}

/**
 * Removes the modules.
 *
 * @param found the places of the app after its edits
 */
export function removeIdleProviders(ws: Workspace, shell: Shell, found: readonly Found[]): void {
  const read = openReadable(ws);
  for (const { module, node } of found.filter(isProvider)) {
    const isImported = modulesThatRun(ws, shell).some((one) =>
      [...specifiersOf(one)].some((source) => read(source, one)?.path === module.path),
    );
    if (!isImported && isAlone(module, statementOf(module, node))) ws.remove(module.path);
  }
}

// --- internal ---

/** True where the module has but one statement beside imports and types. */
function isAlone(module: Module, statement: ReturnType<typeof statementOf>): boolean {
  const isOther = (one: Module["program"]["body"][number]) =>
    one !== statement && !/^(Import|TS)/.test(one.type) && !isNameOf(one, statement);
  return statement !== undefined && !module.program.body.some(isOther);
}

/** `export default CustomPassword` and `export { CustomPassword }`, of what the statement declares. */
function isNameOf(
  one: Module["program"]["body"][number],
  statement: ReturnType<typeof statementOf>,
): boolean {
  if (statement?.type !== "VariableDeclaration" || statement.declarations.length > 1) return false;
  if (one.type === "ExportDefaultDeclaration") return one.declaration.type === "Identifier";
  return one.type === "ExportNamedDeclaration" && !one.declaration && !one.source;
}
