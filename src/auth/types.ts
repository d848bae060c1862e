// The types that generated/auth.ts and auth.ts share. No behaviour here.
import type { EndedSessions, EndSessionsArgs } from "./session/end-sessions.js";
import type { Auth, BetterAuthOptions, DBAdapter } from "better-auth";
import type {
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
  RegisteredAction,
  RegisteredMutation,
  RegisteredQuery,
} from "convex/server";
import type { RequestCall } from "../request/drive.js";
import type { Answer, LimitVerdict } from "../request/journal.js";
import type { DeferredCallback, Outcome } from "../request/run.js";
import type { StoreArgs, StoreResult } from "../store/functions.js";
import type { StoreRefs } from "../store/run-store.js";
import type { AuthTables } from "../metadata.js";
import type { ExactTriggers } from "../triggers/exact.js";
import type { AuthColumns, AuthTriggers } from "./documents.js";
import type { AuthSignArgs } from "./keys/deployment-signer.js";
import type { SealedCallback } from "./outbox.js";
import type { ReadQuestion } from "./long-reads.js";
import type { LimitQuestion } from "./limits/rate-limit.js";
import type { AnyDatabaseHooks, AuthDatabaseHooks } from "./records.js";
import type { FoundSession, SessionKey, SessionRow } from "./session/session-functions.js";
import type { StandingAnswer, StandingQuestion } from "./session/standing.js";

export type { AuthTriggers } from "./documents.js";
export type { AuthDatabaseHooks, AuthRecord } from "./records.js";

// An app with `declaration: true` names the types of its exports by a module that they are imported from. Where a package
// manager keeps two copies of kitcn, only these lines lead there.
export type { RequestCall } from "../request/drive.js";
export type { Outcome } from "../request/run.js";
export type { StoreArgs, StoreResult } from "../store/functions.js";
export type { AuthSignArgs } from "./keys/deployment-signer.js";
export type { SealedCallback } from "./outbox.js";
export type { EndedSessions, EndSessionsArgs } from "./session/end-sessions.js";
export type { FoundSession, SessionKey, SessionRow } from "./session/session-functions.js";
export type { StandingAnswer, StandingQuestion } from "./session/standing.js";

/** Any Convex context that auth can be used from. */
export type AuthCtx<DataModel extends GenericDataModel> =
  GenericQueryCtx<DataModel> | GenericMutationCtx<DataModel> | GenericActionCtx<DataModel>;

/** Better Auth's options; kitcn brings the database. */
export type AuthOptions = Omit<BetterAuthOptions, "database" | "databaseHooks"> & {
  /** `defineAuth` types them by the tables, and triggers by the data model. */
  databaseHooks?: AnyDatabaseHooks | undefined;
  /** For Better Auth's own writes only. */
  triggers?: object | undefined;
};

/** What `defineAuth` takes: called once per `getAuth(ctx)`, with that context. */
export type AuthDefinition<
  DataModel extends GenericDataModel,
  Options extends AuthOptions = AuthOptions,
  Tables extends AuthTables = AuthTables,
  Ctx = GenericMutationCtx<DataModel>,
> = (ctx: AuthCtx<DataModel>) => Options & {
  databaseHooks?: AuthDatabaseHooks<Tables> | undefined;
  triggers?: AuthTriggers<DataModel, Tables, Ctx> | undefined;
} & ExactOptions<Options, AuthColumns<DataModel, Tables>>;

/** `components.auth`, as far as the runtime calls it. */
export type AuthComponent = { readonly store: StoreRefs };

export type AuthOf<Options extends AuthOptions> = Auth<Omit<Options, "databaseHooks">>;

/** A Better Auth `database`. */
type Database = (options: BetterAuthOptions) => DBAdapter;

/** For manual wiring: `betterAuth({ database: adapter(ctx) })`. */
export type AuthAdapters<DataModel extends GenericDataModel> = {
  /** Over ctx.db in queries and mutations, over internal functions in actions. */
  readonly adapter: (ctx: AuthCtx<DataModel>) => Database;
  /** Over internal functions. */
  readonly httpAdapter: (ctx: GenericActionCtx<DataModel>) => Database;
};

/** What an action's own serving of requests needs of auth.ts: each is built on first use. */
export type AuthInAction<DataModel extends GenericDataModel> = (
  ctx: GenericActionCtx<DataModel>,
) => {
  readonly options: () => AuthOptions;
  /** Calls a callback of the options that was deferred. */
  readonly callDeferred: (callback: DeferredCallback) => Promise<void>;
  readonly serveInAction: (request: Request) => Promise<Response>;
  /** Takes a try from a rate limit of the options. */
  readonly takeLimit: (limit: LimitQuestion) => Promise<LimitVerdict>;
  /** Does a read in pages. */
  readonly readLong: (question: ReadQuestion) => Promise<Answer>;
};

/** The internal functions of generated/store.ts. */
export type AuthStoreFunctions = {
  readonly authRead: RegisteredQuery<"internal", StoreArgs, Promise<StoreResult>>;
  readonly authWrite: RegisteredMutation<"internal", StoreArgs, Promise<StoreResult>>;
  /** The session behind a token, for getSession; "stored" where no table has sessions. With `of`, a user's roles. */
  readonly authSession: RegisteredQuery<
    "internal",
    SessionKey & Partial<StandingQuestion>,
    Promise<FoundSession | StandingAnswer>
  >;
};

/** The internal functions of generated/auth.ts. Their types must not depend on auth.ts, which refers to them. */
export type AuthFunctions = {
  /** Writes of an action that triggers of auth.ts listen to. */
  readonly authWrite: RegisteredMutation<"internal", StoreArgs, Promise<StoreResult>>;
  /** The session behind a token, for getSession, where no table but `secondaryStorage` has it. */
  readonly authStoredSessionQuery: RegisteredQuery<
    "internal",
    SessionKey,
    Promise<SessionRow | null>
  >;
  /** The same, where that storage can only be read in an action. */
  readonly authStoredSession: RegisteredAction<"internal", SessionKey, Promise<SessionRow | null>>;
  readonly authRequestQuery: RegisteredQuery<"internal", { call: RequestCall }, Promise<Outcome>>;
  readonly authRequest: RegisteredMutation<"internal", { call: RequestCall }, Promise<Outcome>>;
  /** Calls a mail or code callback of auth.ts that waited for the commit. Scheduled, never called by clients. */
  readonly authDeferred: RegisteredAction<"internal", SealedCallback, Promise<null>>;
  /** The static JWKS to keep in the deployment's JWKS variable; makes the first key. */
  readonly latestJwks: RegisteredAction<"internal", Record<string, never>, Promise<string>>;
  readonly rotateKeys: RegisteredAction<"internal", { grace: boolean }, Promise<string>>;
  /** Has a token signed by the deployment for an action, which may not. Only `convex()` calls it. */
  readonly authSign: RegisteredMutation<"internal", AuthSignArgs, Promise<string>>;
  /** Ends sessions of before a moment, one batch a call. */
  readonly endSessions: RegisteredMutation<"internal", EndSessionsArgs, Promise<EndedSessions>>;
};

// --- internal ---

type ExactOptions<Options, Columns> = Options extends { readonly triggers: infer Given }
  ? { triggers?: ExactTriggers<Given, Columns> | undefined }
  : unknown;
