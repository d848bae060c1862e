// The buttons of social providers on the sign-in page that `add auth` wrote. A page that nobody changed gets and loses
// them; for any other page, notes say what to write. Stages the page's module, and nothing else.
import type { ArrayExpression, Node } from "@babel/types";
import { shortPath } from "../disk/project.js";
import { createFormatter, printModule } from "../edit/format.js";
import {
  DEFAULT_STYLE,
  detectStyle,
  endOf,
  findProperty,
  finishEdit,
  insertMembers,
  listBindings,
  openEditor,
  removeItems,
  startOf,
  unwrap,
  type Module,
} from "../edit/index.js";
import { printAuthPage, printProvider } from "../print/auth-page.js";
import { detectShell } from "../shell/detect.js";
import {
  authClientOf,
  authPageFolder,
  authPageOf,
  specifierOf,
  type Front,
} from "../shell/front.js";
import type { Workspace } from "../workspace/stage.js";

/**
 * Stages a button for each of these providers that the page lacks.
 *
 * @param ids in their order
 * @returns sentences about what is left to do
 */
export async function planButtons(ws: Workspace, ids: readonly string[]): Promise<string[]> {
  const page = openPage(ws);
  const has = new Set(page?.items.map(({ id }) => id));
  const missing = ids.filter((id) => !has.has(id));
  if (missing.length === 0) return [];
  if (!page) return [byHand(missing)];
  const { module, list } = page;
  if (!list || !(await isUnchanged(page))) return [missingPart(page, missing)];
  const editor = openEditor(module);
  const { members } = createFormatter({ path: module.path, style: detectStyle(module) });
  const printed = await members(missing.map((id) => `_: ${printProvider(id)}`));
  insertMembers(
    editor,
    list,
    printed.map((text) => text.replace(/^_:\s*/, "")),
  );
  ws.stage(module.path, finishEdit(editor));
  return [];
}

/** Stages the page without the buttons of these providers. */
export async function planWithoutButtons(ws: Workspace, ids: readonly string[]): Promise<string[]> {
  const page = openPage(ws);
  const gone = page?.items.filter(({ id }) => ids.includes(id)) ?? [];
  if (!page?.list || gone.length === 0) return [];
  const names = gone.map(({ id }) => id).join(", ");
  if (!(await isUnchanged(page)))
    return [
      `You changed ${page.name}, so kitcn did not edit it. Remove ${names} from its list of providers.`,
    ];
  const editor = openEditor(page.module);
  removeItems(
    editor,
    page.list,
    gone.map(({ node }) => node),
  );
  ws.stage(page.module.path, finishEdit(editor));
  return [];
}

// --- internal ---

type Page = {
  readonly front: Front;
  readonly module: Module;
  /** As messages name it. */
  readonly name: string;
  /** Of providers; undefined where somebody wrote it otherwise. */
  readonly list: ArrayExpression | undefined;
  readonly items: readonly { readonly id: string; readonly node: Node }[];
};

function openPage(ws: Workspace): Page | undefined {
  const shell = detectShell(ws);
  if (shell.kind === "none") return undefined;
  const front: Front = { ws, shell, providers: [] };
  const module = ws.module(authPageOf(front, authPageFolder(shell)));
  if (!module) return undefined;
  const init = listBindings(module).get("PROVIDERS")?.init;
  const value = init && unwrap(init);
  const list = value?.type === "ArrayExpression" ? value : undefined;
  const items = (list?.elements ?? []).flatMap((node) => {
    const id = node?.type === "ObjectExpression" ? findProperty(node, "id") : undefined;
    const value = id?.type === "ObjectProperty" ? id.value : undefined;
    return node && value?.type === "StringLiteral" ? [{ id: value.value, node }] : [];
  });
  return { front, module, name: shortPath(ws.project, module.path), list, items };
}

/** True for a page as kitcn writes it, however it is laid out and whichever providers it lists. */
async function isUnchanged({ front, module, list }: Page): Promise<boolean> {
  if (!list) return false;
  const { path, text } = module;
  const authClient = specifierOf(front, path, authClientOf(front));
  const wanted = printAuthPage({ authClient, styles: "./auth.module.css", providers: [] });
  const own = `${text.slice(0, startOf(list))}[]${text.slice(endOf(list))}`;
  const { file } = createFormatter({ path, style: DEFAULT_STYLE });
  return (await file(own)) === (await printModule({ path, style: DEFAULT_STYLE, text: wanted }));
}

function missingPart({ name, list }: Page, missing: readonly string[]): string {
  const lines = missing.map((id) => `  ${printProvider(id)},`).join("\n");
  return list
    ? `You changed ${name}, so kitcn did not edit it. Add to its PROVIDERS:\n${lines}`
    : `You changed ${name}, so kitcn did not edit it. ${calls(missing)}`;
}

function byHand(missing: readonly string[]): string {
  return `kitcn did not find its page at /auth, so it added no buttons. ${calls(missing)}`;
}

function calls(ids: readonly string[]): string {
  const lines = ids.map(
    (id) => `  authClient.signIn.social({ provider: ${JSON.stringify(id)}, callbackURL: "/" })`,
  );
  return `A button calls:\n${lines.join("\n")}`;
}
