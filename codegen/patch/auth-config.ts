// Says whether a user's own auth.config.ts accepts kitcn's tokens. Never changes it.
import { listImports, locationOf, parseModule, findDefaultExport } from "../edit/index.js";
import { importedBy, listCalls } from "./calls.js";

const SOURCE = "kitcn/auth/config";

/**
 * The edit a user has to make to an existing auth.config.ts; undefined when its providers have kitcn's.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function missingProvider({
  path,
  text,
}: {
  path: string;
  text: string;
}): string | undefined {
  const module = parseModule(text, path);
  const calls = listCalls(module).map((call) => importedBy(module, call.callee));
  if (calls.some((one) => one?.source === SOURCE && one.name === "getAuthConfigProvider"))
    return undefined;
  // Providers of another module, kitcn's among them or not: nothing to say.
  const found = findDefaultExport(module);
  if (found?.kind === "reexport") return undefined;
  const at = found ? locationOf(module, found.statement) : module.path;
  const needsImport = !listImports(module).some((one) => one.source === SOURCE);
  return [
    `${at} has no provider for kitcn's tokens, and was left alone. Add it yourself:`,
    ...(needsImport ? [`  import { getAuthConfigProvider } from "${SOURCE}";`] : []),
    "  providers: [getAuthConfigProvider(), /* yours */]",
  ].join("\n");
}
