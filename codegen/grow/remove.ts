// Takes plugins out of a list: their calls, and the imports that nothing else in the module mentions.
// Stages one module; whether a call may go is the caller's decision.
import type { Node } from "@babel/types";
import {
  finishEdit,
  locationOf,
  openEditor,
  listImports,
  removeImports,
  removeItems,
  type ImportedOne,
  type Module,
} from "../edit/index.js";
import type { Workspace } from "../workspace/stage.js";
import { sourcesOf, type FoundCall, type ListPlace, type PickHalf } from "./calls.js";

/** Stages the module of a list without these calls. */
export function removeCalls(
  ws: Workspace,
  input: {
    readonly list: ListPlace;
    readonly calls: readonly FoundCall[];
    readonly pick: PickHalf;
    /** What the module imports besides that only the calls may mention. */
    readonly imports?: readonly ImportedOne[];
  },
): void {
  const { list, calls, pick, imports = [] } = input;
  if (calls.length === 0) return;
  const editor = openEditor(list.module);
  const items = calls.map(({ item }) => item);
  removeItems(editor, list.list, items);
  const names = calls.flatMap(({ entry }) => {
    const half = pick(entry);
    if (!half) return [];
    const own = half.uses ? [{ source: half.uses.source, name: "default" }] : [];
    const types = half.takesAuthType ? authTypes(list.module) : [];
    return [...sourcesOf(half).map((source) => ({ source, name: half.name })), ...own, ...types];
  });
  removeImports(editor, [...names, ...imports], new Set<Node>(items));
  ws.stage(list.module.path, finishEdit(editor));
}

/** Places of the calls that have other options than they were given, or are not written in the list. */
export function changedCalls(
  calls: readonly FoundCall[],
  isUnchanged: (call: FoundCall) => boolean,
): string[] {
  return calls
    .filter((one) => one.item !== one.call || !isUnchanged(one))
    .map(({ module, call }) => locationOf(module, call));
}

// --- internal ---

/** Where a module has the type of the app's `auth` from. */
function authTypes(module: Module) {
  return listImports(module).flatMap(({ source, imported, typeOnly }) =>
    typeOnly && imported === "auth" && /\/generated\/auth(\.js)?$/.test(source)
      ? [{ source, name: imported }]
      : [],
  );
}
