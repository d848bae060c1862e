// Asks axe what is wrong with a page for people who see, hear or move otherwise.
// Must not know any app.
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** Faults that axe finds against WCAG 2.2 AA and its own best practices, as `rule: element`. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE });
  const { violations } = await page.evaluate(
    () => (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(), // set by the script
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

// --- internal ---

const AXE = createRequire(import.meta.url).resolve("axe-core");
