// Which files the front end of an app needs for auth. Reads; decides; writes nothing.
// What a front end has of it already, by us or by hand, is left alone.
import { openFiles } from "../load/load-schema.js";
import type { FileChange, Project } from "../types.js";
import type { FrontEnd, Shell } from "./detect.js";
import { printByHand } from "./foreign.js";
import { openKit, type Kit } from "./kit.js";
import { planLocalEnv } from "./local-env.js";
import { planNodeTypes } from "./node-types.js";
import { planAuthClient, planProvider, type NewProvider } from "./provider.js";
import { planNext } from "./next.js";
import { planStart } from "./start.js";
import { planVite } from "./vite.js";

export type ClientPlan = {
  readonly files: readonly FileChange[];
  readonly notes: readonly string[];
};

export type ClientInput = {
  readonly project: Project;
  readonly shell: Shell;
  /** Whether to give the app a page at /auth. */
  readonly page: boolean;
  /** Social providers of auth.ts, for the page's buttons. */
  readonly providers: readonly string[];
};

/**
 * Plans the provider, the auth client, the auth page, the auth route, types and .env.local.
 *
 * @throws CodegenError of the patchers: a file of a form they do not know, with the edit to make by hand
 */
export async function planClient(input: ClientInput): Promise<ClientPlan> {
  const { project, shell, page, providers } = input;
  if (shell.kind === "none")
    return { files: [], notes: shell.found ? [printByHand(shell.found)] : [] };
  const kit = openKit({ project, shell, files: openFiles(), providers });
  await planAuthClient(kit);
  const { created: provider, notes } = await planProvider(kit);
  const more = await planFrontEnd(kit, { shell, provider, page });
  planNodeTypes(kit);
  const env = planLocalEnv({ project, kind: shell.kind, read: kit.files.read });
  return { files: [...kit.draft.changes(), ...env], notes: [...notes, ...more] };
}

// --- internal ---

type FrontEndInput<S> = {
  readonly shell: S;
  readonly provider: NewProvider | undefined;
  readonly page: boolean;
};

function planFrontEnd(kit: Kit, input: FrontEndInput<FrontEnd>): Promise<string[]> {
  const { shell } = input;
  switch (shell.kind) {
    case "vite":
      return planVite(kit, { ...input, shell });
    case "next":
      return planNext(kit, { ...input, shell });
    case "start":
      return planStart(kit, { ...input, shell });
  }
}
