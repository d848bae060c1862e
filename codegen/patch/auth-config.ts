// Has a user's own auth.config.ts accept kitcn's tokens, beside those it accepts. Pure: text in, text out.
import {
  addImport,
  findDefaultExport,
  finishEdit,
  listImports,
  locationOf,
  openEditor,
  resolveExpression,
  type Module,
} from "../edit/index.js";
import { isCallOf, listCalls } from "./calls.js";
import { addToList } from "./plugins.js";
import type { Patch } from "./types.js";

/** `note`: the edit that its author has to make, where the providers are no list that can be added to. */
export type AuthConfigPatch = Patch & { readonly note?: string };

/**
 * Adds kitcn's provider to an existing auth.config.ts.
 */
export function patchAuthConfig(module: Module): AuthConfigPatch {
  if (listCalls(module).some((call) => isCallOf(module, call, PROVIDER)))
    return { text: undefined };
  const found = findDefaultExport(module);
  // Providers of another module, kitcn's among them or not: nothing to say.
  if (found?.kind === "reexport") return { text: undefined };
  const config = found && resolveExpression(module, found.node);
  if (config?.type === "ObjectExpression") {
    const editor = openEditor(module);
    const items = [`${addImport(editor, PROVIDER)}()`];
    if (addToList(editor, config, { name: "providers", items }))
      return { text: finishEdit(editor) };
  }
  return { text: undefined, note: byHand(module, locationOf(module, found?.statement)) };
}

// --- internal ---

const PROVIDER = { source: "kitcn/auth/config", name: "getAuthConfigProvider" } as const;

function byHand(module: Module, at: string): string {
  const needsImport = !listImports(module).some((one) => one.source === PROVIDER.source);
  return [
    `${at} has no provider for kitcn's tokens, and kitcn could not edit it. Add it yourself:`,
    ...(needsImport ? [`  import { ${PROVIDER.name} } from "${PROVIDER.source}";`] : []),
    `  providers: [${PROVIDER.name}(), /* yours */]`,
  ].join("\n");
}
