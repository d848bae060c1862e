// .env.local, where the front end finds the deployment. `convex dev` writes the same names and wins.
import { join } from "node:path";
import { findDeployment } from "../env/deployment.js";
import { parseEnvFile, patchEnvFile } from "../env/env-file.js";
import { ENV_PREFIX } from "./detect.js";
import type { Kit } from "./kit.js";

/**
 * Names a local deployment's usual addresses, so that the app builds before there is one. Nothing where a
 * deployment is configured: the convex CLI knows its addresses.
 */
export function planLocalEnv({ project, shell, draft }: Kit): void {
  if (findDeployment(project).kind !== "none") return;
  const path = join(project.root, ".env.local");
  const text = draft.read(path);
  const inherited = parseEnvFile(draft.read(join(project.root, ".env")) ?? "");
  const prefix = ENV_PREFIX[shell.kind];
  const defaults = [
    { name: `${prefix}CONVEX_URL`, value: "http://127.0.0.1:3210", comment: COMMENT },
    { name: `${prefix}CONVEX_SITE_URL`, value: "http://127.0.0.1:3211" },
  ].filter(({ name }) => !(name in inherited));
  const patched = defaults.length > 0 ? patchEnvFile(text, defaults) : undefined;
  if (patched !== undefined || text !== undefined) draft.set(path, patched ?? text ?? "");
}

// --- internal ---

const COMMENT = "A local deployment's addresses; `npx convex dev` keeps them up to date.";
