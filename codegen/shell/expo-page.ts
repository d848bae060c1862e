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
import { printExpoAuthPage } from "../page/expo-page.js";
import { authClientOf, specifierOf, stageInStyle } from "./front.js";
import { authPageOf, type PageFront } from "./page-paths.js";

/** Stages the page. If it exists, only its list of providers changes. */
export async function stageExpoPage(front: PageFront): Promise<void> {
  const { ws, providers } = front;
  const path = authPageOf(front);
  const authClient = specifierOf(front, path, authClientOf(front));
  const module = ws.module(path);
  const text = printExpoAuthPage({ authClient, providers });
  if (!module) return stageInStyle(front, path, text);
  const style = detectStyle(module);
  const next = await printModule({ path, style, text });
  const isOurs =
    (await withoutProviders(module)) === (await withoutProviders(ws.parse(next, path)));
  const isSame = (await laidOut(module.text, path)) === (await laidOut(next, path));
  ws.stage(path, isOurs && !isSame ? next : module.text);
}

// --- internal ---

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
