// Notices that the user came back to the app: to the page in a browser, to the foreground on a phone.
// Must not import React Native, and must not know what is done about it.

/**
 * Calls `listener` each time the user comes back, until the returned function is called. In a browser, the page
 * becomes visible. Without a document, the app comes to the foreground: Better Auth's `expoClient()` watches that.
 */
export function onReturn(listener: () => void): () => void {
  return typeof document === "undefined" ? onForeground(listener) : onVisible(listener);
}

/** The half of `onReturn` for phones. In a browser and on a server, the listener is never called. */
export function onForeground(listener: () => void): () => void {
  if (typeof document !== "undefined") return () => {};
  return watch(FOCUS, listener);
}

/** Calls `listener` when the network is there again, until the returned function is called. */
export function onOnline(listener: () => void): () => void {
  // React Native has a window without events.
  if (typeof window === "undefined" || typeof window.addEventListener !== "function")
    return watch(ONLINE, listener);
  window.addEventListener("online", listener);
  return () => window.removeEventListener("online", listener);
}

// --- internal ---

/** Better Auth keeps its managers on the global object; `expoClient()` puts those for React Native there. */
const FOCUS = Symbol.for("better-auth:focus-manager");
const ONLINE = Symbol.for("better-auth:online-manager");

/** Either of Better Auth's managers: true means that the app is in the foreground, or that the network is there. */
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
