// Plans the auth client and the provider of a front end: what is there is patched, what is missing created.
import { join } from "node:path";
import { findDefaultExport, listBindings, parseModule, type ImportRequest } from "../edit/index.js";
import { patchAuthClient } from "../patch/auth-client.js";
import { findProvider, patchProvider } from "../patch/provider.js";
import { manualEdit } from "../patch/types.js";
import { printAuthClient, printProvider } from "../print/client.js";
import type { Kit } from "./kit.js";

/** A component for a module to import; `path` says where it is. */
export type NewProvider = Omit<ImportRequest, "source"> & { readonly path: string };

/**
 * Plans the module that exports `authClient`.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export async function planAuthClient({ draft, authClient, shell, variable }: Kit): Promise<void> {
  const siteUrl = shell.kind === "vite" ? variable("CONVEX_SITE_URL") : undefined;
  if (draft.read(authClient) === undefined)
    return draft.create(authClient, printAuthClient({ siteUrl }));
  await draft.patch(authClient, (module) => patchAuthClient(module, { siteUrl }));
}

/**
 * Turns the app's ConvexProvider into ConvexAuthProvider. Where it has none, one is created; what is returned
 * must then be put around the app.
 *
 * @throws CodegenError `PROVIDER_TAKEN`, `PROVIDER_FILE_TAKEN`
 */
export async function planProvider(kit: Kit): Promise<NewProvider | undefined> {
  const used = kit.modules.filter((module) => findProvider(module).kind !== "none");
  for (const { path } of used) await patchProviderOf(kit, path);
  return used.length > 0 ? undefined : createProvider(kit);
}

// --- internal ---

const NAME = "ConvexClientProvider";

function patchProviderOf(kit: Kit, path: string): Promise<void> {
  const authClient = kit.specifier(path, kit.authClient);
  return kit.draft.patch(path, (module) =>
    patchProvider(module, { authClient, format: kit.formatJsx(module) }),
  );
}

async function createProvider(kit: Kit): Promise<NewProvider> {
  const { draft, shell, specifier, variable, authClient } = kit;
  const path = join(shell.base, `components/${NAME}.tsx`);
  if (draft.read(path) !== undefined) return adoptProvider(kit, path);
  const isNext = shell.kind === "next";
  const text = printProvider({
    convexUrl: variable("CONVEX_URL") + (isNext ? "!" : ""),
    authClient: specifier(path, authClient),
    isClientModule: isNext,
  });
  await draft.create(path, text);
  return { name: NAME, path };
}

/** A provider that the app has and does not use yet. */
async function adoptProvider(kit: Kit, path: string): Promise<NewProvider> {
  const module = parseModule(kit.draft.read(path) ?? "", path);
  if (findProvider(module).kind === "none")
    throw manualEdit({
      code: "PROVIDER_FILE_TAKEN",
      at: path,
      reason:
        "kitcn would create this file, and it is there already, without a provider of Convex.",
      lines: [
        "// rename the file, or render this in it",
        "<ConvexProvider client={convex}>{children}</ConvexProvider>",
      ],
    });
  await patchProviderOf(kit, path);
  const isNamed = listBindings(module).get(NAME)?.exported === true;
  const isDefault = !isNamed && findDefaultExport(module) !== undefined;
  return isDefault ? { name: "default", local: NAME, path } : { name: NAME, path };
}
