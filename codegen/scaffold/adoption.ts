// What makes an app that is there a Convex app: as little as possible. Reads; decides; writes nothing.
import { join } from "node:path";
import { declaredSpec, packagesBelow } from "../disk/project.js";
import type { CodegenError } from "../errors.js";
import { rootOfApps, unknownApp, unsupportedApp } from "../errors/scaffold.js";
import { printConvexTsconfig } from "../print/texts.js";
import { detectShell } from "../shell/detect.js";
import { functionsLanguage } from "../shell/language.js";
import { planConvexJson } from "../shell/convex-json.js";
import { planLocalEnv } from "../shell/local-env.js";
import type { Project } from "../types.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { assertOneFunctionsDir } from "./functions-dir.js";
import { printNewSchema } from "./new-schema.js";
import { stageModule } from "./stage-module.js";

/**
 * Stages schema.ts and tsconfig.json of the functions directory, and .env.local.
 *
 * @throws CodegenError `UNSUPPORTED_APP`, `FUNCTIONS_DIR_UNCLEAR`, `CONVEX_ELSEWHERE`, with what to do by hand
 */
export async function planAdoption(ws: Workspace): Promise<void> {
  const { project } = ws;
  assertOneFunctionsDir(project);
  const shell = detectShell(ws);
  if (shell.kind === "none" && declaredSpec(project, "convex") === undefined)
    throw unsupported(project, shell.found?.name);
  const inFunctions = (name: string) => join(project.functionsDir, name);
  const create = (path: string, after: string) => {
    if (!ws.has(path)) ws.stage(path, after);
  };
  const language = functionsLanguage(ws);
  if (findFunctionsModule(ws, "schema") === undefined)
    await stageModule(ws, "schema", printNewSchema(ws));
  if (language === "ts") create(inFunctions("tsconfig.json"), printConvexTsconfig());
  if (shell.kind !== "none") planLocalEnv(ws, shell.kind);
  planConvexJson(ws);
}

// --- internal ---

function unsupported({ root }: Project, found: string | undefined): CodegenError {
  if (found !== undefined) return unsupportedApp({ path: root, kind: found });
  const apps = packagesBelow(root, [
    "next",
    "vite",
    "@tanstack/react-start",
    "@sveltejs/kit",
    "nuxt",
    "@solidjs/start",
    "expo",
    "convex",
  ]);
  return apps.length > 0 ? rootOfApps({ path: root, apps }) : unknownApp({ path: root });
}
