// Plans the auth client and the provider of a front end: edits those that exist, and creates those that are missing.
import { join } from "node:path";
import { providerFileTaken, providerShared as sharedProvider } from "../errors/edits-front.js";
import { shortPath } from "../disk/project.js";
import type { JSXElement } from "@babel/types";
import type { CodegenError } from "../errors.js";
import { listImports, locationOf, textOf, type Module } from "../edit/index.js";
import { isMadeWith } from "../modules/made-with.js";
import { findHome, findPackageName } from "../modules/names.js";
import { noAuthClient, patchAuthClient } from "../patch/auth-client.js";
import {
  findProvider,
  openProviders,
  patchProvider,
  type NameResolver,
} from "../patch/provider.js";
import { printAuthClient, printProvider } from "../print/client.js";
import { printExpoProvider } from "../print/expo.js";
import { listFiles } from "../workspace/find.js";
import { stagePatch } from "../workspace/stage.js";
import {
  authClientOf,
  jsxFormatter,
  modulesFrom,
  newModule,
  readerOf,
  specifierOf,
  stageInStyle,
  variableOf,
  type Front,
} from "./front.js";
import { planExpoClient } from "./expo-client.js";
import { packageLabel } from "./fronts.js";
import { entriesOf } from "./language.js";
import { isShared } from "./shared-module.js";

/** A component for a module to import, and the file it is in. */
export type NewProvider = { readonly name: string; readonly path: string };

/**
 * Plans the module that exports `authClient`.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export async function planAuthClient(front: Front): Promise<void> {
  const { ws, shell } = front;
  const authClient = authClientOf(front);
  const readModule = readerOf(ws);
  if (shell.kind === "expo") return planExpoClient({ ...front, shell });
  const siteUrl = shell.kind === "vite" ? variableOf(front)("CONVEX_SITE_URL") : undefined;
  const module = ws.module(authClient);
  if (!module) return stageInStyle(front, authClient, printAuthClient({ siteUrl }));
  const named = { module, name: "authClient" };
  const home = findHome(named, readModule);
  if (!home) throw noAuthClient(module);
  const plugins = ["convexClient", ...(siteUrl === undefined ? [] : ["crossDomainClient"])];
  const isWired = plugins.every((name) =>
    isMadeWith(named, { source: "kitcn/auth/client", name }, readModule),
  );
  if (isWired) return ws.stage(authClient, module.text);
  await stagePatch(ws, home.path, (one) => patchAuthClient(one, { siteUrl }));
}

/** What is planned for the provider. */
export type ProviderPlan = {
  /** The new component, which must go around the app. */
  readonly created: NewProvider | undefined;
  readonly notes: readonly string[];
};

/**
 * Turns the app's ConvexProvider into ConvexAuthProvider. Where it has none, one is created.
 *
 * @throws CodegenError `PROVIDER_TAKEN`, `PROVIDER_FILE_TAKEN`, `PROVIDER_SHARED`
 */
export async function planProvider(front: Front): Promise<ProviderPlan> {
  const { ws, shell } = front;
  const resolve = resolverOf(front);
  const all = modulesFrom(ws, entriesOf(shell)).filter(
    (module) => findProvider(module, resolve).kind !== "none",
  );
  // What the router of TanStack Start wraps is around the root route: two that sign the same client in would take turns.
  const ours = all.filter((module) => findProvider(module, resolve).kind === "ours");
  const used = shell.kind === "start" && ours.length > 0 ? ours : all;
  // An alias that only the bundler knows can hide the provider. Find it, so that the app does not get a second one.
  const hidden = used.length > 0 ? [] : hiddenProviders(front);
  for (const { path } of [...used, ...hidden]) await patchProviderOf(front, path);
  if (used.length > 0) return { created: undefined, notes: [] };
  if (hidden.length === 0) return { created: await createProvider(front), notes: [] };
  const names = hidden.map(({ path }) => shortPath(ws.project, path)).join(", ");
  return {
    created: undefined,
    notes: [`${names} has the provider. Make sure that your app renders inside it.`],
  };
}

// --- internal ---

const NAME = "ConvexClientProvider";

/** Modules below the front end's folder that have a provider, whether or not anything imports them. */
function hiddenProviders(front: Front): Module[] {
  const { ws, shell } = front;
  const resolve = resolverOf(front);
  const files = listFiles(
    ws,
    shell.base,
    ({ name, path }) =>
      /^(\.|node_modules$|dist$|build$|out$)/.test(name) || path === ws.project.functionsDir,
  );
  return files.flatMap((path) => {
    const isNamed = /\.[jt]sx?$/.test(path) && PROVIDERS.test(ws.read(path) ?? "");
    const module = isNamed ? ws.module(path) : undefined;
    return module && findProvider(module, resolve).kind !== "none" ? [module] : [];
  });
}

const PROVIDERS = /\bConvex(Auth)?Provider\b/;

/** What a name of a module is to the package it comes from. */
function resolverOf({ ws }: Front): NameResolver {
  const read = readerOf(ws);
  return (module, spelled) => findPackageName(module, spelled, read);
}

function patchProviderOf(front: Front, path: string): Promise<void> {
  const resolve = resolverOf(front);
  const found = front.ws.module(path);
  const open = found && isShared(front.ws, path) ? openProviders(found, resolve) : [];
  if (found && open[0]) throw providerShared(front, found, open[0]);
  return stagePatch(front.ws, path, (module) =>
    patchProvider(module, {
      authClient: importedClient(front, module) ?? specifierOf(front, path, authClientOf(front)),
      resolve,
      format: jsxFormatter(module),
    }),
  );
}

/** How a module imports `authClient` already, if it does: by an alias, or from a module that passes it on. */
function importedClient(front: Front, module: Module): string | undefined {
  const { ws } = front;
  const read = readerOf(ws);
  const homeOf = (at: Module | undefined) =>
    at && findHome({ module: at, name: "authClient" }, read);
  const home = homeOf(ws.module(authClientOf(front)));
  const found = listImports(module).find(
    ({ source, imported, typeOnly }) =>
      imported === "authClient" && !typeOnly && homeOf(read(source, module))?.path === home?.path,
  );
  return home && found?.source;
}

async function createProvider(front: Front): Promise<NewProvider> {
  const { ws, shell } = front;
  const path = newModule(front, join(shell.base, `components/${NAME}.tsx`));
  const taken = ws.module(path);
  if (taken) throw fileTaken(taken);
  await stageInStyle(front, path, providerText(front, path));
  return { name: NAME, path };
}

function providerText(front: Front, path: string): string {
  const { kind } = front.shell;
  const authClient = specifierOf(front, path, authClientOf(front));
  const variable = variableOf(front)("CONVEX_URL");
  if (kind === "expo") return printExpoProvider({ convexUrl: `${variable}!`, authClient });
  const isNext = kind === "next";
  const convexUrl = variable + (isNext ? "!" : "");
  return printProvider({ convexUrl, authClient, isClientModule: isNext });
}

/** A shared package cannot import the auth client of one front end, and on Next no layout can hand it over. */
function providerShared({ ws }: Front, module: Module, element: JSXElement): CodegenError {
  return sharedProvider({
    at: locationOf(module, element),
    name: textOf(module, element.openingElement.name),
    owner: packageLabel(ws),
  });
}

function fileTaken(module: Module) {
  return providerFileTaken({
    at: locationOf(module),
    lines: [
      "// rename the file, or render this in it",
      "<ConvexProvider client={convex}>{children}</ConvexProvider>",
    ],
  });
}
