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
import { KitcnError } from "../errors.js";
import type { AuthTables } from "../metadata.js";
import type { Enqueue } from "../request/callbacks.js";
import { driveRequest, type RequestCall } from "../request/drive.js";
import type { RequestRun } from "../request/run.js";
import { storeFunctions } from "../store/functions.js";
import type { TriggerCall } from "../triggers/crossing.js";
import type { Triggers } from "../triggers/types.js";
import { actionDriver } from "./action-driver.js";
import {
  contextOfAction,
  contextOfRun,
  isActionCtx,
  isMutationCtx,
  type DbCtx,
} from "./context.js";
import { printSchema } from "./cli-options.js";
import { beganNow } from "./concurrent-refresh.js";
import { callbackOf, createAuth } from "./create-auth.js";
import { callDeferred, callSealed, scheduleCallbacks, type SealedCallback } from "./outbox.js";
import { registerOptions } from "./signed-token.js";
import { secretsOf } from "./secrets.js";
import { serveRequest } from "./serve.js";
import { placedStore, storesOf } from "./stores.js";
import { answerComponent, assertTriggerTables } from "./triggers.js";
import type {
  AuthAdapters,
  AuthComponent,
  AuthCtx,
  AuthFunctions,
  AuthOf,
  AuthOptions,
} from "./types.js";

export { readableByCli } from "./cli-options.js";
export type { AuthTables } from "../metadata.js";
export type * from "./types.js";

export type AuthRuntimeConfig<DataModel extends GenericDataModel, Definition> = {
  /** Lazily, since auth.ts imports the module that calls this. */
  readonly definition: () => Definition;
  readonly tables: AuthTables;
  /** The path of the generated module below the functions directory: `generated/auth`. */
  readonly module: string;
  /** `components.auth`, where some table lives in the component. */
  readonly component?: AuthComponent;
  /** What schema.ts brings: generated/server.ts exports it. Lazily, as above. */
  readonly app: () => AuthApp<DataModel>;
};

/** What Better Auth's writes have to do with the rest of the app. */
export type AuthApp<DataModel extends GenericDataModel> = {
  /** Those of schema.ts, which run for every write of their tables. */
  readonly triggers: () => Triggers<DataModel> | undefined;
  /** The context as triggers want it: what it writes fires them. */
  readonly enterMutation: (ctx: GenericMutationCtx<DataModel>) => GenericMutationCtx<DataModel>;
};

/**
 * Makes `getAuth` and the internal functions behind it. Called once, by generated/auth.ts.
 *
 * @example
 * const runtime = createAuthRuntime<DataModel, typeof definition>({
 *   definition: () => definition, tables, module: "generated/auth", app: () => app,
 * });
 */
export function createAuthRuntime<
  DataModel extends GenericDataModel,
  Definition extends (ctx: AuthCtx<DataModel>) => AuthOptions,
>(config: AuthRuntimeConfig<DataModel, Definition>) {
  type Options = ReturnType<Definition>;
  const { tables, module } = config;
  const optionsFor = (ctx: AuthCtx<DataModel>): Options => {
    const options = definitionOf(config.definition())(ctx) as Options; // the caller states what its definition returns
    assertTriggerTables(tables, options.triggers);
    return options;
  };
  registerOptions(optionsFor);
  const entered = <Ctx extends AuthCtx<DataModel>>(ctx: Ctx): Ctx =>
    isMutationCtx(ctx)
      ? (config.app().enterMutation(ctx) as Ctx) // the same kind of context
      : ctx;
  const stores = (
    ctx: AuthCtx<DataModel>,
    { options, run, component = config.component }: StoresFor = {},
  ) => {
    const schema = config.app().triggers();
    const triggers = { schema, inline: options && inlineTriggers<DataModel>(options) };
    return storesOf({ ctx, tables, module, component, run, triggers });
  };

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
          return scheduleCallbacks({ ctx, module, secret, callbacks: [callback] });
        }
      : undefined;

  function lazyAuth(ctx: AuthCtx<DataModel>): AuthOf<Options> {
    const options = once(() => optionsFor(isActionCtx(ctx) ? contextOfAction(ctx) : ctx));
    const instance = once(() =>
      createAuth({
        options: options(),
        tables,
        stores: stores(ctx, { options: options() }),
        isAction: isActionCtx(ctx),
        enqueue: enqueueIn(ctx, options()),
      }),
    );
    const handler = isActionCtx(ctx)
      ? (request: Request) =>
          driveRequest(
            beganNow(request),
            actionDriver({
              ctx,
              module,
              options,
              callDeferred: (callback) => callDeferred({ callback, ...callbacksOf(instance()) }),
              serveInAction: (again) => instance().handler(again),
            }),
          )
      : (request: Request) => instance().handler(request);
    return withGetters({ handler, fetch: handler }, instance);
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
        return createAuth({ options, tables, stores: stores(ctx, { options, run }), run }).handler;
      },
      schedule: async (callbacks) => {
        const [secret = ""] = secrets;
        if (isMutationCtx(ctx)) await scheduleCallbacks({ ctx, module, secret, callbacks });
      },
    });
  };

  const { read, write } = storeFunctions({
    query: internalQueryGeneric,
    mutation: internalMutationGeneric,
    store: (given, triggers) => {
      const ctx = entered(given as DbCtx<DataModel>); // registered in the app, for its data model
      // Built only where the caller, who knows the options, says that triggers wait.
      const options = triggers === "inline" ? optionsFor(ctx) : undefined;
      return placedStore(tables, stores(ctx, { options, component: keyless(config.component) }));
    },
  });

  const adapter = (ctx: AuthCtx<DataModel>) => (options: BetterAuthOptions) =>
    authAdapter({
      tables,
      stores: stores(entered(ctx), { options }),
      createSchema: printSchema,
    })(options);
  const adapters: AuthAdapters<DataModel> = { adapter, httpAdapter: adapter };

  const functions: AuthFunctions = {
    authRead: read,
    authWrite: write,
    authTrigger: internalMutationGeneric({
      args: { step: v.string(), write: v.any(), depth: v.number(), crossings: v.number() },
      returns: v.any(),
      handler: (given, call) => {
        const ctx = entered(given as GenericMutationCtx<DataModel>); // as above
        return answerComponent(ctx, {
          call: call as TriggerCall, // written by a component's routedHooks only
          triggers: { inline: inlineTriggers<DataModel>(optionsFor(ctx)) },
        });
      },
    }),
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
          ...{ options, tables, stores: stores(ctx, { options }), isAction: true },
          enqueue: enqueueIn(ctx, options),
        });
        await callSealed({ call, secrets: secretsOf(options), ...callbacksOf(auth) });
        return null;
      },
    }),
    latestJwks: internalActionGeneric({
      args: {},
      returns: v.string(),
      handler: (ctx) => keysApi(getAuth(ctx as GenericActionCtx<DataModel>)).getLatestJwks(),
    }),
    rotateKeys: internalActionGeneric({
      args: { grace: v.boolean() },
      returns: v.string(),
      handler: (ctx, { grace }) =>
        keysApi(getAuth(ctx as GenericActionCtx<DataModel>)).rotateKeys({ body: { grace } }),
    }),
  };
  return { getAuth, adapters, functions };
}

// --- internal ---

type StoresFor = {
  readonly options?: AuthOptions | undefined;
  readonly run?: RequestRun;
  readonly component?: AuthComponent | undefined;
};

/** How the deferred callbacks of an instance are found and called. */
function callbacksOf(auth: { readonly $context: Promise<object> }) {
  return {
    find: (path: readonly string[]) => callbackOf(auth, path),
    context: () => auth.$context,
  };
}

/** What a function gives that any of the app's code may call has no signing keys of the component. */
function keyless(component: AuthComponent | undefined): AuthComponent | undefined {
  if (!component) return undefined;
  const { read, write } = component.store;
  return { store: { read, write } };
}

function inlineTriggers<DataModel extends GenericDataModel>({ triggers }: AuthOptions) {
  return triggers as Triggers<DataModel> | undefined; // `defineAuth` types them so
}

function definitionOf<Definition>(definition: Definition): Definition {
  if (typeof definition === "function") return definition;
  throw new KitcnError({
    code: "NO_DEFINITION",
    message: "auth.ts has no default export made by defineAuth().",
    hint: "Write `export default defineAuth(() => ({ ... }))`; triggers of Better Auth's writes are looked up there.",
  });
}

type KeysApi = {
  getLatestJwks: () => Promise<string>;
  rotateKeys: (input: { body: { grace: boolean } }) => Promise<string>;
};

/** The server-only endpoints of the convex() plugin. */
function keysApi(auth: { api: object }): KeysApi {
  if ("getLatestJwks" in auth.api) return auth.api as unknown as KeysApi; // both come from the same plugin
  throw new KitcnError({
    code: "NO_CONVEX_PLUGIN",
    message: "auth.ts does not use the convex() plugin, so there are no signing keys.",
    hint: "Add `convex({ authConfig, jwks: process.env.JWKS })` from kitcn/auth to its plugins.",
  });
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
