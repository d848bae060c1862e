// The types that generated/auth.ts and auth.ts share. No behaviour here.
import type { Auth, BetterAuthOptions } from "better-auth";
import type {
  FunctionReference,
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
} from "convex/server";

/** Any Convex context that auth can be used from. */
export type AuthCtx<DataModel extends GenericDataModel> =
  GenericQueryCtx<DataModel> | GenericMutationCtx<DataModel> | GenericActionCtx<DataModel>;

/** Better Auth's options; kitcn brings the database. */
export type AuthOptions = Omit<BetterAuthOptions, "database">;

/** What `defineAuth` takes: called once per `getAuth(ctx)`, with that context. */
export type AuthDefinition<
  DataModel extends GenericDataModel,
  Options extends AuthOptions = AuthOptions,
> = (ctx: AuthCtx<DataModel>) => Options;

/** `components.auth`, as far as the runtime calls it. */
export type AuthComponent = { readonly store: StoreReferences };

/** The two functions behind a store in another transaction or another component. */
export type StoreReferences = {
  readonly read: FunctionReference<"query", "internal">;
  readonly write: FunctionReference<"mutation", "internal">;
};

export type AuthOf<Options extends AuthOptions> = Auth<Options>;
