// Lays out what a run is about to write as the app's formatter would, where the editors, which are pure, could not ask
// it. Text in, text out; a run without changes loads no formatter.
import { basename } from "node:path";
import { appFormatter, createFormatter } from "../edit/format.js";
import { detectStyle, endOf, parseModule, startOf } from "../edit/index.js";
import { LOCK_FILE } from "../lock/lock.js";
import type { FileChange } from "../types.js";

/**
 * The changes, laid out by the app's prettier config: files that were so before, new style sheets, JSON files and
 * components of Svelte and Vue, and the lock. In other modules, an import that is new and too long for a line is broken
 * over lines.
 */
export function layOut(changes: readonly FileChange[]): Promise<FileChange[]> {
  return Promise.all(
    changes.map(async (change) => {
      const { before, after, isRemoved } = change;
      if (isRemoved || before === after || !KNOWN.test(change.path)) return change;
      return { ...change, after: (await asTheApp(change)) ?? (await withImportsBroken(change)) };
    }),
  );
}

// --- internal ---

const KNOWN = /\.([cm]?[jt]sx?|css|json|svelte|vue)$/;
const MODULE = /\.[cm]?[jt]sx?$/;

/** Undefined where the app has no config, for new modules, which have its layout, and for files in another layout. */
async function asTheApp({ path, before, after }: FileChange): Promise<string | undefined> {
  if (before === undefined && MODULE.test(path)) return undefined;
  const format = await appFormatter(path);
  if (!format) return undefined;
  // A file that prettier, or the plugin that the app has for it, cannot read is in no layout of theirs.
  const formatIfRead = (text: string) => format(text).catch(() => undefined);
  if (before === undefined && path.endsWith(".svelte")) return formatIfRead(after);
  if (before === undefined || basename(path) === LOCK_FILE) return format(after);
  return (await formatIfRead(before)) === before ? format(after) : undefined;
}

async function withImportsBroken({ path, before, after }: FileChange): Promise<string> {
  if (before === undefined || !MODULE.test(path)) return after;
  const module = parseModule(after, path);
  const style = detectStyle(module);
  const { statements } = createFormatter({ path, style });
  let text = after;
  // From the end, so that offsets stay right.
  for (const node of module.program.body.toReversed()) {
    if (node.type !== "ImportDeclaration") continue;
    const line = after.slice(startOf(node), endOf(node));
    if (line.includes("\n") || before.includes(line)) continue;
    const printed = await statements(line);
    if (!printed.includes("\n")) continue;
    const broken = printed.replaceAll("\n", style.eol);
    text = text.slice(0, startOf(node)) + broken + text.slice(endOf(node));
  }
  return text;
}
