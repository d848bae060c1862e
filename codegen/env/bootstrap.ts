// The live end of `kitcn add auth`: on a local deployment that runs, sets what is missing, pushes, stores keys.
// Never touches a deployment in the cloud, and never overrides a value.
import { envFileOf, shortPath } from "../disk/project.js";
import type { Ui } from "../terminal/ui.js";
import type { Project } from "../types.js";
import { openConvexCli } from "./convex-cli.js";
import { findDeployment, isReachable, type Deployment } from "./deployment.js";
import { loadSigner } from "./load-signer.js";
import { loadVariables } from "./load-variables.js";
import { pushEnv, type EnvPushReport } from "./push-env.js";

/** What was done, or the commands that do it later. */
export type Bootstrap = {
  readonly report: EnvPushReport | undefined;
  readonly next: readonly string[];
};

/**
 * Finishes a local deployment.
 *
 * @throws CodegenError `ENV_FILE_INVALID`, and those of pushEnv
 */
export async function bootstrap({
  project,
  hasChanges,
  pushed,
  ui,
}: {
  project: Project;
  /** Files were written, so the functions have to be pushed. */
  hasChanges: boolean;
  /** Where a `convex dev` runs beside this and pushes: done when it has. */
  pushed?: Promise<void>;
  ui: Ui;
}): Promise<Bootstrap> {
  const deployment = findDeployment(project);
  if (!(await isReachable(deployment))) return { report: undefined, next: nextSteps(hasChanges) };
  const envFile = envFileOf(project);
  const fileName = shortPath(project, envFile);
  const report = await pushEnv({
    mode: "fill",
    file: loadVariables(envFile, fileName),
    fileName,
    cli: openConvexCli(project),
    signer: (env) => loadSigner(project, env),
    ...pushOf(deployment, { hasChanges, pushed }),
    onStep: ui.progress,
    onChange: () => ui.ifInterrupted(PARTLY),
  });
  return { report, next: [] };
}

// --- internal ---

const PARTLY = {
  message: "All files are written, but the deployment is only partly set up.",
  hint: "Run the command again to finish.",
};

const WATCHER_TIMEOUT_MS = 30_000;
const FIRST_PUSH_TIMEOUT_MS = 300_000;

/** The backend of a local deployment runs inside `convex dev`, which pushes by itself and lets nobody else. */
function pushOf(
  deployment: Deployment,
  { hasChanges, pushed }: { hasChanges: boolean; pushed: Promise<void> | undefined },
) {
  if (pushed) return { waitForFunctionsMs: FIRST_PUSH_TIMEOUT_MS, pushed };
  if (deployment.kind === "local") return { waitForFunctionsMs: WATCHER_TIMEOUT_MS };
  return { pushFunctions: hasChanges ? "always" : "when-keys-are-missing" } as const;
}

function nextSteps(hasChanges: boolean): string[] {
  return hasChanges
    ? [
        "npx kitcn dev         # runs a deployment and pushes to it; a local one also gets its secret and keys",
        "npx kitcn env push    # for a deployment in the cloud, after the first push: sets the secret and the keys",
      ]
    : [];
}
