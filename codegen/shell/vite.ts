// The front end of a Vite app: one entry, no server, no router of its own.
import { join } from "node:path";
import { wrapRendered } from "../patch/root.js";
import type { ShellOf } from "./detect.js";
import type { Kit } from "./kit.js";
import type { NewProvider } from "./provider.js";

/**
 * Plans the entry of a Vite app: the provider around it, and the auth page in its place at /auth.
 *
 * @throws CodegenError `ENTRY_UNKNOWN_FORM`
 */
export async function planVite(
  kit: Kit,
  input: {
    readonly shell: ShellOf<"vite">;
    readonly provider: NewProvider | undefined;
    readonly page: boolean;
  },
): Promise<string[]> {
  const { draft, specifier, formatJsx, modules } = kit;
  const { entry, base } = input.shell;
  const page = input.page ? await kit.createPage(join(base, "auth")) : undefined;
  const isMounted = modules.some((module) => module.path === page);
  const provider = input.provider && {
    ...input.provider,
    source: specifier(entry, input.provider.path),
  };
  const shown =
    page === undefined || isMounted
      ? undefined
      : { name: "AuthPage", source: specifier(entry, page), path: AUTH_PATH };
  if (!provider && !shown) return [];
  await draft.patch(entry, (module) =>
    wrapRendered(module, { provider, page: shown, format: formatJsx(module) }),
  );
  return [];
}

// --- internal ---

const AUTH_PATH = "/auth";
