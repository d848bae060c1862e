// A plugin that changes the context of a request for all hooks and the endpoint. What a handler returns reaches the
// endpoint only, and would bring back what hooks of the app have changed; every matcher is given the context itself.
import type { BetterAuthPlugin, HookEndpointContext } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";

/** Calls `change` where the plugin stands among the others, before the endpoint. */
export function seeing(
  id: string,
  change: (context: HookEndpointContext) => void,
): BetterAuthPlugin {
  const matcher = (context: HookEndpointContext) => {
    change(context);
    return false;
  };
  const handler = createAuthMiddleware(() => Promise.resolve());
  return { id, hooks: { before: [{ matcher, handler }] } };
}
