// Which of a project's deployments a command acts on, and the flags by which the convex CLI finds it. Pure.
import {
  keyNotOfProduction,
  keyOfOneDeployment,
  noDeployment,
  noPreviewName,
  noPreviews,
} from "../errors/env.js";
import { branchOfBuild } from "./build-host.js";
import type { Deployment } from "./deployment.js";

/** What somebody asked for; neither means the deployment that the environment names. */
export type TargetRequest = {
  readonly prod: boolean;
  /** As Convex's `--preview-name`. */
  readonly previewName?: string | undefined;
};

export type Target = {
  readonly kind: "development" | "preview" | "production";
  /** As the convex CLI spells them. */
  readonly flags: readonly string[];
};

/**
 * The deployment that a command acts on. With a preview deploy key and no name it is the preview of the build's
 * branch, as for `convex deploy`.
 *
 * @param env variables of the shell
 * @throws CodegenError `NO_DEPLOYMENT`, `WRONG_DEPLOY_KEY`, `NO_PREVIEWS`, `NO_PREVIEW_NAME`
 */
export function planTarget(
  { prod, previewName }: TargetRequest,
  deployment: Deployment,
  env: Readonly<Record<string, string | undefined>>,
): Target {
  if (previewName !== undefined) return previewTarget(previewName, deployment);
  if (deployment.kind === "none" && !prod) throw noDeployment();
  if (deployment.kind !== "cloud")
    return { kind: prod ? "production" : "development", flags: productionFlags(prod, deployment) };
  const { byDeployKey, isProduction, isPreview } = deployment;
  if (prod && byDeployKey && !isProduction) throw keyNotOfProduction();
  if (deployment.isPreviewKey) {
    const branch = branchOfBuild(env);
    if (branch === undefined) throw noPreviewName();
    return previewTarget(branch, deployment);
  }
  const kind = prod || isProduction ? "production" : isPreview ? "preview" : "development";
  return { kind, flags: productionFlags(prod, deployment) };
}

/** Flags for production. A deploy key and a self-hosted URL name their deployment; the CLI refuses --prod beside them. */
export function productionFlags(prod: boolean, deployment: Deployment): string[] {
  const isNamed =
    deployment.kind === "self-hosted" || (deployment.kind === "cloud" && deployment.byDeployKey);
  return prod && !isNamed ? ["--prod"] : [];
}

// --- internal ---

function previewTarget(name: string, deployment: Deployment): Target {
  if (deployment.kind === "none") throw noDeployment();
  if (deployment.kind !== "cloud") throw noPreviews({ kind: deployment.kind });
  // The convex CLI would ignore the name, and act on the deployment of the key: on production, say.
  if (deployment.byDeployKey && !deployment.isPreviewKey) throw keyOfOneDeployment();
  return { kind: "preview", flags: ["--preview-name", name] };
}
