// The texts that kitcn wrote before the lock knew of pages: one module and its styles. Reads their templates.
import { readTemplate } from "../packages/kitcn-package.js";
import { meaningOf } from "./owned.js";

/**
 * True for a page or a style sheet as an earlier kitcn wrote it, whoever formatted it and whichever providers it lists.
 *
 * @param file as PAGE_FILES names it
 * @param input.toLanguage makes what the app has of a module in TypeScript
 */
export function isEarlierText(
  file: string,
  input: { readonly text: string; readonly toLanguage: (text: string) => string },
): boolean {
  if (!EARLIER.includes(file)) return false;
  const template = readTemplate(`auth-page/earlier/${file}`);
  const wanted = file.endsWith(".css") ? template : input.toLanguage(template);
  return plain(wanted) === plain(input.text);
}

// --- internal ---

const EARLIER = ["AuthPage.tsx", "auth.module.css"];

/** Without what each app has its own of: where its client is, and the list of its providers. */
function plain(text: string): string {
  return meaningOf(text)
    .replace(/import\{authClient\}from.*?import/, "import")
    .replace(/(constPROVIDERS.*?)=\[.*?\](?=\/\*\*)/, "$1=[]");
}
