// What the plans of the front ends share: the draft, the app's style, how modules name each other.
import { join } from "node:path";
import {
  detectStyle,
  locationOf,
  parseModule,
  specifiersOf,
  type JsxFormatter,
  type Module,
} from "../edit/index.js";
import { createFormatter } from "../format.js";
import type { AppFiles } from "../load/load-schema.js";
import { importExtension, relativeSpecifier } from "../load/module-resolution.js";
import { AUTH_PAGE_STYLES } from "../print/auth-page-styles.js";
import { printAuthPage } from "../print/auth-page.js";
import type { ReadVariable } from "../print/client.js";
import type { ModuleReader } from "../merge/scope.js";
import type { NameResolver } from "../patch/provider.js";
import { manualEdit } from "../patch/types.js";
import type { Project } from "../types.js";
import { ENV_PREFIX, type FrontEnd } from "./detect.js";
import { openDraft, type Draft } from "./draft.js";
import { createModuleReader, reachableModules } from "./graph.js";
import { entriesOf, frontEndLanguage, modulePath } from "./language.js";
import { findHome, findPackageName } from "./origins.js";

export type Kit = {
  readonly project: Project;
  readonly shell: FrontEnd;
  readonly files: AppFiles;
  readonly draft: Draft;
  /** What the front end is made of, the module it starts with first. */
  readonly modules: readonly Module[];
  /** Path of the module that exports `authClient`; it may not be there yet. */
  readonly authClient: string;
  /** The module of the app behind an import, as it is on disk. */
  readonly readModule: ModuleReader;
  /** What a name of a module is to the package it comes from. */
  readonly resolveName: NameResolver;
  /** The path of a new module in the app's language, given as that of a TypeScript one. */
  readonly newModule: (path: string) => string;
  /** The specifier of a module, as another one imports it. */
  readonly specifier: (from: string, to: string) => string;
  /** An expression that reads a variable of the build. */
  readonly variable: ReadVariable;
  /** Formats JSX in the style of a module. */
  readonly formatJsx: (module: Module) => JsxFormatter;
  /** Path of the module with the auth page in a folder; it may not be there yet. */
  readonly authPage: (folder: string) => string;
  /**
   * Creates the auth page and its styles in a folder, and gives the page's path.
   *
   * @throws CodegenError `AUTH_PAGE_TAKEN`
   */
  readonly createPage: (folder: string) => Promise<string>;
};

/** Reads a front end. `providers` are the social providers that its page has buttons for. */
export function openKit(input: {
  readonly project: Project;
  readonly shell: FrontEnd;
  readonly files: AppFiles;
  readonly providers: readonly string[];
}): Kit {
  const { project, shell, files, providers } = input;
  const modules = reachableModules(project, files, entriesOf(shell));
  const language = frontEndLanguage(project, shell);
  const newModule = (path: string) => modulePath(path, language);
  const draft = openDraft(files, styleOf(modules));
  const extension = importExtension({ ...project, functionsDir: shell.base }, files);
  const specifier = (from: string, to: string) => relativeSpecifier(from, to, extension);
  const authClient =
    findAuthClient(shell.base, files) ?? newModule(join(shell.base, "lib/auth-client.ts"));
  const readModule = createModuleReader(project, files);
  const authPage = (folder: string) =>
    findModule(join(folder, "AuthPage"), files) ?? newModule(join(folder, "AuthPage.tsx"));
  const env = shell.kind === "next" ? "process.env." : "import.meta.env.";
  return {
    project,
    shell,
    files,
    draft,
    modules,
    authClient,
    readModule,
    resolveName: (module, spelled) => findPackageName(module, spelled, readModule),
    authPage,
    newModule,
    specifier,
    variable: (name) => env + ENV_PREFIX[shell.kind] + name,
    formatJsx: (module) => createFormatter({ path: module.path, style: detectStyle(module) }).jsx,
    async createPage(folder) {
      const path = authPage(folder);
      const client = specifier(path, authClient);
      const styles = "./auth.module.css";
      await draft.create(path, printAuthPage({ authClient: client, styles, providers }));
      const module = parseModule(draft.read(path) ?? "", path);
      if (!findHome({ module, name: "AuthPage" }, readModule)) throw pageTaken(module);
      // A page that has been restyled needs no style sheet of ours.
      if (specifiersOf(module).has(styles))
        await draft.create(join(folder, styles), AUTH_PAGE_STYLES);
      return path;
    },
  };
}

/** The module of this name, in whichever language. */
export function findModule(path: string, files: Pick<AppFiles, "read">): string | undefined {
  const paths = [".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs"].map((end) => path + end);
  return paths.find((one) => files.read(one) !== undefined);
}

// --- internal ---

function styleOf([entry]: readonly Module[]) {
  return detectStyle(entry ?? parseModule("", "entry.tsx"));
}

const CLIENT_NAMES = ["lib/auth-client", "auth-client", "lib/auth/client", "utils/auth-client"];

/** The auth client that is there under a usual name. */
function findAuthClient(base: string, files: AppFiles): string | undefined {
  return CLIENT_NAMES.flatMap((name) => findModule(join(base, name), files) ?? [])[0];
}

function pageTaken(module: Module) {
  return manualEdit({
    code: "AUTH_PAGE_TAKEN",
    at: locationOf(module),
    reason: "kitcn would create this file, and it is there already, without an export `AuthPage`.",
    lines: ["// rename the file, or export your page from it", "export { MyPage as AuthPage };"],
  });
}
