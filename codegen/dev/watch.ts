// Watches the functions directory for the changes that codegen answers to. Never for what codegen writes itself.
import { watch } from "node:fs";
import { LOCK_FILE } from "../lock/lock.js";

const QUIET_MS = 150;

/**
 * Calls back once things have been quiet after a change.
 *
 * @returns stops watching
 */
export function watchFolder(folder: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name === null || !isSource(name)) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

// --- internal ---

function isSource(name: string): boolean {
  const path = name.replaceAll("\\", "/");
  if (path === LOCK_FILE || /(^|\/)(_?generated|node_modules)\//.test(path)) return false;
  return /\.(c|m)?[jt]sx?$|\.json$/.test(path) && !/(^|\/)[.#]/.test(path);
}
