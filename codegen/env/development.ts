// What development has, so that none of its secrets gets to production: convex/.env and the development
// deployment. Reads only; its values are compared, never shown.
import { envFileOf, shortPath } from "../disk/project.js";
import { CodegenError } from "../errors.js";
import type { Project } from "../types.js";
import { openConvexCli } from "./convex-cli.js";
import { isReachable, loadEnvFile, type Deployment } from "./deployment.js";
import type { Development } from "./secret.js";

export type DevelopmentValues = {
  readonly known: readonly Development[];
  /** Why the development deployment is not among them; undefined where it is. */
  readonly unread: string | undefined;
};

/** The file alone. */
export function loadDevelopmentFile(project: Project): Development {
  const path = envFileOf(project);
  return { where: shortPath(project, path), values: loadEnvFile(path) };
}

/** Reads both, seen from a command that acts on production. */
export async function loadDevelopment(
  project: Project,
  deployment: Deployment,
): Promise<DevelopmentValues> {
  const file = loadDevelopmentFile(project);
  const unread = await whyOutOfReach(deployment);
  if (unread !== undefined) return { known: [file], unread };
  try {
    const values = await openConvexCli(project).listEnv();
    return { known: [file, { where: "the development deployment", values }], unread: undefined };
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    return { known: [file], unread: error.message.replaceAll("\n", " ") };
  }
}

// --- internal ---

/** The convex CLI acts on one deployment; where that is production, development is not known here. */
async function whyOutOfReach(deployment: Deployment): Promise<string | undefined> {
  switch (deployment.kind) {
    case "none":
      return "No development deployment is configured here.";
    case "self-hosted":
      return "CONVEX_SELF_HOSTED_URL names production.";
    case "local":
      return (await isReachable(deployment)) ? undefined : "The local deployment is not running.";
    case "cloud":
      if (deployment.byDeployKey) return "CONVEX_DEPLOY_KEY opens production only.";
      return deployment.isProduction ? "CONVEX_DEPLOYMENT names production." : undefined;
  }
}
