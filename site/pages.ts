// Lists the pages of the documentation site, in the groups of its side bar. Data only.
// A test compares the list with docs/README.md. The titles are the first headings of the pages.

export type Group = { readonly title: string; readonly pages: readonly string[] };

/** Paths below the repository, without `.md`. */
export const GROUPS: readonly Group[] = [
  {
    title: "Start",
    pages: [
      "README",
      "docs/concepts",
      "docs/clients",
      "docs/expo",
      "docs/frameworks",
      "docs/growing",
      "docs/schema",
      "docs/workspaces",
    ],
  },
  {
    title: "In your functions",
    pages: ["docs/server", "docs/orm", "docs/triggers", "docs/placements"],
  },
  {
    title: "Moving to kitcn",
    pages: [
      "docs/migrating",
      "docs/from-convex-dev-better-auth",
      "docs/from-convex-auth",
      "docs/from-clerk",
      "docs/import",
    ],
  },
  {
    title: "In production",
    pages: [
      "docs/production",
      "docs/previews",
      "docs/keyless",
      "docs/troubleshooting",
      "docs/testing",
      "docs/limits",
    ],
  },
  {
    title: "Look up",
    pages: ["docs/api", "docs/errors", "docs/manual", "docs/agents", "bench/RESULTS", "SECURITY"],
  },
  { title: "The project", pages: ["CHANGELOG", "CONTRIBUTING"] },
];

/** Pages of the site that are not in the side bar. */
export const OTHERS: readonly string[] = ["docs/README"];

/** Every page. */
export const PAGES: ReadonlySet<string> = new Set([
  ...GROUPS.flatMap(({ pages }) => pages),
  ...OTHERS,
]);

/** The first heading of a page. @throws Error for a page without one */
export function titleOf(path: string, markdown: string): string {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (title === undefined) throw new Error(`${path} has no heading of the first level`);
  return title.replaceAll("`", "");
}
