// What is wrong with an import of a module of the app: nothing is there, the package has no such path, or exports no
// such name. For a name of an older better-auth, the error says where it is now. Reads package.json files only.
import { dirname } from "node:path";
import { PLUGINS } from "../catalog/plugins.js";
import { findPackage, packageOf } from "../disk/find-package.js";
import { listImports, locationOf, walk, type Module } from "../edit/index.js";
import type { CodegenError } from "../errors.js";
import {
  configNotFound,
  exportMoved,
  fileNotFound,
  noSuchExport,
  notOfConvex,
  packageLacks,
  packageNotFound,
  pathMoved,
  pathNotExported,
} from "../errors/load.js";
import { installLineIn } from "../packages/satellites.js";

/** An import that leads nowhere. */
export function moduleNotFound(specifier: string, importer: Module): CodegenError {
  const place = placeOfImport(specifier, importer);
  if (AUTH_CONFIG.test(specifier)) return configNotFound({ place, specifier });
  const isPath = /^[./@~#]/.test(specifier) && !/^@[\w-]+\/[\w.-]+/.test(specifier);
  if (isPath) return fileNotFound({ place, specifier });
  const name = packageOf(specifier);
  if (!PACKAGE_NAME.test(name)) return notOfConvex({ place, specifier });
  const folder = dirname(importer.path);
  if (specifier !== name && findPackage(folder, name) !== undefined) {
    const said = { place, specifier, package: name };
    const moved = movedTo(importer, specifier, lastWord(specifier));
    return moved ? pathMoved({ ...said, ...moved }) : pathNotExported(said);
  }
  return packageNotFound({ place, specifier, command: installLineIn(folder, name) });
}

/** A package that lacks another one, which nobody installs along with it. */
export function lackOfPackage(
  error: unknown,
  { specifier, importer }: { readonly specifier: string; readonly importer: Module },
): CodegenError | undefined {
  const [, missing] = isNotFound(error) ? (NO_PACKAGE.exec(error.message) ?? []) : [];
  if (missing === undefined) return undefined;
  const name = packageOf(missing);
  return packageLacks({
    place: placeOfImport(specifier, importer),
    specifier,
    needs: name,
    command: installLineIn(dirname(importer.path), name),
  });
}

/**
 * The name that a line uses and its package does not export: it is undefined, and that is what fails.
 *
 * @param input.running the line as it runs, without types: what it uses of a package follows a dot
 * @param input.packages what its imports of packages got, by specifier
 */
export function missingExport(
  module: Module,
  {
    running,
    packages,
  }: { readonly running: string; readonly packages: ReadonlyMap<string, object> },
): CodegenError | undefined {
  const used = new Set([...running.matchAll(/\.([\w$]+)/g)].map(([, name]) => name));
  for (const { source, imported, local, typeOnly, declaration } of listImports(module)) {
    const exported = packages.get(source);
    if (typeOnly || !exported) continue;
    const names =
      imported === "*" ? membersOf(running, local) : used.has(imported) ? [imported] : [];
    const name = names.find((one) => Reflect.get(exported, one) === undefined);
    if (name === undefined) continue;
    const said = { place: locationOf(module, declaration), name, specifier: source };
    const moved = movedTo(module, source, name);
    return moved ? exportMoved({ ...said, ...moved }) : noSuchExport(said);
  }
  return undefined;
}

/** Where an import is, as `path:line`. */
export function placeOfImport(specifier: string, importer: Module): string {
  let place = importer.path;
  walk(importer.program, (node) => {
    if (node.type === "StringLiteral" && node.value === specifier)
      place = locationOf(importer, node);
  });
  return place;
}

// --- internal ---

/** The one module beside auth.ts that `add auth` writes before it loads auth.ts. */
const AUTH_CONFIG = /^\.\/auth\.config(\.[jt]s)?$/;

/** What npm takes for one; `cloudflare:workers` and `$env` are modules of other runtimes and bundlers. */
const PACKAGE_NAME = /^(@[a-z\d~-][\w.~-]*\/)?[a-z\d~-][\w.~-]*$/i;

/** Node's own sentence. */
const NO_PACKAGE = /^Cannot find package '([^']+)'/;

/** Exports of better-auth/plugins in older releases that are no plugins, and where they are now. */
const MOVED: Readonly<Record<string, string>> = {
  createAuthEndpoint: "better-auth/api",
  createAuthMiddleware: "better-auth/api",
};

/** Plugins that another one replaced. */
const REPLACED: Readonly<Record<string, string>> = { oidcProvider: "oauthProvider" };

/** Where a name that an older better-auth had is by now, under which name. */
function movedTo(importer: Module, specifier: string, name: string) {
  if (packageOf(specifier) !== "better-auth") return undefined;
  const today = REPLACED[name] ?? name;
  const plugin = PLUGINS.find((one) => [one.name, one.server.name].includes(today));
  const source = MOVED[today] ?? plugin?.server.source;
  if (source === undefined || source === specifier) return undefined;
  const folder = dirname(importer.path);
  const owner = packageOf(source);
  const command = findPackage(folder, owner) ? undefined : installLineIn(folder, owner);
  return { wanted: plugin?.server.name ?? today, source, command };
}

/** `api-key` of `better-auth/plugins/api-key`. */
function lastWord(specifier: string): string {
  return specifier.slice(specifier.lastIndexOf("/") + 1);
}

function membersOf(text: string, local: string): string[] {
  const pattern = new RegExp(`(?<![\\w$.])${escape(local)}\\.([\\w$]+)`, "g");
  return [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);
}

function escape(name: string): string {
  return name.replaceAll("$", String.raw`\$`);
}

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
