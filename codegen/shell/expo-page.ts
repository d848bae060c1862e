// The auth page of an Expo app: written once, and from then on its list of providers follows auth.ts, while nobody has
// changed the rest.
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

/** Stages the page, or the providers of the one that is there. */
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

/** However it is laid out; undefined for a page without a list of providers. */
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
