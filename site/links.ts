// Resolves a link of a page on the site: to another page, to a file of the repository, or elsewhere; and names headings. Pure.
// The pages are written for readers of the repository and of the package; must not change the pages themselves.
import { posix } from "node:path";

export type Target =
  | { readonly kind: "page"; readonly link: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "elsewhere" };

/**
 * Resolves a link.
 *
 * @param from the page with the link, as a path relative to the repository
 * @param has tells whether the repository has a file
 * @throws Error for a link to a file that does not exist
 */
export function targetOf(
  href: string,
  input: {
    readonly from: string;
    readonly pages: ReadonlySet<string>;
    readonly has: (path: string) => boolean;
  },
): Target {
  if (/^([a-z]+:|#|\/)/i.test(href)) return { kind: "elsewhere" };
  const [path = "", anchor] = href.split("#");
  const file = posix.normalize(posix.join(posix.dirname(input.from), path));
  const page = file.replace(/\.md$/, "");
  const hash = anchor === undefined ? "" : `#${anchor}`;
  if (file.endsWith(".md") && input.pages.has(page))
    return { kind: "page", link: `/${page}${hash}` };
  if (!input.has(file)) throw new Error(`${input.from}: the link ${href} leads nowhere`);
  return { kind: "file", path: file };
}

/** What links call a heading: as GitHub does, so that one link is right in both places. Equal ones get a number after. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, "")
    .replace(/\s/g, "-");
}
