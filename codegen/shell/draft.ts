// The files of a front end as a plan leaves them. In memory: changes.ts writes.
import { parseModule, type CodeStyle, type Module } from "../edit/index.js";
import { printModule } from "../format.js";
import type { AppFiles } from "../load/load-schema.js";
import type { Patch } from "../patch/types.js";
import type { FileChange } from "../types.js";

/** Files under way. Each one that was touched, or looked at to be left alone, is listed once. */
export type Draft = {
  readonly read: (path: string) => string | undefined;
  /** Creates a file where there is none; one that is there is left alone. */
  readonly create: (path: string, text: string) => Promise<void>;
  /** Takes the text that a file will have. */
  readonly set: (path: string, text: string) => void;
  /** Patches a file that is there, over what was planned for it before. */
  readonly patch: (
    path: string,
    change: (module: Module) => Patch | Promise<Patch>,
  ) => Promise<void>;
  readonly changes: () => FileChange[];
};

/** Opens a draft; new files get this style where the app has no prettier config. */
export function openDraft(files: AppFiles, style: CodeStyle): Draft {
  const texts = new Map<string, string>();
  const read = (path: string) => texts.get(path) ?? files.read(path);
  const readExisting = (path: string) => {
    const text = read(path);
    if (text === undefined) throw new Error(`${path} was to be patched, and is not there.`);
    return text;
  };
  return {
    read,
    set: (path, text) => void texts.set(path, text),
    async create(path, text) {
      const existing = read(path);
      if (existing !== undefined) return void texts.set(path, existing);
      const isModule = /\.[jt]sx?$/.test(path);
      const inStyle = text.replaceAll("\n", style.eol);
      texts.set(path, isModule ? await printModule({ path, style, text }) : inStyle);
    },
    async patch(path, change) {
      const text = readExisting(path);
      const patched = await change(parseModule(text, path));
      texts.set(path, patched.text ?? text);
    },
    changes: () => [...texts].map(([path, after]) => ({ path, before: files.onDisk(path), after })),
  };
}
