// The internal functions of generated/auth.ts that have to do with signing: the keys for `kitcn env push`, and the
// mutation in which an action has a token signed.
import {
  internalActionGeneric,
  internalMutationGeneric,
  type GenericActionCtx,
  type GenericDataModel,
} from "convex/server";
import { v } from "convex/values";
import { noConvexPlugin } from "../../errors/keys.js";
import type { AuthFunctions } from "../types.js";
import { signForAction } from "./deployment-signer.js";

/** Built once; `getAuth` is called when one of them runs. */
export function keyFunctions<DataModel extends GenericDataModel>(
  getAuth: (ctx: GenericActionCtx<DataModel>) => { readonly api: object },
): Pick<AuthFunctions, "latestJwks" | "rotateKeys" | "authSign"> {
  const keysIn = (ctx: object) => keysApi(getAuth(ctx as GenericActionCtx<DataModel>)); // of this app
  return {
    latestJwks: internalActionGeneric({
      args: {},
      returns: v.string(),
      handler: (ctx) => keysIn(ctx).getLatestJwks(),
    }),
    rotateKeys: internalActionGeneric({
      args: { grace: v.boolean() },
      returns: v.string(),
      handler: (ctx, { grace }) => keysIn(ctx).rotateKeys({ body: { grace } }),
    }),
    authSign: internalMutationGeneric({
      args: { claims: v.string(), expiresInSeconds: v.number() },
      returns: v.string(),
      handler: (ctx, args) => signForAction(ctx, args),
    }),
  };
}

// --- internal ---

type KeysApi = {
  getLatestJwks: () => Promise<string>;
  rotateKeys: (input: { body: { grace: boolean } }) => Promise<string>;
};

/** The server-only endpoints of the convex() plugin. */
function keysApi(auth: { readonly api: object }): KeysApi {
  if ("getLatestJwks" in auth.api) return auth.api as unknown as KeysApi; // both come from the same plugin
  throw noConvexPlugin();
}
