// Plans the auth client and the provider of a front end: what is there is patched, what is missing created.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { locationOf, parseModule, type Module } from "../edit/index.js";
import { patchAuthClient } from "../patch/auth-client.js";
import { findProvider, patchProvider } from "../patch/provider.js";
import { manualEdit } from "../patch/types.js";
import { printAuthClient, printProvider } from "../print/client.js";
import { shortPath } from "../project.js";
import type { Kit } from "./kit.js";
import { findHome, isMadeWith } from "./origins.js";

/** A component for a module to import, and the file it is in. */
export type NewProvider = { readonly name: string; readonly path: string };

/**
 * Plans the module that exports `authClient`.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export async function planAuthClient(kit: Kit): Promise<void> {
  const { draft, authClient, shell, variable, readModule } = kit;
  const siteUrl = shell.kind === "vite" ? variable("CONVEX_SITE_URL") : undefined;
  const current = draft.read(authClient);
  if (current === undefined) return draft.create(authClient, printAuthClient({ siteUrl }));
  const named = { module: parseModule(current, authClient), name: "authClient" };
  const home = findHome(named, readModule);
  if (!home) throw noAuthClient(named.module);
  const plugins = ["convexClient", ...(siteUrl === undefined ? [] : ["crossDomainClient"])];
  const isWired = plugins.every((name) =>
    isMadeWith(named, { source: "kitcn/auth/client", name }, readModule),
  );
  if (isWired) return draft.set(authClient, current);
  await draft.patch(home.path, (module) => patchAuthClient(module, { siteUrl }));
}

/** What became of the provider. */
export type ProviderPlan = {
  /** Created, and to be put around the app. */
  readonly created: NewProvider | undefined;
  readonly notes: readonly string[];
};

/**
 * Turns the app's ConvexProvider into ConvexAuthProvider. Where it has none, one is created.
 *
 * @throws CodegenError `PROVIDER_TAKEN`, `PROVIDER_FILE_TAKEN`
 */
export async function planProvider(kit: Kit): Promise<ProviderPlan> {
  const used = kit.modules.filter(
    (module) => findProvider(module, kit.resolveName).kind !== "none",
  );
  // An alias that only the bundler knows hides the provider: better found than made a second time.
  const hidden = used.length > 0 ? [] : hiddenProviders(kit);
  for (const { path } of [...used, ...hidden]) await patchProviderOf(kit, path);
  if (used.length > 0) return { created: undefined, notes: [] };
  if (hidden.length === 0) return { created: await createProvider(kit), notes: [] };
  const names = hidden.map(({ path }) => shortPath(kit.project, path)).join(", ");
  return {
    created: undefined,
    notes: [`${names} has the provider; see that it is around your app.`],
  };
}

// --- internal ---

const NAME = "ConvexClientProvider";

/** Modules below the front end's folder that have a provider, whether or not anything imports them. */
function hiddenProviders({ shell, files, project, resolveName }: Kit): Module[] {
  return listModules(shell.base, project.functionsDir).flatMap((path) => {
    const text = files.read(path) ?? "";
    if (!/\bConvex(Auth)?Provider\b/.test(text)) return [];
    const module = parseModule(text, path);
    return findProvider(module, resolveName).kind === "none" ? [] : [module];
  });
}

function listModules(folder: string, functionsDir: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return /\.[jt]sx?$/.test(entry.name) ? [path] : [];
    const isForeign =
      /^(\.|node_modules$|dist$|build$|out$)/.test(entry.name) || path === functionsDir;
    return isForeign ? [] : listModules(path, functionsDir);
  });
}

function patchProviderOf(kit: Kit, path: string): Promise<void> {
  const authClient = kit.specifier(path, kit.authClient);
  return kit.draft.patch(path, (module) =>
    patchProvider(module, {
      authClient,
      resolve: kit.resolveName,
      format: kit.formatJsx(module),
    }),
  );
}

async function createProvider(kit: Kit): Promise<NewProvider> {
  const { draft, shell, specifier, variable, authClient, newModule } = kit;
  const path = newModule(join(shell.base, `components/${NAME}.tsx`));
  const current = draft.read(path);
  if (current !== undefined) throw fileTaken(parseModule(current, path));
  const isNext = shell.kind === "next";
  const text = printProvider({
    convexUrl: variable("CONVEX_URL") + (isNext ? "!" : ""),
    authClient: specifier(path, authClient),
    isClientModule: isNext,
  });
  await draft.create(path, text);
  return { name: NAME, path };
}

function noAuthClient(module: Module) {
  return manualEdit({
    code: "AUTH_CLIENT_UNKNOWN_FORM",
    at: locationOf(module),
    reason: "kitcn imports `authClient` from this file, and it exports nothing of that name.",
    lines: ["// with your client's name", "export { client as authClient };"],
  });
}

function fileTaken(module: Module) {
  return manualEdit({
    code: "PROVIDER_FILE_TAKEN",
    at: locationOf(module),
    reason: "kitcn would create this file, and it is there already, without a provider of Convex.",
    lines: [
      "// rename the file, or render this in it",
      "<ConvexProvider client={convex}>{children}</ConvexProvider>",
    ],
  });
}
