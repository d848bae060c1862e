// The releases that kitcn works with, and the one it is tested with. Data and comparisons; reads nothing.

/** The better-auth that kitcn is tested with: exact, since its minor versions change types. */
export const BETTER_AUTH_VERSION = "1.7.25";

/** The peer ranges of package.json. */
export const SUPPORTED = [
  { name: "better-auth", min: "1.7.8", below: "1.8.0" },
  { name: "convex", min: "1.44.0", below: "2.0.0" },
] as const;

export type SupportedName = (typeof SUPPORTED)[number]["name"];

/** The releases of a package that kitcn works with, in words: "1.7.8 or later, below 1.8.0". */
export function rangeOf(name: SupportedName): string {
  const { min, below } = SUPPORTED.find((one) => one.name === name)!; // every name is in the table
  return `${min} or later, below ${below}`;
}

/**
 * Whether kitcn works with this release of a package.
 *
 * @example
 * isSupported("better-auth", "1.6.0"); // false
 */
export function isSupported(name: SupportedName, version: string): boolean {
  const range = SUPPORTED.find((one) => one.name === name);
  return !range || (!isBefore(version, range.min) && isBefore(version, range.below));
}

/** True for an older release. A prerelease counts as the version it leads to. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split(/[.+-]/).map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
