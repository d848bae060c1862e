// Plans the front end of a Vite app, which has one entry, and no server. Stages files.
import { wrapRendered } from "../patch/root.js";
import { stageAuthPage } from "./auth-page.js";
import { printPath } from "./base-path.js";
import type { ShellOf } from "./detect.js";
import { stagePatch } from "../workspace/stage.js";
import { jsxFormatter, modulesFrom, specifierOf, type Front } from "./front.js";
import type { PageInput } from "./page-paths.js";
import type { NewProvider } from "./provider.js";

/**
 * Plans the entry of a Vite app: the provider around it, and the auth page, which it renders at /auth.
 *
 * @throws CodegenError `ENTRY_UNKNOWN_FORM`
 */
export async function planVite(
  front: Front<ShellOf<"vite">>,
  input: { readonly provider: NewProvider | undefined; readonly page: PageInput | undefined },
): Promise<string[]> {
  const { ws } = front;
  const { entry } = front.shell;
  const { path: page, notes = [] } = input.page
    ? await stageAuthPage({ ...front, ...input.page })
    : {};
  const isMounted = modulesFrom(ws, [entry]).some((module) => module.path === page);
  const provider = input.provider && {
    ...input.provider,
    source: specifierOf(front, entry, input.provider.path),
  };
  const shown =
    page === undefined || isMounted
      ? undefined
      : {
          name: "AuthPage",
          source: specifierOf(front, entry, page),
          path: printPath(front, AUTH_PATH, '"'),
        };
  if (!provider && !shown) return [...notes];
  await stagePatch(ws, entry, (module) =>
    wrapRendered(module, { provider, page: shown, format: jsxFormatter(module) }),
  );
  return [...notes];
}

// --- internal ---

const AUTH_PATH = "/auth";
