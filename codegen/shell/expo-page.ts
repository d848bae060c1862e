// Writes the auth page of an Expo app, and updates its list of social providers as long as nobody changed the rest.
// Stages one file.
import { createFormatter, printModule } from "../edit/format.js";
import {
  DEFAULT_STYLE,
  detectStyle,
  endOf,
  listBindings,
  startOf,
  unwrap,
  type Module,
} from "../edit/index.js";
import { shortPath } from "../disk/project.js";
import { printExpoAuthPage } from "../page/expo-page.js";
import { partsExpoLacks } from "../page/features.js";
import { authClientOf, specifierOf, stageInStyle } from "./front.js";
import { authPageOf, type PageFront } from "./page-paths.js";

/**
 * Stages the page. If it exists, only its list of providers changes.
 *
 * @returns a note about what auth.ts and the auth client have, and the page has no parts for
 */
export async function stageExpoPage(front: PageFront): Promise<string[]> {
  const { ws, providers } = front;
  const path = authPageOf(front);
  const authClient = specifierOf(front, path, authClientOf(front));
  const module = ws.module(path);
  const text = printExpoAuthPage({ authClient, providers });
  if (!module) {
    await stageInStyle(front, path, text);
    return lackingNotes(front, path);
  }
  const style = detectStyle(module);
  const next = await printModule({ path, style, text });
  const isOurs =
    (await withoutProviders(module)) === (await withoutProviders(ws.parse(next, path)));
  const isSame = (await laidOut(module.text, path)) === (await laidOut(next, path));
  ws.stage(path, isOurs && !isSame ? next : module.text);
  // Whoever changed the page may have written the parts.
  return isOurs ? lackingNotes(front, path) : [];
}

// --- internal ---

function lackingNotes({ ws, features }: PageFront, path: string): string[] {
  const lacking = partsExpoLacks(features);
  if (lacking.length === 0) return [];
  return [
    `${shortPath(ws.project, path)} has no parts for ${lacking.join(", ")}. Write screens that call authClient for them.`,
  ];
}

/** The page's text in one format, without its providers; undefined for a page without that list. */
async function withoutProviders(module: Module): Promise<string | undefined> {
  const { path, text } = module;
  const init = listBindings(module).get("PROVIDERS")?.init;
  const list = init && unwrap(init);
  if (list?.type !== "ArrayExpression") return undefined;
  return laidOut(`${text.slice(0, startOf(list))}[]${text.slice(endOf(list))}`, path);
}

function laidOut(text: string, path: string): Promise<string> {
  return createFormatter({ path, style: DEFAULT_STYLE }).file(text);
}
