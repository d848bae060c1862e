// Whether this Node runs the app's convex, by what convex's own package.json asks for. Reads that file only.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../disk/project.js";
import { nodeTooOld } from "../errors/packages.js";
import type { Project } from "../types.js";
import { installLineIn } from "./satellites.js";

/** A package that asks for another Node than the one that runs. */
export type NodeMismatch = {
  readonly name: string;
  readonly version: string;
  /** Its range of Node versions, as package.json has it. */
  readonly wants: string;
  /** The Node that runs, without `v`. */
  readonly node: string;
  /** Installs an older one. npm takes the newest that this Node runs; others may take one that it does not. */
  readonly command: string;
};

/** What the app's convex asks of Node and does not get; undefined where all is well, or convex is not there. */
export function findNodeMismatch(
  project: Pick<Project, "root">,
  node: string = process.versions.node,
): NodeMismatch | undefined {
  const folder = packageFolder(project, "convex");
  if (folder === undefined) return undefined;
  // convex's own package.json; its shape is npm's.
  const { version = "", engines } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as { version?: string; engines?: { node?: unknown } };
  const wants = engines?.node;
  if (typeof wants !== "string" || isInRange(node, wants)) return undefined;
  const command = installLineIn(project.root, `"convex@<${version}"`);
  return { name: "convex", version, wants, node, command };
}

/**
 * The types of a Node release; odd majors have those of the even one before.
 *
 * @example
 * nodeTypesFor("22.12.0"); // "@types/node@^22"
 */
export function nodeTypesFor(version: string): string {
  const major = Number(version.split(".")[0]);
  return `@types/node@^${Math.max(20, major - (major % 2))}`;
}

/** @throws CodegenError `NODE_TOO_OLD` */
export function assertNode(project: Pick<Project, "root">): void {
  const mismatch = findNodeMismatch(project);
  if (mismatch) throw nodeTooOld(mismatch);
}

/** True for a version in an npm range; also for a range of a form that this does not know. */
export function isInRange(version: string, range: string): boolean {
  return range.split("||").some((part) => {
    const comparators = part
      .trim()
      .replace(/([<>=^~])\s+/g, "$1")
      .split(/\s+/);
    return comparators.every((one) => fits(version, one));
  });
}

// --- internal ---

const COMPARATOR = /^(>=|<=|>|<|=|\^|~)?v?(\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(?:[-+].*)?$/;

function fits(version: string, comparator: string): boolean {
  const [, operator = "", ...parts] = COMPARATOR.exec(comparator) ?? [];
  if (parts.length === 0) return true;
  const given = parts.filter((part) => part !== undefined && /^\d+$/.test(part)).map(Number);
  const order = compare(version, given);
  const isPrefix = compareUpTo(version, given, given.length) === 0;
  switch (operator) {
    case ">=":
      return order >= 0;
    case ">":
      return order > 0 && !(given.length < 3 && isPrefix);
    case "<":
      return order < 0;
    case "<=":
      return order <= 0 || isPrefix;
    case "^":
      return order >= 0 && compareUpTo(version, given, 1) === 0;
    case "~":
      return order >= 0 && compareUpTo(version, given, Math.min(2, given.length)) === 0;
    default:
      return isPrefix;
  }
}

function compare(version: string, other: readonly number[]): number {
  return compareUpTo(version, other, 3);
}

function compareUpTo(version: string, other: readonly number[], count: number): number {
  const own = version.split(/[.+-]/).map(Number);
  for (let at = 0; at < count; at++) {
    const difference = (own[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
