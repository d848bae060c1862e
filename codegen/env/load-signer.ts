// Who signs the app's tokens, as auth.ts says: where the deployment does, it has no keys of the app's to set up.
// Evaluates auth.ts in memory; asks no deployment.
import type { TokenSigner } from "../../src/auth/keys/deployment-keys.js";
import { CodegenError } from "../errors.js";
import { loadAuthFacts } from "../load/auth-facts.js";
import { UNKNOWN_ADDRESSES } from "../load/unknown-addresses.js";
import type { Project } from "../types.js";
import { openWorkspace } from "../workspace/stage.js";

/**
 * The signer of auth.ts. "jwks" where auth.ts cannot be read: then the deployment's own functions say whether
 * there are keys, and refuse by name (`DEPLOYMENT_SIGNS`).
 *
 * @param env variables of the deployment, as auth.ts will read them
 */
export async function loadSigner(
  project: Project,
  env: Readonly<Record<string, string>>,
): Promise<TokenSigner> {
  try {
    const ws = openWorkspace(project);
    const { plugin } = await loadAuthFacts({ ws, env: { ...UNKNOWN_ADDRESSES, ...env } });
    return plugin?.signer ?? "jwks";
  } catch (error) {
    if (error instanceof CodegenError) return "jwks";
    throw error;
  }
}
