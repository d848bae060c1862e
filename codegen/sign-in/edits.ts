// Makes room for kitcn in the files of an app that has other sign-in: stages every edit that keeps its meaning.
// What cannot be edited so stays, and find.ts finds it again. Stages; writes nothing.
import type { Node } from "@babel/types";
import {
  detectStyle,
  endOf,
  findDefaultExport,
  finishEdit,
  openEditor,
  parseModule,
  removeOrphanedImports,
  startOf,
  type Editor,
  type Module,
} from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { createFormatter, printModule } from "../format.js";
import { importExtension } from "../load/module-resolution.js";
import type { Shell } from "../shell/detect.js";
import type { Workspace } from "../workspace/stage.js";
import { editAuth } from "./edit-auth.js";
import { editClient, editProvider, editRouteServer, isWhole, replaceRoute } from "./edit-front.js";
import { editComponent, editEntry, editRegistration } from "./edit-server.js";
import { addDefinition } from "../patch/auth.js";
import { editConvexAuth, editId } from "./edit-convex-auth.js";
import { editUse } from "./edit-use.js";
import type { Found } from "./find.js";

/** One file under edit, and what its edits replace. */
export type Edit = {
  readonly ws: Workspace;
  readonly shell: Shell;
  readonly editor: Editor;
  /** Nodes that are replaced: what only they mention is not imported any more. */
  readonly gone: Set<Node>;
  /** An auth.ts whose definition the module gains. */
  definition?: string | undefined;
  /** How relative imports of the functions directory end. */
  readonly extension: "" | ".js";
};

/**
 * Stages the edits.
 *
 * @param ws the workspace to stage in
 */
export async function stageEdits(
  ws: Workspace,
  shell: Shell,
  found: readonly Found[],
): Promise<void> {
  const before = ws.fork();
  for (const path of new Set(found.map(({ module }) => module.path))) {
    const places = found.filter(({ module }) => module.path === path);
    const [first] = places;
    if (!first) continue;
    const text = isWhole(first)
      ? replaceRoute({ ws, shell }, first.module)
      : editModule({ ws, shell }, first.module, places);
    if (text === undefined) continue;
    const hasDefinition = places.some(({ part }) => part === "server");
    ws.stage(path, hasDefinition ? await tidyDefinition(text, first.module) : text);
  }
  for (const { path, after } of ws.changes()) {
    const [like] = found;
    if (before.has(path) || !like) continue;
    ws.stage(path, await printModule({ path, style: detectStyle(like.module), text: after }));
  }
}

// --- internal ---

function editModule(
  { ws, shell }: Pick<Edit, "ws" | "shell">,
  module: Module,
  places: readonly Found[],
): string | undefined {
  const edit: Edit = {
    ws,
    shell,
    editor: openEditor(module),
    gone: new Set(),
    extension: importExtension(ws),
  };
  const isEdited = places.map((place) => editPlace(edit, place));
  if (!isEdited.some(Boolean)) return undefined;
  removeOrphanedImports(edit.editor, edit.gone);
  const finished = finishEdit(edit.editor);
  const text = /^\s/.test(module.text) ? finished : finished.trimStart();
  if (!parses(text, module.path)) return undefined;
  if (edit.definition === undefined) return text;
  const rest = text.trimEnd();
  const before = rest === "" ? "" : rest + edit.editor.style.eol;
  return addDefinition(parseModule(before, module.path), edit.definition).text?.trimStart();
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

/** Lays the definition out anew: it stands further out than the options did. */
async function tidyDefinition(text: string, module: Module): Promise<string> {
  const found = findDefaultExport(parseModule(text, module.path));
  if (!found) return text;
  const [from, to] = [startOf(found.statement), endOf(found.statement)];
  const style = detectStyle(module);
  const { statements } = createFormatter({ path: module.path, style });
  const printed = await statements(text.slice(from, to));
  return text.slice(0, from) + printed.replaceAll("\n", style.eol) + text.slice(to);
}

/** False for a place that is left as it is. */
function editPlace(edit: Edit, place: Found): boolean {
  switch (place.part) {
    case "provider":
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
      return editUse(edit, place);
    case "tables":
    case "middleware":
      return false;
  }
}
