// Makes plugins of the descriptions that auth.ts lists. Only `createAuth` needs it: it loads Better Auth.
// Must not change the order, nor any plugin that is not kitcn's.
import type { BetterAuthPlugin } from "better-auth";
import type { CrossDomainOptions } from "../cross-domain/index.js";
import { crossDomain } from "../cross-domain/plugin.js";
import { descriptionOf, type DescribedBy } from "../plugin-description.js";
import type { ConvexPluginOptions } from "./convex.js";
import { convex } from "./plugin.js";

/**
 * The plugins in their order, with the machine in the place of each description. What an app added to a
 * description, or changed in it, is kept.
 */
export function buildPlugins(plugins: readonly BetterAuthPlugin[]): BetterAuthPlugin[] {
  return plugins.map((plugin) => {
    const described = descriptionOf(plugin);
    return described ? built(BUILDERS[described.name](plugin.options), described.own) : plugin;
  });
}

// --- internal ---

/** A description's options are those that its function was called with. */
const BUILDERS: Record<DescribedBy, (options: unknown) => BetterAuthPlugin> = {
  convex: (options) => convex(options as ConvexPluginOptions),
  crossDomain: (options) => crossDomain(options as CrossDomainOptions),
};

function built(machine: BetterAuthPlugin, own: BetterAuthPlugin): BetterAuthPlugin {
  const changed = Object.entries(own).filter(([, value]: [string, unknown]) => value !== undefined);
  const { endpoints, hooks, ...rest } = Object.fromEntries(changed) as BetterAuthPlugin; // the same members
  return {
    ...machine,
    ...rest,
    endpoints: { ...machine.endpoints, ...endpoints },
    hooks: {
      before: [...(machine.hooks?.before ?? []), ...(hooks?.before ?? [])],
      after: [...(machine.hooks?.after ?? []), ...(hooks?.after ?? [])],
    },
  };
}
