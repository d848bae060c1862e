// What commands may say while they run: questions, and progress on stderr. stdout belongs to results.
// Commands get one of these; tests give their own.
import { timed } from "./timing.js";

/** How an interrupted command left the app. */
export type Interruption = {
  /** After "Interrupted.", on the same line. */
  readonly message: string;
  /** What goes on with it, if anything has to. */
  readonly hint: string;
  /** Takes back what is half done. */
  readonly undo?: () => void;
};

export type Ui = {
  /** True where a person can answer. */
  readonly isInteractive: boolean;
  /** True if a preview lists the files that stay as they are. */
  readonly isVerbose?: boolean;
  /** Asks yes or no. Who cancels interrupts the command. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Text before a question, on stderr. */
  readonly show: (text: string) => void;
  /** Names the work under way; written only if it is still under way after a second. */
  readonly progress: (title: string) => void;
  /** The work named last is over. */
  readonly done: () => void;
  /** What holds from now on, should a signal come. What is not given stays, save `undo`. */
  readonly ifInterrupted: (now: Partial<Interruption>) => void;
};

/**
 * The terminal, and what its command told of interruptions. `quiet` never asks; `hasInstalled`: the packages that the
 * command needs came before it.
 */
export function createUi({
  quiet,
  isVerbose = false,
  hasInstalled = false,
}: {
  quiet: boolean;
  isVerbose?: boolean;
  hasInstalled?: boolean;
}): Ui & {
  readonly interruption: () => Interruption;
} {
  let interruption: Interruption = {
    message: hasInstalled
      ? "Packages were installed; no other file was written."
      : "Nothing was changed.",
    hint: "",
  };
  let timer: NodeJS.Timeout | undefined;
  const done = () => clearTimeout(timer);
  return {
    isVerbose,
    isInteractive: !quiet && process.stdin.isTTY === true && process.stdout.isTTY === true,
    async confirm(question) {
      const { confirm, isCancel } = await import("@clack/prompts");
      const answer = await timed("wait for an answer", () => confirm({ message: question }));
      // In raw mode Ctrl-C is a key.
      if (isCancel(answer)) process.emit("SIGINT", "SIGINT");
      return answer === true;
    },
    show: (text) => void process.stderr.write(text),
    progress(title) {
      done();
      timer = setTimeout(() => process.stderr.write(`${title} ...\n`), QUIET_MS);
      timer.unref();
    },
    done,
    ifInterrupted: ({ undo, ...told }) => (interruption = { ...interruption, ...told, undo }),
    interruption: () => interruption,
  };
}

// --- internal ---

const QUIET_MS = 1000;
