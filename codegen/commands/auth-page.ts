// What commands ask of the auth pages: to follow auth.ts. Stages; shell/auth-page.ts decides about each file.
import { PLUGINS } from "../catalog/plugins.js";
import { shortPath } from "../disk/project.js";
import { findClientCalls, openClient, unreadPlace } from "../grow/client-half.js";
import { creatorRoleOf, featuresOf, rolesOf, unshownPlugins } from "../page/features.js";
import type { PageContent } from "../page/print.js";
import { refreshAuthPage } from "../shell/auth-page.js";
import { authPageOf } from "../shell/page-paths.js";
import { hasReact } from "../shell/detect.js";
import { frontsOf, noteOf, type FrontPackage } from "../shell/fronts.js";
import type { Workspace } from "../workspace/stage.js";
import type { SchemaOutcome } from "./schema.js";

/**
 * What the pages of a front end have.
 *
 * @param schema undefined while nobody knows it: those of a new app
 */
export function pageContent(front: FrontPackage, schema: SchemaOutcome | undefined): PageContent {
  return {
    features: featuresOf({ options: schema?.options, clients: clientsOf(front) }),
    providers: schema?.providers ?? [],
    roles: rolesOf(schema?.options),
    creatorRole: creatorRoleOf(schema?.options),
  };
}

/** Names lists of plugins in auth clients that kitcn cannot read, where auth.ts has plugins with parts in the pages. */
export function unreadNotes(ws: Workspace, schema: SchemaOutcome | undefined): string[] {
  if (!schema) return [];
  return frontsOf(ws).flatMap((front) => {
    const { shell } = front;
    if (!hasReact(shell) || !front.ws.has(authPageOf({ ws: front.ws, shell }))) return [];
    const at = unreadPlace(openClient(front));
    const ids = unshownPlugins({ options: schema.options, clients: clientsOf(front) });
    if (at === undefined || ids.length === 0) return [];
    return [
      `${shortPath(ws.project, at)}: kitcn cannot read which plugins this auth client has, so the auth pages have no parts for ${ids.join(", ")}. Write each call into \`plugins: [...]\` of createAuthClient(), then run npx kitcn add auth --yes.`,
    ];
  });
}

/**
 * Has the pages of an app follow its auth.ts as it is staged. An app without the page stays without.
 *
 * @returns lines to add to pages that somebody changed, and lists of plugins that kitcn cannot read
 */
export async function refreshPages(
  ws: Workspace,
  schema: SchemaOutcome | undefined,
): Promise<readonly string[]> {
  if (!schema) return [];
  const notes: string[] = [];
  for (const front of frontsOf(ws)) {
    const { shell } = front;
    if (!hasReact(shell)) continue;
    const content = pageContent(front, schema);
    for (const note of await refreshAuthPage({ ws: front.ws, shell, home: ws, ...content }))
      notes.push(noteOf(front.ws, note));
  }
  return [...notes, ...unreadNotes(ws, schema)];
}

// --- internal ---

/** Ids of the plugins whose client half the auth client of a front end has, as far as its code says. */
function clientsOf(front: FrontPackage): string[] {
  return findClientCalls(openClient(front), PLUGINS).map(({ entry }) => entry.id);
}
