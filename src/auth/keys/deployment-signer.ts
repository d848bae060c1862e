// Gets tokens signed by the deployment's own key. Only a mutation may: a query hands its request on to one, and an
// action calls one. Must not import better-auth.
import type { GenericDataModel } from "convex/server";
import { noDeploymentSigner, tokenNeedsMutation } from "../../errors/keys.js";
import type { RequestRun } from "../../request/run.js";
import { isActionCtx, isMutationCtx } from "../context.js";
import { AUTH_MODULE, internalReference } from "../references.js";
import type { AuthCtx } from "../types.js";
import type { JsonObject } from "./deployment-claims.js";

/** What `ctx.auth.signJwt` is asked for. Claims are checked before, see `deploymentClaims`. */
export type SigningRequest = {
  readonly claims: JsonObject;
  /** 1 to 3,600. */
  readonly expiresInSeconds: number;
};

/** Claims go from one function to another as JSON text: field names of Convex values must be ASCII. */
export type AuthSignArgs = { readonly claims: string; readonly expiresInSeconds: number };

export type DeploymentSigner = {
  /**
   * Makes sure that a token can be signed here, before anything is made for it. In the query of a request it never
   * returns: the request goes on in a mutation.
   *
   * @throws KitcnError `TOKEN_NEEDS_MUTATION`, `NO_DEPLOYMENT_SIGNER`
   */
  readonly ready: () => Promise<void>;
  /** @throws KitcnError `NO_DEPLOYMENT_SIGNER`, `TOKEN_NEEDS_MUTATION` */
  readonly sign: (request: SigningRequest) => Promise<string>;
};

/** The signer of a context; `run` is set while a request is served in it. */
export function deploymentSigner<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  run?: RequestRun,
): DeploymentSigner {
  if (isActionCtx(ctx))
    return {
      ready: async () => {},
      sign: ({ claims, expiresInSeconds }) =>
        ctx.runMutation(
          internalReference<"mutation", AuthSignArgs, string>(`${AUTH_MODULE}:authSign`),
          { claims: JSON.stringify(claims), expiresInSeconds },
        ),
    };
  if (isMutationCtx(ctx)) {
    const busy = run?.busyWith ?? (<T>(work: Promise<T>) => work);
    return {
      ready: async () => void signerOf(ctx),
      sign: (request) => busy(signerOf(ctx)(request)),
    };
  }
  const refuse = async () => {
    if (run) return run.escalate("mutation", "the deployment signs a token");
    throw tokenNeedsMutation();
  };
  return { ready: refuse, sign: refuse };
}

/**
 * Signs for an action, in the mutation that it calls.
 *
 * @throws KitcnError `NO_DEPLOYMENT_SIGNER`
 */
export async function signForAction(
  ctx: { readonly auth: object },
  { claims, expiresInSeconds }: AuthSignArgs,
): Promise<string> {
  return signerOf(ctx)({ claims: JSON.parse(claims) as JsonObject, expiresInSeconds }); // of an object
}

// --- internal ---

type Sign = (request: SigningRequest) => Promise<string>;

/** Apps may have a convex whose types, and whose mutations, do not know signJwt yet. */
function signerOf({ auth }: { readonly auth: object }): Sign {
  const { signJwt } = auth as { readonly signJwt?: Sign }; // of convex 1.48
  if (typeof signJwt !== "function") throw noDeploymentSigner();
  return (request) => signJwt(request);
}
