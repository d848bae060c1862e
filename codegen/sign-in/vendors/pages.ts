// Pages and routes that are nothing but a service's sign-in: which they are, and what is there with kitcn.
// Reads modules; a page with more than that is edited element by element.
import { basename, join, sep } from "node:path";
import type { JSXElement, Node } from "@babel/types";
import { printModule } from "../../edit/format.js";
import {
  childrenOf,
  detectStyle,
  listElements,
  listImports,
  textOf,
  walk,
  type Module,
} from "../../edit/index.js";
import { importedBy, listCalls } from "../../patch/calls.js";
import type { Shell } from "../../shell/detect.js";
import { pagesAtAuth } from "../../shell/next-paths.js";
import type { Workspace } from "../../workspace/stage.js";
import { libraryOf, type Library } from "../common/libraries.js";
import { lostDestinations, withDestination } from "./destinations.js";
import { KITCN_PATHS, SIGN_IN_PATH } from "./paths.js";
import type { Found } from "../common/types.js";

/** A module that goes, or becomes another one as a whole. */
export type WholePage = {
  readonly module: Module;
  readonly library: Library;
  readonly name: string;
};

/** The pages and routes of Next's app folder that do nothing but sign in with a service. */
export function wholePages(shell: Shell, found: readonly Found[]): WholePage[] {
  if (shell.kind !== "next") return [];
  const modules = new Map(found.map((one) => [one.module.path, one]));
  return [...modules.values()].flatMap(({ module, library }): WholePage[] => {
    if (!library.vendor || !module.path.startsWith(shell.appDir + sep)) return [];
    const kind = basename(module.path).replace(/\.\w+$/, "");
    const name = kind === "page" ? pageOf(module) : kind === "route" ? routeOf(module) : undefined;
    return name === undefined ? [] : [{ module, library, name }];
  });
}

/** Stages what is there with kitcn: the way to its page, or nothing where nobody goes any more. Returns notes. */
export async function stageWholePage(
  ws: Workspace,
  shell: Shell,
  { module, name }: WholePage,
): Promise<readonly string[]> {
  const isRoute = /^route\./.test(basename(module.path));
  const isAtAuth =
    shell.kind === "next" &&
    pagesAtAuth(ws, { appDir: shell.appDir, pagesDir: join(shell.base, "pages") }).includes(
      module.path,
    );
  const form = listElements(module).find((one) => isForm(module, one));
  const to = form
    ? withDestination(ws, {
        ...{ module, element: form, path: SIGN_IN_PATH, paths: KITCN_PATHS },
        isSignUp: name === "SignUp",
      })
    : { path: SIGN_IN_PATH, notes: [] };
  if (name === "handleAuth" || isAtAuth) {
    ws.remove(module.path);
    return form ? lostDestinations(ws, module, form) : [];
  }
  const head = isRoute ? "export function GET()" : "export default function Page()";
  const text = `import { redirect } from "next/navigation";\n\n${head} {\n  redirect("${to.path}");\n}\n`;
  const { path } = module;
  ws.stage(path, await printModule({ path, style: detectStyle(module), text }));
  return to.notes;
}

/** What becomes of it, as the rest of a sentence. */
export function outcomeOfPage(name: string): string {
  return name === "handleAuth"
    ? "goes: only the service sends browsers there."
    : `becomes the way to kitcn's page at ${SIGN_IN_PATH}.`;
}

// --- internal ---

/** `<SignIn />`, which shows the form of a service. */
function isForm(module: Module, element: JSXElement): boolean {
  const spelled = textOf(module, element.openingElement.name);
  return listImports(module).some(
    ({ local, imported }) => local === spelled && /^Sign(In|Up)$/.test(imported),
  );
}

/** `<SignIn />` with tags of HTML around it, and no word or component beside it. */
function pageOf(module: Module): string | undefined {
  const elements = listElements(module);
  const names = elements.map((one) => textOf(module, one.openingElement.name));
  const own = listImports(module).filter(
    ({ source, imported, local }) =>
      names.includes(local) &&
      libraryOf(source)?.vendor !== undefined &&
      /^Sign(In|Up)$/.test(imported),
  );
  const isAllHtml = names.every(
    (name) => /^[a-z]/.test(name) || own.some(({ local }) => local === name),
  );
  const hasText = elements.some((one) => childrenOf(one).some(({ type }) => type !== "JSXElement"));
  const isPlain = isAllHtml && !hasText && listCalls(module).length === 0;
  return isPlain && hasOnly(module, PAGE_STATEMENTS) ? own[0]?.imported : undefined;
}

const PAGE_STATEMENTS = [
  "ImportDeclaration",
  "ExportDefaultDeclaration",
  "VariableDeclaration",
  "FunctionDeclaration",
];

/** A handler that calls the service and at most sends the browser to what it gave. */
function routeOf(module: Module): string | undefined {
  const calls = listCalls(module).map((call) => importedBy(module, call.callee));
  const vendors = calls.flatMap((one) => (one && libraryOf(one.source)?.vendor ? [one.name] : []));
  const isPlain = calls.every(
    (one) => one && (vendors.includes(one.name) || /^next\/(navigation|server)$/.test(one.source)),
  );
  const [name, ...others] = vendors;
  const isKnown =
    name !== undefined &&
    others.length === 0 &&
    ["handleAuth", "getSignInUrl", "getSignUpUrl"].includes(name);
  if (!isPlain || !isKnown || hasFunctionOption(module)) return undefined;
  return hasOnly(module, ["ImportDeclaration", "ExportNamedDeclaration"]) && exportsOnlyGet(module)
    ? name
    : undefined;
}

function hasOnly({ program }: Module, types: readonly string[]): boolean {
  return program.body.every(({ type }) => types.includes(type));
}

function exportsOnlyGet({ program }: Module): boolean {
  return program.body.every((one) => {
    if (one.type !== "ExportNamedDeclaration") return true;
    const { declaration } = one;
    if (declaration?.type === "FunctionDeclaration") return declaration.id?.name === "GET";
    return (
      declaration?.type === "VariableDeclaration" &&
      declaration.declarations.every(({ id }) => id.type === "Identifier" && id.name === "GET")
    );
  });
}

/** `handleAuth({ onSuccess: ... })` does something for the app. */
function hasFunctionOption(module: Module): boolean {
  return listCalls(module).some((call) =>
    call.arguments.some((given: Node) => {
      let found = false;
      walk(given, (node) => {
        found ||=
          /Function|ObjectMethod|Identifier|Spread/.test(node.type) && !isKeyIn(given, node);
      });
      return found && importedBy(module, call.callee)?.name === "handleAuth";
    }),
  );
}

function isKeyIn(object: Node, node: Node): boolean {
  let isKey = false;
  walk(object, (one) => {
    if (one.type === "ObjectProperty" && one.key === node && !one.shorthand) isKey = true;
  });
  return isKey;
}
