// How long the action waits for what a run asked: until the answer, or until the run's next timer is due. Then the next
// run sees that timer fire, and asks again if it still waits. Must not know runs or Better Auth.
import { fingerprintOf, type Answer, type Question } from "./journal.js";

export type Waiting = {
  /** What becomes of a question, and after how many ms. */
  readonly answer: (asked: Asked) => Promise<{ answer: Answer; elapsedMs: number }>;
  /** The answer to come of a question that is under way. */
  readonly open: (question: Question) => Promise<Answer> | undefined;
  /** Ends what is under way. */
  readonly end: () => void;
};

export type Asked = {
  readonly question: Question;
  /** True if the question is under way, and asked again. */
  readonly isWaiting: boolean;
  /** When the run's next timer is due. Default: it has none. */
  readonly timerMs?: number;
};

/** `setTimeout` takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createWaiting(
  perform: (question: Question, signal: AbortSignal) => Promise<Answer>,
): Waiting {
  const open = new Map<string, Promise<Answer>>();
  const controller = new AbortController();
  /** How often anything was waited for again. */
  let again = 0;
  return {
    answer: async ({ question, isWaiting, timerMs }) => {
      const key = fingerprintOf(question);
      const begun = Date.now();
      const known = isWaiting ? open.get(key) : undefined;
      const work = known ?? perform(question, controller.signal);
      if (timerMs === undefined || timerMs > MAX_TIMER_MS)
        return { answer: await work, elapsedMs: Date.now() - begun };
      open.set(key, work);
      // A loop with a timer must not start a run for each step.
      const ms = Math.max(timerMs, known ? 25 * 2 ** again++ : 0);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<Answer>((resolve) => {
        timer = setTimeout(() => resolve({ kind: "pending" }), ms);
      });
      const answer = await Promise.race([work, late]);
      clearTimeout(timer);
      const elapsedMs = Date.now() - begun;
      return { answer, elapsedMs: answer.kind === "pending" ? Math.max(ms, elapsedMs) : elapsedMs };
    },
    open: (question) => open.get(fingerprintOf(question)),
    end: () => controller.abort(),
  };
}
