// Makes room for kitcn in the files of an app that has other sign-in: stages every edit that keeps its meaning.
// What cannot be edited so stays, and find.ts finds it again. Stages; writes nothing.
import {
  detectStyle,
  endOf,
  findDefaultExport,
  findProperty,
  listBindings,
  finishEdit,
  openEditor,
  parseModule,
  removeOrphanedImports,
  startOf,
  type Module,
} from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { createFormatter, printModule } from "../edit/format.js";
import { importExtension } from "../load/module-resolution.js";
import { openReadable } from "../modules/readable.js";
import type { Shell } from "../shell/detect.js";
import type { Workspace } from "../workspace/stage.js";
import { editAuth } from "./peer/edit-auth.js";
import { editClient, editProvider } from "./common/edit-front.js";
import { editRouteServer, exportHandlers, isWhole, replaceRoute } from "./edit-routes.js";
import { editComponent, editEntry, editRegistration } from "./common/edit-server.js";
import { addDefinition } from "../patch/auth.js";
import { carryOver, editConvexAuth, editId } from "./convex-auth/edit-auth.js";
import { editConvexAuthMiddleware, isIdleConvexAuthMiddleware } from "./convex-auth/edit-next.js";
import { mailsCodes } from "./convex-auth/codes.js";
import { listCodes, providersBefore } from "./convex-auth/providers.js";
import { editCodeProvider } from "./convex-auth/edit-codes.js";
import { editUse } from "./edit-use.js";
import { findOptionsHome, stagePassedOn } from "./peer/options-home.js";
import { editElement } from "./vendors/elements.js";
import { editHook } from "./vendors/hooks.js";
import { helperNames } from "./vendors/middleware-helpers.js";
import { editMiddleware } from "./vendors/middleware.js";
import { removeOrphans } from "./vendors/orphans.js";
import { KITCN_PATHS } from "./vendors/paths.js";
import { leaveProvider, rootsIn } from "./vendors/providers.js";
import { editServerCall } from "./vendors/server-calls.js";
import type { Edit, Edited, Found, Leaving } from "./common/types.js";

/**
 * Stages the edits.
 *
 * @param ws the workspace to stage in
 */
export async function stageEdits(
  ws: Workspace,
  shell: Shell,
  found: readonly Found[],
  leaving: Leaving = { leaves: false, paths: KITCN_PATHS },
): Promise<Edited> {
  const done = new Set<Found>();
  const notes: string[] = [];
  const before = ws.fork();
  const home = findOptionsHome(ws);
  for (const path of new Set(found.map(({ module }) => module.path))) {
    const places = found.filter(({ module }) => module.path === path);
    const [first] = places;
    if (!first) continue;
    if (places.some(isIdleConvexAuthMiddleware)) {
      ws.remove(path);
      continue;
    }
    const text = isWhole(first)
      ? replaceRoute({ ws, shell }, first.module)
      : editModule({ ws, shell, leaving, home, done, notes }, first.module, places);
    if (text === undefined) continue;
    const isMoved = places.some(({ part }) => part === "server" || part === "middleware");
    ws.stage(path, isMoved ? await tidyDefinition(text, first.module) : text);
  }
  if (found.some(isWhole)) exportHandlers(ws, shell);
  const isDefined = [...done].some((one) => one.part === "server" && one.module.path === home);
  if (home !== undefined && isDefined) stagePassedOn(ws, home);
  for (const { path, after, isRemoved } of ws.changes()) {
    const [like] = found;
    if (isRemoved || before.has(path) || !like) continue;
    ws.stage(path, await printModule({ path, style: detectStyle(like.module), text: after }));
  }
  return { done, notes };
}

// --- internal ---

function editModule(
  {
    done,
    ...shared
  }: Pick<Edit, "ws" | "shell" | "leaving" | "home" | "notes"> & { readonly done: Set<Found> },
  module: Module,
  places: readonly Found[],
): string | undefined {
  const { ws } = shared;
  const edit: Edit = {
    ...shared,
    editor: openEditor(module),
    gone: new Set(),
    extension: importExtension(ws),
    roots: rootsIn(module, openReadable(ws)),
  };
  const edited = places.filter((place) => editPlace(edit, place));
  if (edited.length === 0) return undefined;
  if (places.some(({ library }) => library.vendor)) removeOrphans(edit);
  removeOrphanedImports(edit.editor, edit.gone);
  const finished = finishEdit(edit.editor);
  const text = /^\s/.test(module.text) ? finished : finished.trimStart();
  if (!parses(text, module.path)) return undefined;
  for (const one of edited) done.add(one);
  if (edit.definition === undefined) return text;
  const rest = text.trimEnd();
  const before = rest === "" ? "" : rest + edit.editor.style.eol;
  const whole = addDefinition(parseModule(before, module.path), edit.definition).text?.trimStart();
  return whole !== undefined && edit.links ? carryOver(whole, edit.links) : whole;
}

/** False where names clash: the file then stays, and is listed. */
function parses(text: string, path: string): boolean {
  try {
    parseModule(text, path);
    return true;
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    return false;
  }
}

/** Lays out anew what stands further out than before: the definition, what it mails codes with, and what checks passwords. */
async function tidyDefinition(text: string, module: Module): Promise<string> {
  const parsed = parseModule(text, module.path);
  const found = findDefaultExport(parsed);
  if (!found) return text;
  const { body } = parsed.program;
  // The functions that a middleware is given, right after it.
  const names = Object.values(helperNames(module));
  const helpers = body
    .slice(body.indexOf(found.statement) + 1)
    .filter((one) => one.type === "FunctionDeclaration" && names.includes(one.id?.name ?? ""));
  const before = listBindings(module);
  const added = [...listBindings(parsed).values()].flatMap(({ name, init, statement }) => {
    if (before.has(name)) return [];
    const mails =
      init?.type === "ObjectExpression" ? findProperty(init, "sendVerificationOTP") : undefined;
    const isAdded = mails !== undefined || init?.type === "ArrowFunctionExpression";
    return isAdded ? [statement] : [];
  });
  const parts = [
    ...added.map((one) => [startOf(one), endOf(one)] as const),
    [startOf(found.statement), endOf(helpers.at(-1) ?? found.statement)] as const,
  ];
  const style = detectStyle(module);
  const { statements } = createFormatter({ path: module.path, style });
  let tidy = text;
  // From the end: what comes before stays where it is.
  for (const [from, to] of parts.toReversed()) {
    const printed = await statements(text.slice(from, to));
    tidy = tidy.slice(0, from) + printed.replaceAll("\n", style.eol) + tidy.slice(to);
  }
  return tidy;
}

/** False for a place that is left as it is. */
function editPlace(edit: Edit, place: Found): boolean {
  if (place.library.vendor && !place.isInTheWay) return false;
  switch (place.part) {
    case "provider":
      if (edit.roots?.some(({ element }) => element === place.node))
        return edit.leaving.leaves && leaveProvider(edit, place.node);
      return editProvider(edit, place);
    case "http":
      return editRegistration(edit, place);
    case "auth-config":
      return editEntry(edit, place);
    case "component":
      return editComponent(edit, place);
    case "client":
      return editClient(edit, place);
    case "route":
      return editRouteServer(edit, place);
    case "server": {
      if (place.name !== "convexAuth") return editAuth(edit, place);
      if (!place.isInTheWay || place.node.type !== "CallExpression") return false;
      edit.definition = editConvexAuth(edit, place.node);
      return edit.definition !== undefined;
    }
    case "id":
      return editId(edit, place.node);
    case "use":
      if (place.library.vendor) return editVendorUse(edit, place);
      return editCodes(edit, place) || editUse(edit, place);
    case "middleware":
      return place.library.vendor
        ? editMiddleware(edit, place)
        : editConvexAuthMiddleware(edit, place);
    case "tables":
    case "local":
      return false;
  }
}

function editVendorUse(edit: Edit, place: Found): boolean {
  if (place.node.type === "JSXElement") return editElement(edit, place);
  return editHook(edit, place) || editServerCall(edit, place);
}

/** A provider of mailed codes, where auth.ts takes it over. */
function editCodes({ editor, gone, ws }: Edit, { node }: Found): boolean {
  if (node.type !== "CallExpression" || !mailsCodes(editor.module, node)) return false;
  const providers = providersBefore(ws);
  if (!providers || providers.refused.length > 0) return false;
  const codes = listCodes(providers.codes).find(
    (one) => one.module.path === editor.module.path && one.call.start === node.start,
  );
  if (!codes) return false;
  for (const one of editCodeProvider(editor, codes)) gone.add(one);
  return true;
}
