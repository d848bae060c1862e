// What commands ask of the auth pages: to follow auth.ts. Stages; shell/auth-page.ts decides about each file.
import { PLUGINS } from "../catalog/plugins.js";
import { shortPath } from "../disk/project.js";
import { findClientCalls, openClient, unreadPlace } from "../grow/client-half.js";
import { creatorRoleOf, featuresOf, limitsOf, rolesOf, unshownPlugins } from "../page/features.js";
import type { PageContent } from "../page/print.js";
import { pluginsWithViews } from "../page/better-auth-ui.js";
import { hasAuthPage, refreshAuthPage } from "../shell/auth-page.js";
import { copiedPlugins, hasUi } from "../shell/better-auth-ui.js";
import { authPageOf, type PageInput, type UiPage } from "../shell/page-paths.js";
import { refreshUi } from "../shell/plan-client.js";
import { asUiFront, loadAliases, type UiFront } from "../shell/shadcn.js";
import { pluginOf } from "../load/options.js";
import { hasReact } from "../shell/detect.js";
import { frontsOf, noteOf, type FrontPackage } from "../shell/fronts.js";
import type { Workspace } from "../workspace/stage.js";
import { drawsCodes, lackedForPage } from "./page-packages.js";
import type { SchemaOutcome } from "./schema.js";

/**
 * What the pages of a front end have.
 *
 * @param schema undefined while nobody knows it: those of a new app
 */
export function pageContent(front: FrontPackage, schema: SchemaOutcome | undefined): PageContent {
  const providers = schema?.providers ?? [];
  // Buttons are the same for every provider, whoever brings it.
  const socialProviders = Object.fromEntries(providers.map((id) => [id, {}]));
  const options = schema && { ...schema.options, socialProviders };
  return {
    features: featuresOf({ options, clients: clientsOf(front), drawsCodes: drawsCodes(front) }),
    providers,
    roles: rolesOf(schema?.options),
    creatorRole: creatorRoleOf(schema?.options),
    limits: limitsOf(schema?.options),
  };
}

/** True for a front end that shows Better Auth UI's views. `asked`: what the command line says, if it says anything. */
export function wantsUi(front: FrontPackage, asked: boolean | undefined): boolean {
  const fits = asUiFront(front);
  return fits !== undefined && (asked ?? hasUi(fits));
}

/**
 * The packages that front ends lack for kitcn's own auth pages, by the folder of the package.
 *
 * @param input.asked which pages `add auth` writes. Default: front ends have the pages that they have
 * @param input.ids of plugins that the auth clients get. Default: those that they have
 */
export function lackedForPages(
  ws: Workspace,
  input: {
    readonly asked?: { readonly page: boolean; readonly betterAuthUi?: boolean | undefined };
    readonly ids?: readonly string[];
  },
): ReadonlyMap<string, readonly string[]> {
  const { asked, ids } = input;
  const fronts = frontsOf(ws).filter((front) => {
    const { shell } = front;
    if (wantsUi(front, asked?.betterAuthUi)) return false;
    return asked?.page ?? (hasReact(shell) && hasAuthPage({ ws: front.ws, shell }));
  });
  const lacked = (front: FrontPackage) => lackedForPage(front, ids ?? clientsOf(front));
  return new Map(fronts.map((front) => [front.ws.project.root, lacked(front)]));
}

/** What the pages of Better Auth UI have in a front end; undefined for one that does not show them. */
export function uiPage(
  front: FrontPackage,
  input: { readonly schema: SchemaOutcome | undefined; readonly asked?: boolean | undefined },
): UiPage | undefined {
  const { schema, asked } = input;
  const aliases = loadAliases(front.ws);
  if (!aliases || !wantsUi(front, asked)) return undefined;
  const clients = clientsOf(front);
  const options = schema?.options;
  const plugins = pluginsWithViews(clients).filter(
    (id) => options === undefined || pluginOf(options, id) !== undefined,
  );
  return { aliases, clients, plugins };
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
    const page = { ws: front.ws, home: ws, ...pageContent(front, schema) };
    const ui = uiPage(front, { schema });
    const own = asUiFront(front);
    const said =
      ui && own
        ? await refreshCopied({ ...page, shell: own.shell, ui })
        : await refreshAuthPage({ ...page, shell });
    for (const note of said) notes.push(noteOf(front.ws, note));
  }
  return [...notes, ...unreadNotes(ws, schema)];
}

/** Ids of the plugins whose client half the auth client of a front end has, as far as its code says. */
export function clientsOf(front: FrontPackage): string[] {
  return findClientCalls(openClient(front), PLUGINS).map(({ entry }) => entry.id);
}

// --- internal ---

/** Passes only those plugins to the library whose views shadcn's CLI has copied. */
async function refreshCopied(
  front: UiFront & PageInput & { readonly ui: UiPage },
): Promise<readonly string[]> {
  const { ui } = front;
  const plugins = copiedPlugins(front, ui);
  const notes = await refreshUi({ ...front, ui: { ...ui, plugins } });
  const left = ui.plugins.filter((id) => !plugins.includes(id));
  return left.length === 0
    ? notes
    : [
        ...notes,
        `Better Auth UI has views for ${left.join(", ")}. To copy them into the app, run npx kitcn add auth --yes.`,
      ];
}
