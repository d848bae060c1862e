// Lays out what a run is about to write as the app's formatter would, where the editors, which are pure, could not ask
// it: import lines that became too long. Text in, text out; a run without changes loads no formatter.
import { createFormatter } from "../edit/format.js";
import { detectStyle, endOf, parseModule, startOf } from "../edit/index.js";
import type { FileChange } from "../types.js";

/** The changes, with each import that is new in a module broken over lines if it is too long for one. */
export function layOut(changes: readonly FileChange[]): Promise<FileChange[]> {
  return Promise.all(
    changes.map(async (change) =>
      isPatched(change) ? { ...change, after: await withImportsBroken(change) } : change,
    ),
  );
}

// --- internal ---

type Patched = FileChange & { readonly before: string };

/** True for a module that was there. One that is new was formatted as a whole. */
function isPatched(change: FileChange): change is Patched {
  const { path, before, after, isRemoved } = change;
  return !isRemoved && before !== undefined && before !== after && /\.[cm]?[jt]sx?$/.test(path);
}

async function withImportsBroken({ path, before, after }: Patched): Promise<string> {
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
