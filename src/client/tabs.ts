// Tells the other tabs of this browser when the session changes, without polling.
// Writes no token: only a mark that differs from session to session.
import { hasWindowEvents, onReturn } from "./app-focus.js";

export type Tabs = {
  /** Says which session this tab is in; "" for none. Other tabs hear of it only when it changed. */
  announce(session: string): void;
  leave(): void;
};

const KEY = "kitcn.session";

/**
 * Calls `onChange` when another tab announced a session other than this tab's: at once, or when the user comes back to
 * a page that was asleep meanwhile, as one is that the back button brings back.
 */
export function watchTabs({ onChange }: { onChange: () => void }): Tabs {
  if (!hasWindowEvents()) return { announce: () => {}, leave: () => {} };
  let own: string | undefined;
  const compare = (mark: string | null) => {
    if (mark !== null && mark !== own) onChange();
  };
  const onStorage = ({ key, newValue }: StorageEvent) => {
    if (key === KEY) compare(newValue);
  };
  window.addEventListener("storage", onStorage);
  const leaveReturn = onReturn(() => withStorage((storage) => compare(storage.getItem(KEY))));
  return {
    announce(session) {
      const mark = markOf(session);
      if (mark === own) return;
      own = mark;
      withStorage((storage) => storage.setItem(KEY, mark));
    },
    leave() {
      window.removeEventListener("storage", onStorage);
      leaveReturn();
    },
  };
}

// --- internal ---

/** Storage may be forbidden; then the other tabs notice at their next token. */
function withStorage(use: (storage: Storage) => void): void {
  try {
    use(window.localStorage);
  } catch {
    // As said above.
  }
}

/** A short hash (FNV-1a), so that no identifier stays behind in storage. */
function markOf(session: string): string {
  if (session === "") return "none";
  let hash = 0x811c9dc5;
  for (let i = 0; i < session.length; i++)
    hash = Math.imul(hash ^ session.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
