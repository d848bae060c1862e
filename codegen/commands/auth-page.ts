// What commands ask of the auth pages: to follow auth.ts. Stages; shell/auth-page.ts decides about each file.
import { PLUGINS } from "../catalog/plugins.js";
import { findClientCalls, openClient } from "../grow/client-half.js";
import { featuresOf, rolesOf } from "../page/features.js";
import type { PageContent } from "../page/print.js";
import { refreshAuthPage } from "../shell/auth-page.js";
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
  const clients = findClientCalls(openClient(front), PLUGINS).map(({ entry }) => entry.id);
  return {
    features: featuresOf({ options: schema?.options, clients }),
    providers: schema?.providers ?? [],
    roles: rolesOf(schema?.options),
  };
}

/**
 * Has the pages of an app follow its auth.ts as it is staged. An app without the page stays without.
 *
 * @returns lines to add to pages that somebody changed
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
  return notes;
}
