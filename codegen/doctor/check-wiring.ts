// What keeps sign-in from working in the files of an app as a run leaves them: `kitcn doctor`'s errors that need no
// deployment. Reads a workspace, staged files included; asks nobody.
import { join } from "node:path";
import { CodegenError } from "../errors.js";
import { loadAuthFacts } from "../load/auth-facts.js";
import { UNKNOWN_ADDRESSES } from "../load/unknown-addresses.js";
import { openModules } from "../modules/resolve.js";
import type { ComponentSource } from "../patch/convex-config.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { checkConfig } from "./check-config.js";
import { checkComponent, checkHttp, type SourceFile } from "./check-files.js";
import { findingOf } from "./fix-of.js";
import { findHttpBasePath } from "./http-base-path.js";
import type { Finding } from "./types.js";

/** Whether some auth table lives in a component, and in which. Undefined: the packaged one. */
type Mounted = {
  readonly usesComponent: boolean;
  readonly componentSource?: ComponentSource | undefined;
};

/** The errors among the findings: http.ts, convex.config.ts, and what auth.ts and auth.config.ts agree on. */
export async function checkWiring(
  ws: Workspace,
  { usesComponent, componentSource }: Mounted,
): Promise<Finding[]> {
  const read = openModules(ws);
  const http = sourceFile(ws, "http");
  const findings = [
    ...checkHttp(http, read),
    ...(usesComponent ? checkComponent(sourceFile(ws, "convex.config"), componentSource) : []),
    ...(await checkAuth(ws, http)),
  ];
  const errors = findings.filter(({ level }) => level === "error");
  // Two checks may run into one error.
  return [...new Map(errors.map((one) => [one.message, one])).values()];
}

/** A module of the functions directory. */
export function sourceFile(ws: Workspace, name: string): SourceFile {
  const base = join(ws.project.functionsDir, name);
  const path = findModule(ws, base) ?? `${base}.ts`;
  return { path, open: () => ws.module(path) };
}

// --- internal ---

async function checkAuth(ws: Workspace, http: SourceFile): Promise<Finding[]> {
  try {
    const auth = await loadAuthFacts({ ws, env: UNKNOWN_ADDRESSES });
    const basePath = findHttpBasePath(http, openModules(ws));
    return checkConfig({ auth, http: basePath, served: undefined });
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    return [findingOf(error)];
  }
}
