// Builds one Better Auth instance over stores. The only place that calls betterAuth().
// Must not know Convex contexts: it gets options and stores.
import { betterAuth } from "better-auth/minimal";
import { authAdapter, type AdapterStores, type TransactionRunner } from "../adapter/adapter.js";
import { KitcnError } from "../errors.js";
import type { AuthTables } from "../metadata.js";
import { deferCallbacks } from "../request/callbacks.js";
import type { RequestRun } from "../request/run.js";
import { printSchema } from "./cli-options.js";
import { buildPlugins } from "./build-plugins.js";
import { leanSignOut } from "./sign-out.js";
import type { AuthOf, AuthOptions } from "./types.js";

export type CreateAuthInput<Options extends AuthOptions> = {
  readonly options: Options;
  readonly tables: AuthTables;
  readonly stores: AdapterStores;
  /** Set while a request is served inside a query or a mutation. */
  readonly run?: RequestRun | undefined;
  /** True in an action, whose calls of the stores are transactions of their own. Default: false. */
  readonly isAction?: boolean;
};

/**
 * A Better Auth instance with kitcn's defaults: joins on, telemetry off, the stores as its database.
 *
 * @throws KitcnError `NO_SECRET`
 */
export function createAuth<Options extends AuthOptions>({
  options: { triggers: _triggers, ...options },
  tables,
  stores,
  run,
  isAction = false,
}: CreateAuthInput<Options>): AuthOf<Options> {
  assertSecret(options);
  if (run) deferCallbacks(options);
  const isAtomic = !isAction || insistsOnTransactions(options);
  const auth = betterAuth({
    telemetry: { enabled: false },
    ...options,
    ...(run && options.emailAndPassword
      ? {
          emailAndPassword: { ...options.emailAndPassword, password: askingPassword(run, options) },
        }
      : {}),
    plugins: [...buildPlugins(options.plugins ?? []), leanSignOut()],
    database: authAdapter({
      tables,
      stores,
      transaction: isAtomic ? inCaller(run) : undefined,
      createSchema: printSchema,
    }),
    advanced: {
      ...options.advanced,
      database: { joins: true, ...options.advanced?.database },
    },
  });
  // Only defaults were added, so the instance has every endpoint and field that Options infers.
  return auth as unknown as AuthOf<Options>;
}

// --- internal ---

/** Without one Better Auth falls back to a secret that everybody knows, unless NODE_ENV says production. */
function assertSecret({ secret, secrets }: AuthOptions): void {
  const { BETTER_AUTH_SECRET, BETTER_AUTH_SECRETS, AUTH_SECRET } = process.env;
  if (secret || secrets || BETTER_AUTH_SECRET || BETTER_AUTH_SECRETS || AUTH_SECRET) return;
  throw new KitcnError({
    code: "NO_SECRET",
    message: "BETTER_AUTH_SECRET is not set on this deployment.",
    hint: "Run `npx kitcn env push`, for production `npx kitcn env push --prod`: it makes one, and the signing keys.",
  });
}

/** A password hash takes longer than a mutation should: it is asked of the action. */
function askingPassword(run: RequestRun, { emailAndPassword }: AuthOptions) {
  const own = emailAndPassword?.password;
  return {
    hash: async (password: string): Promise<string> => {
      const answer = await run.ask({
        kind: "hashPassword",
        password,
        ...(own?.hash && { isCustom: true }),
      });
      if (answer.kind === "text") return answer.text;
      throw new Error(answer.kind === "failure" ? answer.message : "no password hash came back");
    },
    verify: async (data: { hash: string; password: string }): Promise<boolean> => {
      const answer = await run.ask({
        kind: "verifyPassword",
        ...data,
        ...(own?.verify && { isCustom: true }),
      });
      if (answer.kind === "flag") return answer.flag;
      throw new Error(answer.kind === "failure" ? answer.message : "no password check came back");
    },
  };
}

/**
 * The function around is the transaction. A callback that fails after a write must leave nothing behind, also
 * when Better Auth turns the failure into a response.
 */
function inCaller(run: RequestRun | undefined): TransactionRunner {
  return async (work, adapter) => {
    try {
      return await work(adapter);
    } catch (error) {
      if (run?.isDirty()) run.markFailed();
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
