// The one message that a page shows: about the newest request, or about the link that led here. It takes the place of the
// message before it, whichever part of the page that one was about.
import { useState, useSyncExternalStore } from "react";

type Message = {
  /** Who shows it. */
  by: symbol | null;
  /** An error. */
  problem: string;
  /** A success, or the next step. */
  notice: string;
};

const NOTHING: Message = { by: null, problem: "", notice: "" };

/** The page's message as far as this part shows it, and what changes it. `actions` is always the same object. */
export function useMessage() {
  const [me] = useState(() => Symbol());
  const shown = useSyncExternalStore(subscribe, read, readOnServer);
  const [actions] = useState(() => ({
    setProblem: (problem: string) => say(me, { problem, notice: problem ? "" : undefined }),
    setNotice: (notice: string) => say(me, { notice, problem: notice ? "" : undefined }),
    /** Clears the message of this part, and that of any other. */
    begin: () => write({ ...NOTHING, by: me }),
  }));
  const { problem, notice } = shown.by === me ? shown : NOTHING;
  return { problem, notice, actions };
}

let message = NOTHING;
const listeners = new Set<() => void>();

/** An empty text clears only what this part said. */
function say(by: symbol, texts: { problem: string | undefined; notice: string | undefined }) {
  const before = message.by === by ? message : NOTHING;
  const { problem = before.problem, notice = before.notice } = texts;
  if (problem || notice || message.by === by) write({ by, problem, notice });
}

function write(next: Message) {
  message = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function read() {
  return message;
}

function readOnServer() {
  return NOTHING;
}
