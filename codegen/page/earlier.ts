// Recognizes auth pages that kitcn wrote before the lock had their hashes: one module and its styles. Reads templates.
import { readTemplate } from "../packages/kitcn-package.js";
import { meaningOf } from "./meaning.js";

/**
 * True for a page or a style sheet as an earlier kitcn wrote it, with any formatting and any list of providers.
 *
 * @param file as PAGE_FILES names it
 * @param input.path of the app's file
 * @param input.toLanguage converts a TypeScript module to the app's language
 */
export function isEarlierText(
  file: string,
  input: {
    readonly path: string;
    readonly text: string;
    readonly toLanguage: (text: string) => string;
  },
): boolean {
  if (!EARLIER.includes(file)) return false;
  const template = readTemplate(`auth-page/earlier/${file}`);
  const wanted = file.endsWith(".css") ? template : input.toLanguage(template);
  return plain(input.path, wanted) === plain(input.path, input.text);
}

// --- internal ---

const EARLIER = ["AuthPage.tsx", "auth.module.css"];

/** Removes what differs between apps: the path of the client, and the list of providers. */
function plain(path: string, text: string): string {
  const shared = text
    .replace(/(import\s*\{\s*authClient\s*\}\s*from\s*)(["'])[^"']*\2/, '$1""')
    .replace(/(const PROVIDERS\b[^=]*=\s*)\[[^\]]*\]/, "$1[]");
  return meaningOf(path, shared);
}
