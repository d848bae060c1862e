// The table of costs on the first page of the site: README.md's, whose figures a test holds to the last bench. Pure.

/** What site/index.md has in the place of the table. */
export const COSTS_MARK = "<!-- costs -->";

/** Puts the table in its place. @throws Error where either text lost its part */
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
