// Findings about the plugins that auth.ts lists. Pure.
import { pluginMissing } from "../errors/doctor-config.js";
import type { MissingPlugin } from "../load/missing-plugins.js";
import type { Finding } from "./types.js";

/** `PLUGIN_MISSING`, for each plugin that cannot do without another one. */
export function checkPlugins(missing: readonly MissingPlugin[]): Finding[] {
  return missing.map(({ plugin, needs, message }) =>
    pluginMissing({ plugin, needs, maker: makerOf(needs), problem: message }),
  );
}

// --- internal ---

/** By convention: `twoFactor()` makes the plugin "two-factor". */
function makerOf(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
