// Findings about the plugins that auth.ts lists. Pure.
import type { MissingPlugin } from "../load/missing-plugins.js";
import type { Finding } from "./types.js";

/** `PLUGIN_MISSING`, for each plugin that cannot do without another one. */
export function checkPlugins(missing: readonly MissingPlugin[]): Finding[] {
  return missing.map(({ plugin, needs, message }) => ({
    code: "PLUGIN_MISSING",
    level: "error",
    message: `The plugin "${plugin}" needs the plugin "${needs}", which auth.ts does not list: every request fails with "${message}".`,
    fix: `Add \`${makerOf(needs)}()\` to \`plugins\` in auth.ts, then run \`npx kitcn add auth --schema\`.`,
  }));
}

// --- internal ---

/** By convention: `twoFactor()` makes the plugin "two-factor". */
function makerOf(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
