// The texts of authUser.ts and authContext.ts, which do what the client of `@convex-dev/better-auth` did. Pure; formatting is
// the caller's business.

/** authUser.ts: who is signed in, in queries and mutations. */
export function printUserHelpers(extension: "" | ".js", isTyped: boolean): string {
  const type = isTyped ? `import type { QueryCtx } from "./_generated/server${extension}";\n` : "";
  const ctx = isTyped ? "ctx: QueryCtx" : "ctx";
  return `import { ConvexError } from "convex/values";
import { getSession } from "kitcn/auth";
${type}
/** The user whose session it is, or undefined when signed out. For queries and mutations. */
export async function safeGetAuthUser(${ctx}) {
  const session = await getSession(ctx);
  return session ? ((await ctx.db.get(session.userId)) ?? undefined) : undefined;
}

/** The same, and an error when signed out. */
export async function getAuthUser(${ctx}) {
  const user = await safeGetAuthUser(ctx);
  if (!user) throw new ConvexError("Unauthenticated");
  return user;
}
`;
}

/** What authUser.ts gains for calls by an id: here that of a table, which takes no other text. */
export function printById(isTyped: boolean): string {
  const params = isTyped ? "ctx: QueryCtx, id: string" : "ctx, id";
  return `/** The user with an id, or null: an id of another table gives none. For queries and mutations. */
export async function getAnyUserById(${params}) {
  const userId = ctx.db.normalizeId("user", id);
  return userId ? await ctx.db.get(userId) : null;
}
`;
}

/** What authUser.ts gains for calls whose context can be that of an action. */
export function printAnywhere(isTyped: boolean): string {
  const [ctx, maybe, user] = isTyped
    ? [
        "ctx: QueryCtx | MutationCtx | ActionCtx",
        ': Promise<Doc<"user"> | undefined>',
        ': Promise<Doc<"user">>',
      ]
    : ["ctx", "", ""];
  return `/** The user whose session it is, or undefined when signed out. For every function: an action asks a query. */
export async function safeGetAuthUserAnywhere(${ctx})${maybe} {
  if ("db" in ctx) return await safeGetAuthUser(ctx);
  return (await ctx.runQuery(internal.authUser.current, {})) ?? undefined;
}

/** The same, and an error when signed out. */
export async function getAuthUserAnywhere(${ctx})${user} {
  const user = await safeGetAuthUserAnywhere(ctx);
  if (!user) throw new ConvexError("Unauthenticated");
  return user;
}

export const current = internalQuery({ args: {}, handler: (ctx) => safeGetAuthUser(ctx) });
`;
}

/** authContext.ts: the context as code of the peer asks for it. */
export function printContextHelpers(extension: "" | ".js", isTyped: boolean): string {
  const types = isTyped
    ? `import type { ActionCtx, MutationCtx, QueryCtx } from "./_generated/server${extension}";

type AnyCtx = QueryCtx | MutationCtx | ActionCtx;
`
    : "";
  const [ctx, action, mutation] = isTyped
    ? ["ctx: AnyCtx", ": ActionCtx", ": MutationCtx | ActionCtx"]
    : ["ctx", "", ""];
  const isAction = isTyped ? "isAction(ctx: AnyCtx): ctx is ActionCtx" : "isAction(ctx)";
  return `${types}
/** The context, for code that needs an action's. In auth.ts, kitcn gives every context a runAction. */
export function requireActionCtx(${ctx})${action} {
  if (!isAction(ctx)) throw new Error("This code needs the context of an action.");
  return ctx;
}

/** The context, for code that calls a mutation. */
export function requireRunMutationCtx(${ctx})${mutation} {
  if (!("runMutation" in ctx)) throw new Error("This code needs a context with runMutation.");
  return ctx;
}

function ${isAction} {
  return typeof Reflect.get(ctx, "runAction") === "function";
}
`.trimStart();
}
