// The only code that writes into an app. All files of a run or none, also when killed at any moment.
// New texts are staged beside package.json, committed by one rename, then moved into place; the next run
// finishes what was interrupted.
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import {
  behindLink,
  fileChanged,
  folderIsFile,
  notWritable,
  recoveryConflict,
  writeBusy,
} from "../errors/disk.js";
import { timed } from "../terminal/timing.js";
import type { FileChange } from "../types.js";
import {
  GONE,
  hashOf,
  hashOrGone,
  JOURNAL,
  loadJournal,
  printJournal,
  realPath,
  type Move,
} from "./journal.js";
import { readTextFile } from "./read-text.js";

/** Folder of a write under way; it exists only for the milliseconds that one takes. */
export const STAGING_FOLDER = ".kitcn-write";

/**
 * Writes all changes, or none. First finishes a write that an earlier run left behind.
 *
 * @throws CodegenError `FILE_CHANGED` when a file is no longer what the change was computed from,
 *   `NOT_WRITABLE`, `WRITE_BUSY`, `RECOVERY_CONFLICT`, `RECOVERY_REFUSED`
 * @example
 * await writeChanges(outcome.changes, { root: project.root });
 */
export function writeChanges(
  changes: readonly FileChange[],
  { root, onStep }: { readonly root: string; readonly onStep?: WriteStep },
): void {
  recoverWrites(root);
  const real = changes.filter(({ before, after, isRemoved }) => isRemoved ?? before !== after);
  if (real.length === 0) return;
  for (const change of real) {
    assertWritable(change);
    if (change.isRemoved) assertOwn(change.path, root);
  }
  const files = real.map(({ path, after, isRemoved }) => ({
    path,
    after: isRemoved ? undefined : after,
  }));
  timed("write files", () => replace(files, { root, onStep }));
}

/**
 * Remembers files, and that there are none.
 *
 * @returns puts back, byte for byte, all that changed since, or nothing; throws as writeChanges does
 */
export function keepFiles(
  paths: readonly string[],
  { root }: { readonly root: string },
): () => void {
  const kept = paths.map((path) => ({
    path,
    after: existsSync(path) ? readFileSync(path) : undefined,
  }));
  return () => {
    const changed = kept.filter(({ path, after }) => hashOf(path) !== hashOrGone(after));
    if (changed.length > 0) replace(changed, { root });
  };
}

/** Called between the steps of a write, so that tests can kill it there. */
export type WriteStep = (step: "staged" | "committed" | "moved") => void;

/**
 * Finishes or discards a write that was interrupted. Returns the files it brought up to date.
 *
 * @throws CodegenError `WRITE_BUSY` while another process writes, `RECOVERY_CONFLICT` when a file was edited since,
 *   `RECOVERY_REFUSED` when the journal names what no run writes
 */
export function recoverWrites(root: string): string[] {
  const staging = join(root, STAGING_FOLDER);
  const found = lstatSync(staging, { throwIfNoEntry: false });
  if (!found) return [];
  const isLink = found.isSymbolicLink();
  const owner = isLink ? undefined : readOwner(staging);
  if (owner !== undefined && owner !== process.pid && isAlive(owner))
    throw writeBusy({ pid: owner, staging });
  if (!isLink && !isHere(join(staging, JOURNAL))) {
    // Killed before the commit: nothing of it is visible, so nothing is lost.
    rmSync(staging, { recursive: true, force: true });
    return [];
  }
  return finish(staging, { root, moves: loadJournal(staging, root) });
}

// --- internal ---

const OWNER = "pid";

/** A file's next content; undefined takes the file away. */
type Replacement = { readonly path: string; readonly after: string | Buffer | undefined };

function replace(
  files: readonly Replacement[],
  { root, onStep }: { readonly root: string; readonly onStep?: WriteStep | undefined },
): void {
  const staging = claimStaging(root);
  let moves: readonly Move[];
  try {
    moves = files.map((file, at) => stage(file, { staging, at, onStep }));
    commit(staging, { moves, root });
    onStep?.("committed");
  } catch (error) {
    // Nothing was moved yet: the app is as it was.
    rmSync(staging, { recursive: true, force: true });
    throw error;
  }
  finish(staging, { root, moves, onStep });
}

function assertWritable({ path, before }: FileChange): void {
  const current = readTextFile(path);
  if (current !== before) throw fileChanged({ path });
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  if (!statSync(folder).isDirectory()) throw folderIsFile({ path, file: folder });
  for (const place of current === undefined ? [folder] : [folder, path]) assertAccess(place);
}

/** A text goes to where a link leads; what is taken away may be another app's file there. */
function assertOwn(path: string, root: string): void {
  const isOwn = realPath(path) === join(realpathSync(root), relative(root, path));
  if (!isOwn) throw behindLink({ path });
}

function assertAccess(path: string): void {
  try {
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw notWritable({ path, cause });
  }
}

function claimStaging(root: string): string {
  const staging = join(root, STAGING_FOLDER);
  try {
    mkdirSync(staging);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      throw writeBusy({ pid: readOwner(staging), staging });
    throw error;
  }
  writeFileSync(join(staging, OWNER), String(process.pid));
  // What an interrupted run leaves behind is not for anybody's repository.
  writeFileSync(join(staging, ".gitignore"), "*\n");
  return staging;
}

function stage(
  { path, after }: Replacement,
  { staging, at, onStep }: { staging: string; at: number; onStep: WriteStep | undefined },
): Move {
  const staged = join(staging, String(at));
  writeSynced(staged, after ?? "");
  const isThere = existsSync(path);
  if (isThere) chmodSync(staged, statSync(path).mode);
  onStep?.("staged");
  // A symbolic link stays one: its target is what changes.
  const target = realPath(path);
  return { staged: String(at), path: target, before: hashOf(target), after: hashOrGone(after) };
}

/** From here on the write happens, even if this process dies. */
function commit(
  staging: string,
  { moves, root }: { readonly moves: readonly Move[]; readonly root: string },
): void {
  const draft = join(staging, `${JOURNAL}.draft`);
  writeSynced(draft, printJournal(moves, root));
  renameSync(draft, join(staging, JOURNAL));
  syncFolder(staging);
}

function finish(
  staging: string,
  {
    root,
    moves,
    onStep,
  }: {
    readonly root: string;
    readonly moves: readonly Move[];
    readonly onStep?: WriteStep | undefined;
  },
): string[] {
  const pending = moves.filter((move) => existsSync(join(staging, move.staged)));
  const edited = pending.find((move) => ![move.before, move.after].includes(hashOf(move.path)));
  if (edited) {
    const folder = join(relative(process.cwd(), root), STAGING_FOLDER);
    throw recoveryConflict({ path: edited.path, staging: folder });
  }
  for (const move of pending) {
    const staged = join(staging, move.staged);
    mkdirSync(dirname(move.path), { recursive: true });
    if (move.after === GONE) takeAway(staged, move.path);
    else moveInto(staged, move.path);
    onStep?.("moved");
  }
  for (const folder of new Set(pending.map((move) => dirname(move.path)))) syncFolder(folder);
  rmSync(staging, { recursive: true, force: true });
  return pending.map((move) => move.path);
}

/** The staged file, which is empty, goes last: while it is there, this is still to do. */
function takeAway(staged: string, path: string): void {
  rmSync(path, { force: true });
  rmSync(staged);
}

function moveInto(staged: string, path: string): void {
  try {
    renameSync(staged, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    // The functions directory lies on another file system: copy beside the target, then rename there.
    const sibling = join(dirname(path), `.kitcn-${process.pid}.tmp`);
    copyFileSync(staged, sibling);
    renameSync(sibling, path);
    rmSync(staged);
  }
}

function writeSynced(path: string, content: string | Buffer): void {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  // Windows has no handle on folders to flush.
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Broken links are there too. */
function isHere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function readOwner(staging: string): number | undefined {
  const path = join(staging, OWNER);
  const pid = existsSync(path) ? Number(readFileSync(path, "utf8")) : Number.NaN;
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
