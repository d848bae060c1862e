// The journal of a write under way: which staged file goes where. A folder that comes along with a cloned
// repository may hold one that nobody here wrote, so what is read is believed only inside of the app.
// Reads and prints; moves nothing.
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { recoveryRefused } from "../errors/disk.js";

/** One committed move. `before` and `after` are hashes, empty where there is no file. */
export type Move = {
  readonly staged: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
};

export const JOURNAL = "journal.json";

/** The hash of no file. */
export const GONE = "";

/** Paths below the root are relative to it, with forward slashes; others, which only their own run moves, absolute. */
export function printJournal(moves: readonly Move[], root: string): string {
  const home = realpathSync(root);
  return JSON.stringify(
    moves.map((move) => {
      const path = relative(home, move.path);
      const isInside = path !== "" && !path.startsWith("..") && resolve(home, path) === move.path;
      return { ...move, path: isInside ? path.split(sep).join("/") : move.path };
    }),
  );
}

/**
 * The moves of a journal that lies on the disk, each below the root, where a run of kitcn writes.
 *
 * @throws CodegenError `RECOVERY_REFUSED`, which names what does not belong there
 */
export function loadJournal(staging: string, root: string): Move[] {
  const refuse = (reason: string): never => {
    throw recoveryRefused({ path: join(staging, JOURNAL), reason, staging });
  };
  const path = join(staging, JOURNAL);
  for (const own of [staging, path])
    if (lstatSync(own).isSymbolicLink()) refuse(`${basename(own)} is a symbolic link`);
  if (lstatSync(path).size > MAX_BYTES) refuse(`it has more than ${MAX_BYTES} bytes`);
  const home = realpathSync(root);
  const moves = parseMoves(readFileSync(path, "utf8")) ?? refuse("it is not a list of moves");
  if (moves.length > MAX_MOVES) refuse(`it has more than ${MAX_MOVES} moves`);
  for (const [at, move] of moves.entries()) {
    const why = whyNot(move, { home, staging, at });
    if (why !== undefined) refuse(`it names ${JSON.stringify(move.path)}, ${why}`);
  }
  const names = moves.map((move) => move.path.toLowerCase());
  if (new Set(names).size < names.length) refuse("it names a file twice");
  return moves.map((move) => ({ ...move, path: join(home, move.path) }));
}

/** A path without symbolic links, also where the file is not there yet. */
export function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(path);
  return folder === path ? path : join(realPath(folder), basename(path));
}

export function hashOf(path: string): string {
  return hashOrGone(existsSync(path) ? readFileSync(path) : undefined);
}

export function hashOrGone(content: string | Buffer | undefined): string {
  return content === undefined ? GONE : createHash("sha256").update(content).digest("hex");
}

// --- internal ---

/** A run writes some dozens of files. */
const MAX_MOVES = 1000;
const MAX_BYTES = 1_000_000;

/** Files whose name begins with a dot, as far as kitcn writes them. */
const DOT_FILES = /^\.(gitignore|env(\.[\w-]+)*|pnp\.(cjs|loader\.mjs))$/;

/**
 * Windows has short names (GIT~1 for .git) and streams, and leaves dots and spaces at the end out; an older file system
 * of macOS leaves out letters that show nothing.
 */
const AMBIGUOUS = /~\d|[:*?"<>|\p{Cc}\p{Cf}]|[. ]$/u;

function parseMoves(text: string): Move[] | undefined {
  try {
    const moves: unknown = JSON.parse(text);
    return Array.isArray(moves) && moves.every(isMove) ? moves : undefined;
  } catch {
    // No JSON: the caller says so.
    return undefined;
  }
}

function isMove(value: unknown): value is Move {
  if (typeof value !== "object" || value === null) return false;
  const { staged, path, before, after } = value as Record<string, unknown>; // checked in the next lines
  const isHash = (hash: unknown) => typeof hash === "string" && /^([0-9a-f]{64})?$/.test(hash);
  return typeof staged === "string" && typeof path === "string" && isHash(before) && isHash(after);
}

/** Why a move is none of kitcn's; undefined where it may be. */
function whyNot(
  { staged, path, after }: Move,
  { home, staging, at }: { home: string; staging: string; at: number },
): string | undefined {
  const parts = path.split("/");
  if (path.includes("\\") || path.includes("\0") || /^[a-z]:/i.test(path) || path.startsWith("/"))
    return "which is not relative to the app";
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "which leads out of the app";
  if (parts.some((part) => AMBIGUOUS.test(part)))
    return "which some file systems take for another name";
  const folders = parts.slice(0, -1).map((folder) => folder.normalize("NFKC").toLowerCase());
  if (folders.some((folder) => folder.startsWith(".") || folder === "node_modules"))
    return "in a folder that kitcn never writes to";
  const name = parts.at(-1) ?? "";
  if (name.startsWith(".") && !DOT_FILES.test(name)) return "which kitcn never writes";
  for (let end = 1; end <= parts.length; end++) {
    const found = lstatSync(join(home, ...parts.slice(0, end)), { throwIfNoEntry: false });
    if (!found) break;
    if (found.isSymbolicLink()) return "behind a symbolic link";
    if (end < parts.length ? !found.isDirectory() : !found.isFile()) return "which is not a file";
  }
  if (staged !== String(at)) return `staged as ${JSON.stringify(staged)}`;
  const draft = lstatSync(join(staging, staged), { throwIfNoEntry: false });
  if (!draft) return undefined;
  if (!draft.isFile()) return "whose staged text is not a file";
  const isSame = after === GONE ? draft.size === 0 : hashOf(join(staging, staged)) === after;
  return isSame ? undefined : "whose staged text is different";
}
