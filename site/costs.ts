// Copies the table of costs from README.md to the first page of the site. A test compares its figures with the last
// bench. Pure.

/** The text in site/index.md that the table replaces. */
export const COSTS_MARK = "<!-- costs -->";

/** Replaces the mark with the table. @throws Error if the page has no mark, or README.md has no table */
export function withCosts(page: string, readme: string): string {
  if (!page.includes(COSTS_MARK)) throw new Error(`site/index.md has no ${COSTS_MARK}`);
  return page.replace(COSTS_MARK, () => costsOf(readme));
}

/** The sentences and the table under "What it costs", up to the picture. */
export function costsOf(readme: string): string {
  const [, section = ""] = /^## What it costs\n([^]*?)(?=^## )/m.exec(readme) ?? [];
  const text = section.split(/^!\[/m)[0]?.trim() ?? "";
  if (!/^\|/m.test(text)) throw new Error("README.md has no table under ## What it costs");
  return text;
}
