// Finds the Chromium that the browser suite drives, and installs one where that is ours to do.
// Must not start it.
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { x } from "tinyexec";

/** Names on the PATH, then usual places, in the order of preference. */
const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

const HINT =
  "install Chromium or Chrome (Debian: sudo apt-get install -y chromium), or set CHROMIUM_PATH, " +
  "then run: npm run test:browser";

/**
 * Path of an executable: `CHROMIUM_PATH`, else what the system has, else what `apt-get` installs on
 * Debian as root.
 *
 * @throws Error with one line on how to get one
 */
export async function ensureChromium(): Promise<string> {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (isExecutable(given)) return given;
    throw new Error(`CHROMIUM_PATH is ${given}, which cannot be run; ${HINT}`);
  }
  const found = findChromium();
  if (found) return found;
  if (!isDebianRoot()) throw new Error(`there is no Chromium; ${HINT}`);
  console.log("Installing Chromium with apt-get, once ...");
  await runApt("update");
  await runApt("install", "-y", "--no-install-recommends", "chromium");
  const installed = findChromium();
  if (installed) return installed;
  throw new Error(`apt-get installed no Chromium; ${HINT}`);
}

// --- internal ---

function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...PLACES].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDebianRoot(): boolean {
  return existsSync("/etc/debian_version") && process.getuid?.() === 0;
}

async function runApt(...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await x("apt-get", args, {
    nodeOptions: { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } },
  });
  if (exitCode !== 0) throw new Error(`apt-get ${args[0]} failed: ${stderr.trim()}; ${HINT}`);
}
