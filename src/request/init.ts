// `init` of plugins. Better Auth calls it once per process; here it is called for each instance, so for each run. What
// it asks of the outside waits until the request turns out to need it. Must not know Better Auth, stores or Convex.
//
// | `init` of a plugin          | at first                          | what the request does next                         |
// | --------------------------- | --------------------------------- | -------------------------------------------------- |
// | fetches, and waits for it   | is refused, as without a network  | goes on; see below for when it is asked after all   |
// | fetches, waits for nothing  | is answered                       |                                                    |
// | writes, in a mutation       | writes                            |                                                    |
// | writes, in a query          | nothing is written                | goes on; what uses the plugin moves to a mutation   |
// | throws after one of these   | is called again, and gets it all  |                                                    |
//
// A request needs what was refused if an endpoint, a hook or a database hook of the plugin is called, if it looks in
// vain through a list that `init` adds to, or if it is answered as if something were missing. Then it begins again, and
// `init` gets it all: that is a question of its own.
import {
  canScopeInit,
  currentInit,
  withinInit,
  type AnswerInit,
  type InitScope,
} from "./init-scope.js";
import type { RequestRun } from "./run.js";
import { currentRandom, currentRun, currentScope, withoutInit } from "./scope.js";

export type Inits = {
  /** Calls `init` of a plugin. */
  readonly call: <T>(plugin: string, init: () => T | Promise<T>) => Promise<T>;
  /** Calls other code of a plugin: an endpoint, a hook. */
  readonly use: <T>(plugin: string, work: () => T | Promise<T>) => T | Promise<T>;
  /** True if `init` of this plugin did not get all it wanted. */
  readonly isIncomplete: (plugin: string) => boolean;
  /** Other code than the plugin's looked for something in a list that `init` adds to, and it was not there. */
  readonly miss: (plugin: string) => void;
};

export type InitsInput = {
  /** False where `init` gets all at once: an action waits as a process does. */
  readonly isRefusing: boolean;
  readonly answer: AnswerInit;
};

/**
 * Keeps track of the `init` of each plugin of one instance.
 *
 * @example
 * const inits = createInits({ isRefusing: true, answer: (question, perform) => perform() });
 * const result = await inits.call("generic-oauth", () => plugin.init(context));
 */
export function createInits({ isRefusing, answer }: InitsInput): Inits {
  const run = currentRun();
  const attempts = new Map<string, Attempt>();
  const wantsAll = (plugin: string) => run?.recall({ kind: "init", plugin }) !== undefined;
  const isComplete = wantsAll(EVERY_PLUGIN);
  const isIncomplete = (plugin: string) => {
    const { refused = 0, isPretended = false } = attempts.get(plugin) ?? {};
    return refused > 0 || isPretended;
  };
  /** Starts the request again, so that these get it all. */
  const startAgain = async (current: RequestRun, plugin: string): Promise<never> => {
    const wanting = plugin === EVERY_PLUGIN ? [...attempts.keys()] : [plugin];
    if (wanting.some((id) => attempts.get(id)?.isPretended))
      return current.escalate("mutation", `init of ${plugin} writes`);
    await current.ask({ kind: "init", plugin });
    throw new Error(`init of ${plugin} was refused what it had been promised.`);
  };
  run?.whenMissing(async () => {
    if ([...attempts.keys()].some(isIncomplete)) await startAgain(run, EVERY_PLUGIN);
  });

  return {
    isIncomplete,
    call: async (plugin, init) => {
      if (!canScopeInit()) return init();
      const random = currentRandom()?.branch();
      const attempt: Attempt = { refused: 0, isPretended: false, isAskedAgain: false };
      attempts.set(plugin, attempt);
      const notePretended = () => void (attempt.isPretended = true);
      if (isRefusing && !isComplete && !wantsAll(plugin)) {
        let isSettled = false;
        const scope = refusing({ attempt, answer, isSettled: () => isSettled });
        try {
          return await withinInit({ ...scope, notePretended, random }, async () => init());
        } catch (error) {
          if (!isIncomplete(plugin)) throw error;
          if (attempt.isPretended) await run?.escalate("mutation", `init of ${plugin} writes`);
        } finally {
          isSettled = true;
        }
        attempt.refused = 0;
      }
      const whole: InitScope = { fetch: answer, notePretended, isQuiet: () => false, random };
      return withinInit(whole, async () => init());
    },
    miss: (plugin) => {
      // The plugin's own code is known to `use`, and that of another `init` goes on without the answer.
      const isOther = currentRun() === run && !currentInit() && !isOfIncompletePlugin();
      if (!run || run.isStopped() || !isOther || !isIncomplete(plugin)) return;
      startAgain(run, plugin).catch((error: unknown) => run.noteFailure(error));
    },
    use: (plugin, work) => {
      const attempt = attempts.get(plugin);
      if (!run || !attempt || !isIncomplete(plugin)) return work();
      const inRun = async () => {
        if (attempt.isPretended) return startAgain(run, plugin);
        try {
          return await withoutInit(() => startAgain(run, plugin), work);
        } finally {
          // The plugin may have fetched again what it was refused, and then it has what it needs.
          if (!attempt.isAskedAgain) await startAgain(run, plugin);
        }
      };
      return inRun();
    },
  };
}

// --- internal ---

const EVERY_PLUGIN = "*";

/** So many steps later a plugin that waits for nothing has returned. */
const STEPS = 25;

type Attempt = {
  /** Fetches that were refused. */
  refused: number;
  isPretended: boolean;
  /** The plugin fetched again by itself what it was refused. */
  isAskedAgain: boolean;
};

function isOfIncompletePlugin(): boolean {
  const scope = currentScope();
  return scope?.kind === "run" && scope.wantsInit !== undefined;
}

/** The scope of a first call: what is fetched fails, unless the request has the answer already. */
function refusing({
  attempt,
  answer,
  isSettled,
}: {
  readonly attempt: Attempt;
  readonly answer: AnswerInit;
  readonly isSettled: () => boolean;
}): Pick<InitScope, "fetch" | "isQuiet"> {
  const run = currentRun();
  return {
    isQuiet: () => attempt.refused > 0 && !isSettled(),
    fetch: async (question, perform) => {
      if (run?.knows(question)) return answer(question, perform);
      for (let step = 0; step < STEPS && !isSettled(); step++) await Promise.resolve();
      if (isSettled()) return answer(question, perform);
      attempt.refused++;
      run?.noteRefused(question, () => {
        attempt.isAskedAgain = true;
        return answer(question, perform);
      });
      throw new TypeError(`fetch failed: ${new URL(question.request.url).origin} is not asked yet`);
    },
  };
}
