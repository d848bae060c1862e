// Recognizes auth pages that kitcn wrote before the lock had their hashes: one module and its styles. Reads templates.
import { readTemplate } from "../packages/kitcn-package.js";
import type { PageFile, PageSet } from "./files.js";
import { meaningOf } from "./meaning.js";

/**
 * True for a page or a style sheet as an earlier kitcn wrote it, with any formatting and any list of providers.
 *
 * @param file of one of the pages
 * @param input.folder below templates, with the pages of the app's kind
 * @param input.path of the app's file
 * @param input.toLanguage converts a TypeScript module to the app's language
 */
export function isEarlierText(
  { path: file }: PageFile,
  input: {
    readonly folder: PageSet["folder"];
    readonly path: string;
    readonly text: string;
    readonly toLanguage: (text: string) => string;
  },
): boolean {
  if (!EARLIER[input.folder].includes(file)) return false;
  const template = readTemplate(`${input.folder}/earlier/${file}`);
  const wanted = file.endsWith(".css") ? template : input.toLanguage(template);
  return plain(input.path, wanted) === plain(input.path, input.text);
}

// --- internal ---

const EARLIER = {
  "auth-page": ["AuthPage.tsx", "auth.module.css"],
  "expo-page": ["AuthPage.tsx"],
} satisfies Record<PageSet["folder"], readonly string[]>;

/** Removes what differs between apps: the path of the client, and the list of providers. */
function plain(path: string, text: string): string {
  const shared = text
    .replace(/(import\s*\{\s*authClient\s*\}\s*from\s*)(["'])[^"']*\2/, '$1""')
    .replace(/(const PROVIDERS\b[^=]*=\s*)\[[^\]]*\]/, "$1[]");
  return meaningOf(path, shared);
}
