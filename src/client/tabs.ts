// Tells the other tabs of this browser when the session changes, without polling.
// Writes no token: only a mark that differs from session to session.

export type Tabs = {
  /** Says which session this tab is in; "" for none. Other tabs hear of it only when it changed. */
  announce(session: string): void;
  leave(): void;
};

const KEY = "kitcn.session";

/** Calls `onChange` when another tab announced a session other than this tab's. */
export function watchTabs({ onChange }: { onChange: () => void }): Tabs {
  if (typeof window === "undefined" || typeof window.addEventListener !== "function")
    return { announce: () => {}, leave: () => {} };
  let own: string | undefined;
  const onStorage = (event: StorageEvent) => {
    if (event.key !== KEY || event.newValue === null || event.newValue === own) return;
    onChange();
  };
  window.addEventListener("storage", onStorage);
  return {
    announce(session) {
      const mark = markOf(session);
      if (mark === own) return;
      own = mark;
      try {
        window.localStorage.setItem(KEY, mark);
      } catch {
        // Storage may be forbidden; then the other tabs notice at their next token.
      }
    },
    leave: () => window.removeEventListener("storage", onStorage),
  };
}

// --- internal ---

/** A short hash (FNV-1a), so that no identifier stays behind in storage. */
function markOf(session: string): string {
  if (session === "") return "none";
  let hash = 0x811c9dc5;
  for (let i = 0; i < session.length; i++)
    hash = Math.imul(hash ^ session.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}
