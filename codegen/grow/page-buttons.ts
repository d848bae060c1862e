// Notes about the buttons of social providers, after the auth pages were updated: the lines to add to a list that
// somebody changed, or to remove from it. Reads the workspace; stages nothing.
import { isKnownProvider } from "../catalog/providers.js";
import { shortPath } from "../disk/project.js";
import { findProperty, listBindings, unwrap, type Module } from "../edit/index.js";
import { printProvider } from "../page/print.js";
import { hasUi, uiProviderOf } from "../shell/better-auth-ui.js";
import { authPageOf, socialButtonsOf } from "../shell/page-paths.js";
import { hasReact } from "../shell/detect.js";
import { frontsOf } from "../shell/fronts.js";
import type { Workspace } from "../workspace/stage.js";

/**
 * Sentences about providers that the app's page has no button for.
 *
 * @param ids in their order
 */
export function notesOnButtons(ws: Workspace, ids: readonly string[]): string[] {
  const pages = openPages(ws);
  if (pages.length === 0 && ids.length > 0)
    return [`kitcn found no page at /auth that it can edit, so it added no buttons. ${calls(ids)}`];
  return pages.flatMap((page) => {
    const shown = page.isUi ? ids.filter(isKnownProvider) : ids;
    const missing = shown.filter((id) => !page.ids?.includes(id));
    if (missing.length === 0) return [];
    const print = page.isUi ? (id: string) => JSON.stringify(id) : printProvider;
    const lines = missing.map((id) => `  ${print(id)},`).join("\n");
    const what = page.ids ? `Add to its PROVIDERS:\n${lines}` : calls(missing);
    return [`You changed ${page.name}, so kitcn did not edit it. ${what}`];
  });
}

/** Sentences about buttons of providers that auth.ts no longer has. */
export function notesOnLeftButtons(ws: Workspace, gone: readonly string[]): string[] {
  return openPages(ws).flatMap(({ name, ids }) => {
    const left = gone.filter((id) => ids?.includes(id));
    if (left.length === 0) return [];
    return [
      `You changed ${name}, so kitcn did not edit it. Remove ${left.join(", ")} from its list of providers.`,
    ];
  });
}

// --- internal ---

type Page = {
  /** As messages name it. */
  readonly name: string;
  /** Of the list of providers; undefined where somebody wrote it otherwise. */
  readonly ids: readonly string[] | undefined;
  /** True for the provider of Better Auth UI, whose list has ids alone. */
  readonly isUi: boolean;
};

/** Of each front end the module with the list: the part with the buttons, or a page that has them itself. */
function openPages(home: Workspace): Page[] {
  return frontsOf(home).flatMap(({ ws, shell }) => {
    if (!hasReact(shell)) return [];
    const front = { ws, shell };
    const isUi = hasUi(front);
    const module = isUi
      ? ws.module(uiProviderOf(front))
      : (ws.module(socialButtonsOf(front)) ?? ws.module(authPageOf(front)));
    if (!module) return [];
    return [{ name: shortPath(ws.project, module.path), ids: providersIn(module), isUi }];
  });
}

function providersIn(module: Module): string[] | undefined {
  const init = listBindings(module).get("PROVIDERS")?.init;
  const list = init && unwrap(init);
  if (list?.type !== "ArrayExpression") return undefined;
  return list.elements.flatMap((node) => {
    if (node?.type === "StringLiteral") return [node.value];
    const id = node?.type === "ObjectExpression" ? findProperty(node, "id") : undefined;
    const value = id?.type === "ObjectProperty" ? id.value : undefined;
    return value?.type === "StringLiteral" ? [value.value] : [];
  });
}

function calls(ids: readonly string[]): string {
  const lines = ids.map(
    (id) => `  authClient.signIn.social({ provider: ${JSON.stringify(id)}, callbackURL: "/" })`,
  );
  return `A button calls:\n${lines.join("\n")}`;
}
