// Tells the convex() plugin of an instance how its deployment signs tokens: through the instance's context, since
// the plugin is made by auth.ts, before any Convex context is there.
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import type { ConvexPluginOptions } from "../convex.js";
import type { DeploymentSigner } from "./deployment-signer.js";

/** True where convex() among these plugins was made with `signer: "deployment"`. */
export function signsByDeployment(plugins: readonly BetterAuthPlugin[] = []): boolean {
  return plugins.some(
    ({ id, options }) =>
      id === "convex" && (options as ConvexPluginOptions | undefined)?.signer === "deployment", // the plugin's own
  );
}

/** For an instance that has a signer. */
export function signerPlugin(signer: DeploymentSigner) {
  return {
    id: "kitcn-signer",
    init: () => ({ context: { [SIGNER]: signer } }),
  } satisfies BetterAuthPlugin;
}

/** The signer of the instance behind an endpoint; undefined where `defineAuth` did not make it. */
export function signerOfInstance(ctx: GenericEndpointContext): DeploymentSigner | undefined {
  return (ctx.context as { readonly [SIGNER]?: DeploymentSigner })[SIGNER]; // signerPlugin alone writes it
}

// --- internal ---

const SIGNER = "kitcnSigner";
