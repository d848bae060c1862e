// What commands ask of the auth pages: to follow auth.ts. Stages; shell/auth-page.ts decides about each file.
import { PLUGINS } from "../catalog/plugins.js";
import { findClientCalls, openClient } from "../grow/client-half.js";
import { featuresOf } from "../page/features.js";
import type { PageContent } from "../page/print.js";
import { refreshAuthPage } from "../shell/auth-page.js";
import { frontsOf, type FrontPackage } from "../shell/fronts.js";
import type { Workspace } from "../workspace/stage.js";
import type { SchemaOutcome } from "./schema.js";

/** What the pages of a front end have; for a schema that is not known yet, those of a new app. */
export function pageContent(front: FrontPackage, schema: SchemaOutcome | undefined): PageContent {
  const clients = findClientCalls(openClient(front), PLUGINS).map(({ entry }) => entry.id);
  return {
    features: featuresOf({ options: schema?.options, clients }),
    providers: schema?.providers ?? [],
  };
}

/**
 * Has the pages of each front end follow auth.ts as it is staged. A front end without the page stays without.
 *
 * @returns lines to add to pages that somebody changed
 */
export async function refreshPages(
  ws: Workspace,
  schema: SchemaOutcome | undefined,
): Promise<readonly string[]> {
  const notes: string[] = [];
  if (!schema) return notes;
  for (const front of frontsOf(ws)) {
    const { shell } = front;
    if (shell.kind === "none") continue;
    notes.push(...(await refreshAuthPage({ ws: front.ws, shell, ...pageContent(front, schema) })));
  }
  return notes;
}
