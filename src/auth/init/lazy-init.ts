// Plugins whose `init` asks the outside only when a request needs it: see request/init.ts for the rule. Wraps copies of
// plugins, so that one made outside of the definition stays as it is. Must not know which plugins there are.
import { copyWith } from "../../copy.js";
import type { AuthContext, BetterAuthPlugin } from "better-auth";
import type { Inits } from "../../request/init.js";
import type { AnswerInit } from "../../request/init-scope.js";
import { noticingList } from "../../request/noticing-list.js";
import { answerOf, currentRun, leaveToRuns } from "../../request/scope.js";
import { initFetch } from "../../errors/auth.js";
import type { KeptAnswers } from "../http/kept-answers.js";

/** What `init` of plugins may do in an instance. */
export type InitRules = {
  /** False where what it fetches is answered at once. */
  readonly isRefusing: boolean;
  readonly canWrite: boolean;
  /** Whether the outside can be called from here. */
  readonly canFetch: boolean;
};

/** An action that serves waits for it, as a process does. */
export const SERVING_INIT: InitRules = { isRefusing: false, canWrite: true, canFetch: true };

/** For an instance of an action that only lends its adapter or its context. */
export const HELPING_INIT: InitRules = { isRefusing: true, canWrite: false, canFetch: true };

/** The plugins, with what each of them does known to `inits`. */
export function lazyInits(plugins: readonly BetterAuthPlugin[], inits: Inits): BetterAuthPlugin[] {
  const lists: AddedTo = new Map();
  return plugins.map((plugin) => (plugin.init ? lazyInit(plugin, inits, lists) : plugin));
}

/**
 * How `init` gets the answer to what it fetches: from the request's journal, else one that was kept, else from the
 * outside. What came from the outside is kept.
 *
 * @param canFetch false in a query or a mutation of the app, which may not call the outside
 */
export function initAnswers(kept: KeptAnswers | undefined, canFetch: boolean): AnswerInit {
  return async (given, perform) => {
    const question = { ...given, isOfInit: true } as const;
    const run = currentRun();
    const isAnswered = run?.knows(question) ?? false;
    const leave = leaveToRuns();
    if (leave) return leave();
    const known = isAnswered ? undefined : await kept?.load(question);
    if (known) return known;
    if (!run && !canFetch) throw initFetch({ origin: new URL(question.request.url).origin });
    const answer = await answerOf(question, perform);
    if (kept && run) run.beforeCommit(() => kept.keep(question, answer));
    else await kept?.keep(question, answer);
    return answer;
  };
}

// --- internal ---

/** The lists of Better Auth's context that incomplete plugins add to, such as its providers, and the ids of these. */
type AddedTo = Map<string, string[]>;

function lazyInit(plugin: BetterAuthPlugin, inits: Inits, lists: AddedTo): BetterAuthPlugin {
  const { id, init, hooks, endpoints, onRequest } = plugin;
  const used = <Handler extends object>(handler: Handler): Handler =>
    // The same properties; only calls pass through `inits`.
    new Proxy(handler, {
      apply: (target, self, args: unknown[]) =>
        inits.use(id, () => Reflect.apply(target as () => unknown, self, args)),
    });
  const handled = <Hook extends { handler: object }>(list: readonly Hook[] | undefined) =>
    list?.map((hook) => ({ ...hook, handler: used(hook.handler) }));
  const changes = {
    ...(init && {
      init: async (context: AuthContext) => {
        const before = listsOf(context);
        const result = await inits.call(id, () => init.call(plugin, context) as InitResult);
        const added = Object.keys(listsOf(result?.context)).filter((name) => name in before);
        const isIncomplete = inits.isIncomplete(id);
        if (isIncomplete)
          for (const name of added) lists.set(name, [...(lists.get(name) ?? []), id]);
        const noticed = noticedLists(result, { lists, miss: inits.miss });
        return isIncomplete ? usedHooks(noticed, used) : noticed;
      },
    }),
    ...(hooks && { hooks: { before: handled(hooks.before), after: handled(hooks.after) } }),
    ...(endpoints && {
      endpoints: Object.fromEntries(
        Object.entries(endpoints).map(([name, endpoint]) => [name, used(endpoint)]),
      ),
    }),
    ...(onRequest && {
      onRequest: async (request: Request, context: AuthContext) => {
        const result = await onRequest.call(plugin, request, context);
        // Every request passes here; one that the plugin answers or changes uses it.
        return result === undefined ? result : inits.use(id, () => result);
      },
    }),
  };
  return copyWith(plugin, changes);
}

type InitResult = Awaited<ReturnType<NonNullable<BetterAuthPlugin["init"]>>>;

function listsOf(context: object | undefined): Record<string, unknown[]> {
  const entries = Object.entries(context ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1])),
  );
}

/** The result of an `init`, whose lists notice who looks in vain for what an incomplete plugin has not added yet. */
function noticedLists(
  result: InitResult,
  { lists, miss }: { readonly lists: AddedTo; readonly miss: Inits["miss"] },
): InitResult {
  if (!result?.context || lists.size === 0) return result;
  const noticed = Object.entries(listsOf(result.context)).map(([name, list]) => {
    const plugins = lists.get(name);
    return [name, plugins ? noticingList(list, () => plugins.forEach(miss)) : list];
  });
  return { ...result, context: { ...result.context, ...Object.fromEntries(noticed) } };
}

/** The result of an incomplete `init`: its database hooks are uses of the plugin. */
function usedHooks(
  result: InitResult,
  used: <Handler extends object>(handler: Handler) => Handler,
) {
  const databaseHooks: unknown = result?.options?.databaseHooks;
  if (!result || !databaseHooks) return result;
  const wrap = (value: unknown): unknown => {
    if (typeof value === "function") return used(value);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, wrap(one)]));
  };
  return {
    ...result,
    options: { ...result.options, databaseHooks: wrap(databaseHooks) },
  } as InitResult; // the same members, with hooks of the same types
}
