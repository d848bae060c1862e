// What commands may say while they run: questions, and progress on stderr. stdout belongs to results.
// Commands get one of these; tests give their own.

export type Ui = {
  /** True where a person can answer. */
  readonly isInteractive: boolean;
  /** Asks yes or no; false also when the person ends the program. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Text before a question, on stderr. */
  readonly show: (text: string) => void;
  /** Names the work under way; written only if it is still under way after a second. */
  readonly progress: (title: string) => void;
  /** The work named last is over. */
  readonly done: () => void;
};

/** The terminal. `quiet` never asks. */
export function createUi({ quiet }: { quiet: boolean }): Ui {
  let timer: NodeJS.Timeout | undefined;
  const done = () => clearTimeout(timer);
  return {
    isInteractive: !quiet && process.stdin.isTTY === true && process.stdout.isTTY === true,
    async confirm(question) {
      const { confirm, isCancel } = await import("@clack/prompts");
      const answer = await confirm({ message: question });
      return !isCancel(answer) && answer;
    },
    show: (text) => void process.stderr.write(text),
    progress(title) {
      done();
      timer = setTimeout(() => process.stderr.write(`${title} ...\n`), QUIET_MS);
      timer.unref();
    },
    done,
  };
}

// --- internal ---

const QUIET_MS = 1000;
