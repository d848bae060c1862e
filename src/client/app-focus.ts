// Notices that the user came back to the app: to the page in a browser, to the foreground on a phone.
// Must not import React Native, and must not know what the listeners do.

/**
 * Calls `listener` each time the user comes back, until the returned function is called. In a browser, that is when the
 * page becomes visible. Without a document, it is when the app comes to the foreground, which Better Auth's
 * `expoClient()` reports.
 */
export function onReturn(listener: () => void): () => void {
  return typeof document === "undefined" ? onForeground(listener) : onVisible(listener);
}

/** The same as `onReturn`, but only on phones. In a browser and on a server, it never calls the listener. */
export function onForeground(listener: () => void): () => void {
  if (typeof document !== "undefined") return () => {};
  return watch(FOCUS, listener);
}

/** Calls `listener` when the network is available again, until the returned function is called. */
export function onOnline(listener: () => void): () => void {
  if (!hasWindowEvents()) return watch(ONLINE, listener);
  window.addEventListener("online", listener);
  return () => window.removeEventListener("online", listener);
}

/** False on a server, and in React Native, whose window has no events. */
export function hasWindowEvents(): boolean {
  return typeof window !== "undefined" && typeof window.addEventListener === "function";
}

// --- internal ---

/** Better Auth's managers are on the global object, where `expoClient()` puts those for React Native. */
const FOCUS = Symbol.for("better-auth:focus-manager");
const ONLINE = Symbol.for("better-auth:online-manager");

/** One of Better Auth's managers: `isOn` is true if the app is in the foreground, or if the network is available. */
type Manager = { subscribe(listener: (isOn: boolean) => void): () => void };

function watch(key: symbol, listener: () => void): () => void {
  const manager = (globalThis as Record<symbol, unknown>)[key] as Manager | undefined; // Better Auth's contract
  return (
    manager?.subscribe((isOn) => {
      if (isOn) listener();
    }) ?? (() => {})
  );
}

function onVisible(listener: () => void): () => void {
  const onChange = () => {
    if (document.visibilityState === "visible") listener();
  };
  document.addEventListener("visibilitychange", onChange);
  return () => document.removeEventListener("visibilitychange", onChange);
}
