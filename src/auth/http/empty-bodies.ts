// Requests without a body. Hooks of plugins read `ctx.body.username` before Better Auth has checked that there is a body,
// so a stranger's POST without one would be answered with 500. Must not change calls of `auth.api`.
import type { BetterAuthPlugin, HookEndpointContext } from "better-auth";
import { seeing } from "./seeing.js";

/** The first plugin gives hooks of the others an empty body; the last one takes it back, before the endpoint. */
export function emptyBodies(): {
  readonly first: BetterAuthPlugin;
  readonly last: BetterAuthPlugin;
} {
  const given = new WeakSet<object>();
  const give = (context: HookEndpointContext) => {
    if (!context.request || context.body !== undefined) return;
    given.add((context.body = {}));
  };
  const takeBack = (context: HookEndpointContext) => {
    const body: unknown = context.body;
    if (typeof body !== "object" || body === null || !given.has(body)) return;
    if (Object.keys(body).length === 0) context.body = undefined;
  };
  return { first: seeing("kitcn-empty-bodies", give), last: seeing("kitcn-no-bodies", takeBack) };
}
