// `kitcn/auth/runtime`: what generated/auth.ts is made of. Picks a store for each context and serves requests.
// Must stay safe while auth.ts and generated/auth.ts import each other: the definition is read lazily.
import {
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
} from "convex/server";
import type {
  GenericActionCtx,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
} from "convex/server";
import { v } from "convex/values";
import type { BetterAuthOptions } from "better-auth";
import { authAdapter } from "../adapter/adapter.js";
import { noDefinition } from "../errors/auth.js";
import type { Enqueue } from "../request/callbacks.js";
import { driveRequest, type RequestCall } from "../request/drive.js";
import type { LimitVerdict } from "../request/journal.js";
import type { PluginMakers } from "../request/remake.js";
import type { DeferredCallback, RequestRun } from "../request/run.js";
import { withoutHook } from "../request/scope.js";
import type { Triggers } from "../triggers/types.js";
import { actionDriver } from "./http/action-driver.js";
import { isActionCtx, isMutationCtx, type DbCtx } from "./context.js";
import { printSchema } from "./cli-options.js";
import { beganNow } from "./http/began.js";
import { callbackOf, createAuth, limiterOf } from "./create-auth.js";
import { deploymentSigner } from "./keys/deployment-signer.js";
import { endSessions } from "./session/end-sessions.js";
import { HELPING_INIT, SERVING_INIT, type InitRules } from "./init/lazy-init.js";
import { internalStore } from "./internal-store.js";
import { answerRead, type ReadQuestion } from "./long-reads.js";
import { keyFunctions } from "./keys/key-functions.js";
import { limitCountsIn } from "./limits/limit-counts.js";
import type { LimitQuestion } from "./limits/rate-limit.js";
import { requestReads } from "./request-reads.js";
import { callDeferred, callSealed, scheduleCallbacks, type SealedCallback } from "./outbox.js";
import { registerOptions } from "./keys/signed-token.js";
import { secretsOf } from "./keys/secrets.js";
import { serveRequest } from "./http/serve.js";
import { AUTH_MODULE } from "./references.js";
import { behindRun, contextOfAction, contextOfRun } from "./run-context.js";
import { enteredBy, placedFunctions, type AuthStoreConfig } from "./store-functions.js";
import { storedSessionFunctions } from "./session/stored-sessions.js";
import { placedStore, storesOf } from "./stores.js";
import { assertTriggerTables } from "./triggers.js";
import type {
  AuthAdapters,
  AuthCtx,
  AuthFunctions,
  AuthInAction,
  AuthOf,
  AuthOptions,
} from "./types.js";

export { readableByCli } from "./cli-options.js";
export type { AuthTables } from "../metadata.js";
export type * from "./types.js";

export type AuthRuntimeConfig<
  DataModel extends GenericDataModel,
  Definition,
> = AuthStoreConfig<DataModel> & {
  /** Lazily, since auth.ts imports the module that calls this. */
  readonly definition: () => Definition;
  /** By plugin id, what makes the plugins of auth.ts that copy their options. Default: none. */
  readonly makers?: PluginMakers;
};

/**
 * Makes `getAuth` and the internal functions behind it. Called once, by generated/auth.ts.
 *
 * @example
 * const runtime = createAuthRuntime<DataModel, typeof definition>({
 *   definition: () => definition, tables, app: () => app,
 * });
 */
export function createAuthRuntime<
  DataModel extends GenericDataModel,
  Definition extends (ctx: AuthCtx<DataModel>) => AuthOptions,
>(config: AuthRuntimeConfig<DataModel, Definition>) {
  type Options = ReturnType<Definition>;
  const { tables, component, app, makers } = config;
  const optionsFor = (ctx: AuthCtx<DataModel>): Options => {
    const options = definitionOf(config.definition())(ctx) as Options; // the caller states what its definition returns
    assertTriggerTables(tables, options.triggers);
    return options;
  };
  registerOptions(optionsFor);
  // A hook that only asks Better Auth works in the action as well: what is read of ctx for it is not its own doing.
  const entered = <Ctx extends AuthCtx<DataModel>>(ctx: Ctx): Ctx =>
    withoutHook(() => enteredBy(app, ctx));
  const storesInput = (given: AuthCtx<DataModel>, { options, run }: StoresFor) => {
    const inline = options && inlineTriggers<DataModel>(options);
    const ctx = behindRun(given);
    return { ctx, tables, component, run, triggers: { schema: app().triggers(), inline } };
  };
  const stores = (ctx: AuthCtx<DataModel>, given: StoresFor = {}) =>
    storesOf({ ...storesInput(ctx, given), reads: requestReads });
  const countsIn = (ctx: AuthCtx<DataModel>, given: StoresFor) =>
    limitCountsIn(ctx, { tables, stores: () => storesOf(storesInput(ctx, given)) });

  const instances = new WeakMap<AuthCtx<DataModel>, AuthOf<Options>>();

  /** The Better Auth instance of a context, made on first use, once per context. */
  function getAuth(ctx: AuthCtx<DataModel>): AuthOf<Options> {
    const known = instances.get(ctx);
    if (known) return known;
    const auth = lazyAuth(entered(ctx));
    instances.set(ctx, auth);
    return auth;
  }

  /** Puts mails and codes into the outbox; a query has none. */
  const enqueueIn = (ctx: AuthCtx<DataModel>, options: Options): Enqueue | undefined =>
    "scheduler" in ctx
      ? (callback) => {
          const [secret] = secretsOf(options);
          return scheduleCallbacks({ ctx, module: AUTH_MODULE, secret, callbacks: [callback] });
        }
      : undefined;

  function lazyAuth(ctx: AuthCtx<DataModel>): AuthOf<Options> {
    const { options, instance, make } = parts(ctx);
    const handler = isActionCtx(ctx)
      ? (request: Request) =>
          driveRequest(
            beganNow(request),
            actionDriver({ ctx, module: AUTH_MODULE, ...ofAction(ctx, { options, make }) }),
          )
      : (request: Request) => instance().handler(request);
    return withGetters({ handler, fetch: handler }, instance);
  }

  /** The options and the instance of a context, each made when it is asked for; and instances for other uses. */
  function parts(ctx: AuthCtx<DataModel>) {
    const options = once(() =>
      withoutHook(() => optionsFor(isActionCtx(ctx) ? contextOfAction(ctx) : ctx)),
    );
    const make = (init: InitRules) =>
      createAuth({
        options: options(),
        ...{ tables, makers },
        stores: stores(ctx, { options: options() }),
        init,
        isAction: isActionCtx(ctx),
        enqueue: enqueueIn(ctx, options()),
        limits: countsIn(ctx, { options: options() }),
        signer: deploymentSigner(ctx),
      });
    const init: InitRules = isActionCtx(ctx)
      ? SERVING_INIT
      : { isRefusing: true, canWrite: isMutationCtx(ctx), canFetch: false };
    return { options, instance: once(() => make(init)), make };
  }

  const serve = (given: DbCtx<DataModel>, call: RequestCall) => {
    const ctx = entered(given);
    let secrets: readonly string[] = [];
    return serveRequest({
      ctx,
      call,
      handlerOf: (run) => {
        const options = optionsFor(contextOfRun(ctx, run));
        secrets = secretsOf(options);
        const canWrite = isMutationCtx(ctx);
        return createAuth({
          ...{ options, tables, makers, run },
          stores: stores(ctx, { options, run }),
          init: { isRefusing: true, canWrite, canFetch: false },
          limits: countsIn(ctx, { options, run }),
          signer: deploymentSigner(ctx, run),
          // It remembers nothing: what it writes would not reach the memory of the other stores.
          untriggered: canWrite ? storesOf({ ctx, tables, component, run }) : undefined,
        }).handler;
      },
      schedule: async (callbacks) => {
        const [secret = ""] = secrets;
        if (isMutationCtx(ctx))
          await scheduleCallbacks({ ctx, module: AUTH_MODULE, secret, callbacks });
      },
    });
  };

  // Built only where the caller, who knows the options, says that triggers listen.
  const { write } = placedFunctions(config, (ctx, triggers) =>
    triggers === "inline" ? inlineTriggers<DataModel>(optionsFor(ctx)) : undefined,
  );

  const adapter = (ctx: AuthCtx<DataModel>) => (options: BetterAuthOptions) =>
    authAdapter({
      tables,
      stores: stores(entered(ctx), { options }),
      createSchema: printSchema,
    })(options);
  const adapters: AuthAdapters<DataModel> = { adapter, httpAdapter: adapter };

  const functions: AuthFunctions = {
    authWrite: write,
    ...storedSessionFunctions<DataModel>((ctx) => getAuth(ctx).$context),
    authRequestQuery: internalQueryGeneric({
      args: { call: v.any() },
      handler: (ctx, { call }) => serve(ctx as GenericQueryCtx<DataModel>, call as RequestCall), // written by actionDriver only
    }),
    authRequest: internalMutationGeneric({
      args: { call: v.any() },
      handler: (ctx, { call }) => serve(ctx as GenericMutationCtx<DataModel>, call as RequestCall), // as above
    }),
    authDeferred: internalActionGeneric({
      args: { path: v.array(v.string()), sealed: v.bytes() },
      returns: v.null(),
      handler: async (given, call: SealedCallback) => {
        const ctx = given as GenericActionCtx<DataModel>; // as above
        const options = optionsFor(ctx);
        const auth = createAuth({
          ...{ options, tables, makers, stores: stores(ctx, { options }), isAction: true },
          init: HELPING_INIT,
          enqueue: enqueueIn(ctx, options),
        });
        await callSealed({ call, secrets: secretsOf(options), ...callbacksOf(auth) });
        return null;
      },
    }),
    ...keyFunctions<DataModel>(getAuth),
    endSessions: internalMutationGeneric({
      args: { before: v.optional(v.number()), limit: v.number() },
      returns: v.object({ ended: v.number(), before: v.number(), elsewhere: v.boolean() }),
      handler: (given, args) => {
        const ctx = entered(given as GenericMutationCtx<DataModel>); // as above
        const options = optionsFor(ctx);
        const store = placedStore(tables, stores(ctx, { options }));
        return endSessions(args, { store, tables, elsewhere: Boolean(options.secondaryStorage) });
      },
    }),
  };
  const inAction: AuthInAction<DataModel> = (ctx) => ofAction(ctx, parts(ctx));
  return { getAuth, inAction, adapters, functions };
}

// --- internal ---

type StoresFor = {
  readonly options?: AuthOptions | undefined;
  readonly run?: RequestRun;
};

/** How the deferred callbacks of an instance are found and called. */
function callbacksOf(auth: { readonly $context: Promise<object> }) {
  return {
    find: (path: readonly string[]) => callbackOf(auth, path),
    context: () => auth.$context,
  };
}

function ofAction<DataModel extends GenericDataModel, Options extends AuthOptions>(
  ctx: GenericActionCtx<DataModel>,
  {
    options,
    make,
  }: {
    readonly options: () => Options;
    readonly make: (init: InitRules) => AuthOf<Options>;
  },
) {
  const helper = once(() => make(HELPING_INIT));
  return {
    options,
    callDeferred: (callback: DeferredCallback) =>
      callDeferred({ callback, ...callbacksOf(helper()) }),
    // Not the same one again: one that gave a request up never answers.
    serveInAction: (request: Request) => make(SERVING_INIT).handler(request),
    readLong: (question: ReadQuestion) => answerRead(internalStore(ctx), question),
    takeLimit: async (limit: LimitQuestion): Promise<LimitVerdict> =>
      limiterOf(helper())?.take(limit) ?? { allowed: true, retryAfter: null },
  };
}

function inlineTriggers<DataModel extends GenericDataModel>({ triggers }: AuthOptions) {
  return triggers as Triggers<DataModel> | undefined; // `defineAuth` types them so
}

function definitionOf<Definition>(definition: Definition): Definition {
  if (typeof definition === "function") return definition;
  throw noDefinition();
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** The instance, built when something other than its request handler is asked for. */
function withGetters<Options extends AuthOptions>(
  own: Pick<AuthOf<Options>, "handler" | "fetch">,
  instance: () => AuthOf<Options>,
): AuthOf<Options> {
  return {
    ...own,
    get api() {
      return instance().api;
    },
    get options() {
      return instance().options;
    },
    get $context() {
      return instance().$context;
    },
    get $ERROR_CODES() {
      return instance().$ERROR_CODES;
    },
    get $Infer() {
      return instance().$Infer;
    },
  };
}
