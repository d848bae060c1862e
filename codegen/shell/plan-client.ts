// Plans the files that each front end of an app needs for auth. Reads and stages; must not write to disk.
// Parts that a front end already has, from kitcn or by hand, stay as they are.
import type { PageContent } from "../page/print.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";
import { planConvexJson } from "./convex-json.js";
import { isSite, type FrontEnd, type Site } from "./detect.js";
import { printByHand } from "./foreign.js";
import type { Front } from "./front.js";
import { frontsOf, noteOf, type FrontPackage } from "./fronts.js";
import { planFrontEnv, planLocalEnv } from "./local-env.js";
import { planExpo } from "./expo.js";
import { planNodeTypes } from "./node-types.js";
import { planAuthClient, planProvider, type NewProvider } from "./provider.js";
import type { PageInput, UiPage } from "./page-paths.js";
import { planNext, planNextPage } from "./next.js";
import { planNuxt } from "./nuxt.js";
import type { UiFront } from "./shadcn.js";
import type { SiteInput } from "./site.js";
import { planSolidStart } from "./solidstart.js";
import { planStart, planStartPage } from "./start.js";
import { planSvelteKit } from "./sveltekit.js";
import { planVite } from "./vite.js";

export type ClientInput = {
  /** Gives what the page at /auth has in a front end; undefined for an app that gets none. */
  readonly page: ((front: FrontPackage) => PageContent) | undefined;
  /** Gives what the pages of Better Auth UI have; undefined for a front end that does not show those. */
  readonly ui?: (front: FrontPackage) => UiPage | undefined;
};

/** Sentences for who runs the command; `due`: those of `notes` that hold until somebody acts. */
export type ClientNotes = { readonly notes: string[]; readonly due: readonly string[] };

/**
 * Stages the provider, the auth client, the auth page, the auth route, types and .env.local of every front end.
 *
 * @throws CodegenError of the patchers: a file in a form that they do not know, with the edit to make by hand
 */
export async function planClients(ws: Workspace, input: ClientInput): Promise<ClientNotes> {
  const notes: string[] = [];
  for (const front of frontsOf(ws))
    for (const note of await planClient(front, { ...input, home: ws }))
      notes.push(noteOf(front.ws, note));
  const due = planFrontEnvs(ws);
  return { notes: [...notes, ...due], due };
}

/**
 * Stages .env.local of the front ends of other packages, as the backend's deployment now is.
 *
 * @returns notes on front ends that have the address of another deployment
 */
export function planFrontEnvs(ws: Workspace): string[] {
  return frontsOf(ws).flatMap(({ ws: front, shell }) =>
    shell.kind === "none" || front.project.root === ws.project.root
      ? []
      : planFrontEnv(front, shell.kind, ws.project).map((note) => noteOf(front, note)),
  );
}

/** Has the pages of Better Auth UI in a front end follow auth.ts. */
export function refreshUi({ shell, ...front }: UiFront & PageInput): Promise<string[]> {
  return shell.kind === "next"
    ? planNextPage({ ...front, shell })
    : planStartPage({ ...front, shell });
}

// --- internal ---

async function planClient(
  { ws, shell }: FrontPackage,
  { page, ui, home }: ClientInput & { readonly home: Workspace },
): Promise<string[]> {
  if (shell.kind === "none") {
    if (ws.project.root === home.project.root) planConvexJson(ws);
    return shell.found ? [printByHand(shell.found)] : [];
  }
  if (isSite(shell))
    return planSite({ ws, shell }, { page: page?.({ ws, shell }), backend: home.project });
  const front = { ws, shell };
  await planAuthClient(front);
  const { created: provider, notes } = await planProvider(front);
  const more = await planFrontEnd(front, {
    provider,
    page: page && { ...page({ ws, shell }), home, ui: ui?.({ ws, shell }) },
  });
  planNodeTypes(ws);
  planOwnEnv(front, home.project);
  return [...notes, ...more];
}

function planSite(front: Front<Site>, input: SiteInput): Promise<string[]> {
  planOwnEnv(front, input.backend);
  return planFramework(front, input);
}

function planFramework(front: Front<Site>, input: SiteInput): Promise<string[]> {
  const { shell } = front;
  switch (shell.kind) {
    case "sveltekit":
      return planSvelteKit({ ...front, shell }, input);
    case "nuxt":
      return planNuxt({ ...front, shell }, input);
    case "solidstart":
      return planSolidStart({ ...front, shell }, input);
  }
}

/** .env.local of a front end in the backend's package; planFrontEnvs() has the others. */
function planOwnEnv({ ws, shell }: Front, backend: Project): void {
  if (ws.project.root === backend.root) planLocalEnv(ws, shell.kind);
}

function planFrontEnd(
  front: Front<Exclude<FrontEnd, Site>>,
  input: { readonly provider: NewProvider | undefined; readonly page: PageInput | undefined },
): Promise<string[]> {
  const { shell } = front;
  switch (shell.kind) {
    case "vite":
      return planVite({ ...front, shell }, input);
    case "next":
      return planNext({ ...front, shell }, input);
    case "start":
      return planStart({ ...front, shell }, input);
    case "expo":
      return planExpo({ ...front, shell }, input);
  }
}
