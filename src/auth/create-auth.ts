// Builds one Better Auth instance over stores. The only place that calls betterAuth().
// Must not know Convex contexts: it gets options and stores.
import { betterAuth } from "better-auth/minimal";
import { authAdapter, type AdapterStores, type TransactionRunner } from "../adapter/adapter.js";
import type { AuthTables } from "../metadata.js";
import { withBackground } from "../request/background.js";
import { wrapCallbacks, type Callback, type Enqueue } from "../request/callbacks.js";
import { patchForInit } from "../request/effects.js";
import { noteFailure } from "../request/failures.js";
import { createInits } from "../request/init.js";
import { withinInstance } from "../request/init-scope.js";
import type { RequestRun } from "../request/run.js";
import { performLimit } from "../store/limit.js";
import type { PluginMakers } from "../request/remake.js";
import { accountLimits } from "./limits/account-limits.js";
import { backgroundTasks, notingBackground } from "./background.js";
import { answeringErrors } from "./http/answer-errors.js";
import { buildPlugins } from "./build-plugins.js";
import { callbackUrls } from "./http/callback-urls.js";
import { printSchema } from "./cli-options.js";
import { concurrentRefresh } from "./session/concurrent-refresh.js";
import { droppingExpired } from "./limits/drop-later.js";
import { emptyBodies } from "./http/empty-bodies.js";
import { initStores } from "./init/init-stores.js";
import { keptAnswers } from "./http/kept-answers.js";
import { loggerOf, noticing } from "./logger.js";
import { initAnswers, lazyInits, SERVING_INIT, type InitRules } from "./init/lazy-init.js";
import { passwordOptions } from "./passwords/password-options.js";
import { providerCredentials } from "./http/provider-credentials.js";
import { proxiedSignIn } from "./http/proxied-sign-in.js";
import { createRehash } from "./passwords/rehash.js";
import type { DeploymentSigner } from "./keys/deployment-signer.js";
import { createRateLimiter, type LimitCounts, type RateLimiter } from "./limits/rate-limit.js";
import { secretsOf } from "./keys/secrets.js";
import { seededRows } from "./init/seeded-rows.js";
import { signerPlugin, signsByDeployment } from "./keys/signer-plugin.js";
import { placedStore } from "./stores.js";
import { leanSignOut } from "./session/sign-out.js";
import { takenAddress } from "./http/taken-address.js";
import type { AuthOf, AuthOptions } from "./types.js";
import { wholeAnswers } from "./http/whole-answers.js";

export type CreateAuthInput<Options extends AuthOptions> = {
  readonly options: Options;
  readonly tables: AuthTables;
  readonly stores: AdapterStores;
  /** Set while a request is served inside a query or a mutation. */
  readonly run?: RequestRun | undefined;
  /** What `init` of plugins may do here. Default: all of it, at once. */
  readonly init?: InitRules;
  /** True in an action, whose calls of the stores are transactions of their own. Default: false. */
  readonly isAction?: boolean;
  /** Of plugins that have to be made again to let their callbacks wait. */
  readonly makers?: PluginMakers | undefined;
  /** Puts mails and codes into an outbox. Default: they are sent where Better Auth sends them. */
  readonly enqueue?: Enqueue | undefined;
  /** Where rate limits count. Default: in the stores, where nothing drops old counts. */
  readonly limits?: LimitCounts | undefined;
  /** Has tokens signed by the deployment, where auth.ts wants that. */
  readonly signer?: DeploymentSigner | undefined;
  /** The same stores without anybody's triggers, where a mutation serves a request. */
  readonly untriggered?: AdapterStores | undefined;
};

/**
 * A Better Auth instance with kitcn's defaults: joins on, telemetry off, the stores as its database.
 *
 * @throws KitcnError `NO_SECRET`
 */
export function createAuth<Options extends AuthOptions>({
  options: { triggers: _triggers, ...given },
  tables,
  stores: plain,
  run,
  init = SERVING_INIT,
  isAction = false,
  makers,
  enqueue,
  limits,
  untriggered,
  signer,
}: CreateAuthInput<Options>): AuthOf<Options> {
  const secrets = secretsOf(given);
  const whole = wholeAnswers(plain);
  const noted = answeringErrors(whole.stores, run);
  const { stores: refreshing, knowing } = concurrentRefresh(noted.stores);
  const answer = initAnswers(
    keptAnswers({ tables, stores: refreshing, secret: secrets[0] }),
    init.canFetch,
  );
  patchForInit();
  const inits = createInits({ isRefusing: init.isRefusing, answer });
  const { options: wrapped, find } = wrapCallbacks(
    { ...given, plugins: buildPlugins(given.plugins ?? []) },
    enqueue,
    makers,
  );
  const options = { ...wrapped, plugins: lazyInits(wrapped.plugins, inits) };
  const seeded = seededRows({ tables, stores: refreshing, secrets });
  const { canWrite } = init;
  const keeping = initStores(refreshing, { tables, canWrite, seeded });
  const cleans = !options.verification?.disableCleanup;
  const stores = cleans ? droppingExpired(keeping, tables, limits?.dropLater) : keeping;
  const isQuery = !run && !isAction && !canWrite;
  const isAtomic = !isAction || insistsOnTransactions(options);
  const { emailAndPassword } = options;
  const hidden = untriggered && takenAddress({ options, tables, stores: untriggered });
  const limiter = createRateLimiter(options, {
    perform: (input) => performLimit({ store: placedStore(tables, stores), tables }, input),
    ...limits,
  });
  const rehash = createRehash();
  const unproxied = proxiedSignIn(options.plugins);
  const bodies = emptyBodies();
  const background = backgroundTasks(options);
  const auth: {
    readonly api: object;
    readonly $context: Promise<{ readonly adapter: object }>;
    readonly handler: (request: Request) => Promise<Response>;
  } = withinInstance(answer, () =>
    betterAuth({
      telemetry: { enabled: false },
      ...options,
      logger: loggerOf(options.logger),
      ...(emailAndPassword && {
        emailAndPassword: {
          ...emailAndPassword,
          password: passwordOptions(options, {
            limiter: limiter?.isOwn ? limiter : undefined,
            rehash,
          }),
        },
      }),
      ...(limiter && { rateLimit: limiter.options }),
      onAPIError: noticing(options),
      ...(isQuery && { session: { ...options.session, ...READ_SESSIONS } }),
      verification: { ...options.verification, disableCleanup: true },
      plugins: [
        ...(background ? [] : [notingBackground()]),
        bodies.first,
        // Before the others: a second factor takes the session away again until it is given.
        ...(emailAndPassword ? [rehash.plugin()] : []),
        ...(options.plugins ?? []),
        // After the others: genericOAuth() adds the provider of a sign-in only then.
        providerCredentials(),
        leanSignOut(),
        callbackUrls(),
        ...(limiter ? [accountLimits(limiter)] : []),
        ...(hidden ? [hidden] : []),
        ...(unproxied ? [unproxied] : []),
        ...(signer && signsByDeployment(options.plugins) ? [signerPlugin(signer)] : []),
        bodies.last,
      ],
      database: authAdapter({
        tables,
        stores,
        note: (error) => {
          noteFailure(error);
          whole.note(error);
        },
        transaction: isAtomic ? inCaller(run) : undefined,
        createSchema: printSchema,
      }),
      advanced: {
        ...options.advanced,
        ...background,
        database: { joins: true, ...options.advanced?.database },
      },
    }),
  );
  // Whoever waits for it gets the error; Convex would end a function that only sends a mail.
  auth.$context.catch(() => {});
  const serve = (request: Request) => withBackground(() => auth.handler(request));
  const handler = noted.answering(run || isAction ? knowing(serve) : serve);
  const instance = { ...auth, api: whole.throwing(auth.api), handler, fetch: handler };
  parts.set(instance, { find, limiter });
  // Only defaults were added, so the instance has every endpoint and field that Options infers.
  return instance as unknown as AuthOf<Options>;
}

/** Finds a callback of the options that an instance was made with, as the user wrote it. */
export function callbackOf(auth: object, path: readonly string[]): Callback | undefined {
  return parts.get(auth)?.find(path);
}

/** The rate limiter of an instance, if its options limit requests. */
export function limiterOf(auth: object): RateLimiter | undefined {
  return parts.get(auth)?.limiter;
}

// --- internal ---

/** A query cannot renew a session that is due, nor delete one that has ended: Better Auth would call either "signed out". */
const READ_SESSIONS = { disableSessionRefresh: true, deferSessionRefresh: true } as const;

/** What an instance was made with, and does not show itself. */
type Parts = {
  readonly find: (path: readonly string[]) => Callback | undefined;
  readonly limiter: RateLimiter | undefined;
};

const parts = new WeakMap<object, Parts>();

/**
 * The function around is the transaction. A callback that fails after a write must leave nothing behind, also
 * when Better Auth turns the failure into a response.
 */
function inCaller(run: RequestRun | undefined): TransactionRunner {
  return async (work, adapter) => {
    try {
      return await work(adapter);
    } catch (error) {
      if (run?.isDirty()) run.markFailed(error);
      throw error;
    }
  };
}

/**
 * SCIM does not start without transactions. Its requests are served in one, like all that write more than once;
 * an action must be able to load it all the same.
 */
function insistsOnTransactions({ plugins = [] }: AuthOptions): boolean {
  return plugins.some(({ id }) => id === "scim");
}
