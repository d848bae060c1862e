// How long the action waits for what a run asked: until the answer, or until the run's next timer is due. Then the next
// run sees that timer fire, and asks again if it still waits. And how long it pauses before a call to the outside. Must
// not know runs or Better Auth.
import { fingerprintOf, isEffect, type Answer, type Question } from "./journal.js";

export type Waiting = {
  /** What becomes of a question of a request that began at `startedAt`, and after how many ms. */
  readonly answer: (asked: Asked, startedAt: number) => Promise<Answered>;
  /** The answer to come of a question that is under way. */
  readonly open: (question: Question) => Promise<Answer> | undefined;
  /** Ends what is under way. */
  readonly end: () => void;
};

export type Asked = {
  readonly question: Question;
  /** When it is asked, on the run's clock: ms since the request began. */
  readonly atMs: number;
  /** True if the question is under way, and asked again. */
  readonly isWaiting: boolean;
  /** When the run's next timer is due. Default: it has none. */
  readonly timerMs?: number;
};

export type Answered = { readonly answer: Answer; readonly elapsedMs: number };

/** `setTimeout` takes no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function createWaiting(
  perform: (question: Question, signal: AbortSignal) => Promise<Answer>,
): Waiting {
  const open = new Map<string, Promise<Answer>>();
  const controller = new AbortController();
  /** How often anything was waited for again. */
  let again = 0;
  /** How far the clock of the runs is, and how far behind: the time that they take themselves does not move it. */
  let passedMs = 0;
  let behindMs = 0;
  const noteTime = (answered: Answered, { atMs }: Asked, startedAt: number): Answered => {
    passedMs = Math.max(passedMs, atMs + answered.elapsedMs);
    behindMs = Math.max(behindMs, Date.now() - startedAt - passedMs);
    return answered;
  };
  return {
    answer: async (asked, startedAt) => {
      const { question, isWaiting, timerMs, atMs } = asked;
      // A run's clock jumps over a pause, such as one before a call is made again.
      if (isEffect(question) && !isWaiting) await untilTime(startedAt + atMs + behindMs);
      const key = fingerprintOf(question);
      const begun = Date.now();
      const known = isWaiting ? open.get(key) : undefined;
      const work = known ?? perform(question, controller.signal);
      if (timerMs === undefined || timerMs > MAX_TIMER_MS)
        return noteTime({ answer: await work, elapsedMs: Date.now() - begun }, asked, startedAt);
      open.set(key, work);
      // A loop with a timer must not start a run for each step.
      const ms = Math.max(timerMs, known ? 25 * 2 ** again++ : 0);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<Answer>((resolve) => {
        timer = setTimeout(() => resolve({ kind: "pending" }), ms);
      });
      const answer = await Promise.race([work, late]);
      clearTimeout(timer);
      const tookMs = Date.now() - begun;
      const elapsedMs = answer.kind === "pending" ? Math.max(ms, tookMs) : tookMs;
      return noteTime({ answer, elapsedMs }, asked, startedAt);
    },
    open: (question) => open.get(fingerprintOf(question)),
    end: () => controller.abort(),
  };
}

/** Returns at a time, in ms since the epoch. */
export async function untilTime(time: number): Promise<void> {
  for (let ms = time - Date.now(); ms > 0; ms = time - Date.now())
    await new Promise((resolve) => setTimeout(resolve, ms));
}
