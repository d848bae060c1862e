// Plugins that older releases of Better Auth had themselves, and that have packages of their own now: their imports lead
// nowhere after the move. Finds them, and says what to do. Pure.
import type { Node } from "@babel/types";
import { PACKAGED_PLUGINS } from "../../catalog/packaged-plugins.js";
import { listImports, type Module } from "../../edit/index.js";

/** The imports of a module that name such a plugin. */
export function packagedIn(module: Module): { readonly node: Node; readonly name: string }[] {
  return listImports(module).flatMap(({ source, imported, declaration }) =>
    SOURCE.test(source) && entryOf(imported) ? [{ node: declaration, name: imported }] : [],
  );
}

/** The rest of the sentence that begins with the import; undefined for another name. */
export function packagedInstead(name: string): string | undefined {
  const entry = entryOf(name);
  if (!entry) return undefined;
  const [packaged] = entry.packages ?? [];
  return `is not in better-auth any more: its package is ${packaged}. Take it out of the plugins, here and in the other half, and run the command again. After that, and before you import the users, \`npx kitcn add plugin ${entry.name}\` puts both halves back; write your options into its call.`;
}

// --- internal ---

const SOURCE = /^better-auth\/(client\/)?plugins(\/|$)/;

function entryOf(name: string) {
  return PACKAGED_PLUGINS.find(({ server, client }) => [server.name, client?.name].includes(name));
}
