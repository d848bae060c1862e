// .env.local, where the front end finds the deployment. `convex dev` writes the same names and wins.
import { join } from "node:path";
import { findDeployment } from "../env/deployment.js";
import { parseEnvFile, patchEnvFile } from "../env/env-file.js";
import type { Workspace } from "../workspace/stage.js";
import { ENV_PREFIX, type FrontEnd } from "./detect.js";

/**
 * Stages a local deployment's usual addresses, so that the app builds before there is one. Nothing where a
 * deployment is configured: the convex CLI knows its addresses.
 */
export function planLocalEnv(ws: Workspace, kind: FrontEnd["kind"]): void {
  const { project, read } = ws;
  if (findDeployment(project).kind !== "none") return;
  const path = join(project.root, ".env.local");
  const before = read(path);
  const inherited = parseEnvFile(read(join(project.root, ".env")) ?? "");
  const defaults = [
    { name: `${ENV_PREFIX[kind]}CONVEX_URL`, value: "http://127.0.0.1:3210", comment: COMMENT },
    { name: `${ENV_PREFIX[kind]}CONVEX_SITE_URL`, value: "http://127.0.0.1:3211" },
  ].filter(({ name }) => !(name in inherited));
  const after = (defaults.length > 0 ? patchEnvFile(before, defaults) : undefined) ?? before;
  if (after !== undefined) ws.stage(path, after);
}

// --- internal ---

const COMMENT = "A local deployment's addresses; `npx convex dev` keeps them up to date.";
