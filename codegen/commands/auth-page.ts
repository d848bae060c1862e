// What commands ask of the auth pages: to follow auth.ts. Stages; shell/auth-page.ts decides about each file.
import { PLUGINS } from "../catalog/plugins.js";
import { findClientCalls, openClient } from "../grow/client-half.js";
import { featuresOf } from "../page/features.js";
import type { PageContent } from "../page/print.js";
import { refreshAuthPage } from "../shell/auth-page.js";
import { detectShell } from "../shell/detect.js";
import type { Workspace } from "../workspace/stage.js";
import type { SchemaOutcome } from "./schema.js";

/** What the pages have; undefined for a schema that is not known yet means those of a new app. */
export function pageContent(ws: Workspace, schema: SchemaOutcome | undefined): PageContent {
  const clients = findClientCalls(openClient(ws), PLUGINS).map(({ entry }) => entry.id);
  return {
    features: featuresOf({ options: schema?.options, clients }),
    providers: schema?.providers ?? [],
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
  const shell = detectShell(ws);
  if (shell.kind === "none" || !schema) return [];
  return refreshAuthPage({ ws, shell, ...pageContent(ws, schema) });
}
