// What the owner of an app does with a use of `@convex-dev/better-auth` that a run cannot rewrite: each sentence is an edit
// that can be made before the run, which then goes on, or says what to write after it. Texts alone. Pure.
import type { Found } from "../common/types.js";

/** The rest of the sentence that begins with the place; undefined where nothing particular is known. */
export function outcomeOfPeer({ name, lost, node }: Found): string | undefined {
  if (lost === "client") return node.type === "ExportNamedDeclaration" ? REEXPORTED : HANDED_ON;
  if (lost === "maker") return MAKER;
  if (lost === "other") return OTHER;
  return CALLS[name];
}

// --- internal ---

const HANDED_ON =
  "is removed, and kitcn follows it only where one of its functions is called. Call the function here itself, such as `authComponent.getAuthUser(ctx)` with the client of auth.ts. The next run then rewrites the call.";

const REEXPORTED =
  "is removed. Delete this export, and import the client from auth.ts where its functions are called. The next run then rewrites the calls.";

const MAKER =
  "is removed. Take it out here, and run the command again. After the run, write `getAuth` of generated/auth in its place: `getAuth(ctx)` gives what it gave.";

const OTHER =
  "is removed with what it was made for. Take it out here, and run the command again. Where it gave the options, write after the run `getAuth(ctx).options` with getAuth of generated/auth. As a type, it is `ReturnType<typeof getAuth>`.";

const UNKNOWN_CONTEXT =
  "stays, because kitcn does not understand the type of its context. Give that parameter the type `QueryCtx`, `MutationCtx` or `ActionCtx` of ./_generated/server, or several of them, `QueryCtx | ActionCtx`, and call the function with the context alone. The next run then rewrites the call.";

const NEEDS_DATABASE =
  "stays, because its context can be that of an action, which has no database. If it is one of queries or mutations, give its parameter the type `QueryCtx` or `MutationCtx` of ./_generated/server: the next run then rewrites the call. In an action, write `await ctx.runQuery()` with a query of yours that calls authComponent.getAnyUserById(ctx, id).";

const REGISTERED =
  "has options in a form that kitcn cannot read, or a function other than the one that returns betterAuth(). Write that function and the options in this call, such as `{ cors: { allowedOrigins: [] } }` with your origins. The next run then rewrites the call.";

const CALLS: Readonly<Record<string, string>> = {
  createClient:
    "goes with the component, and kitcn carries its triggers over only from auth.ts. Move this call with its triggers and triggersApi() into auth.ts of the functions directory, with `internal.auth` as authFunctions, and import the client from there. The next run then moves the triggers into defineAuth().",
  registerRoutes: REGISTERED,
  registerRoutesLazy: REGISTERED,
  getAuthUser: UNKNOWN_CONTEXT,
  safeGetAuthUser: UNKNOWN_CONTEXT,
  getAnyUserById: NEEDS_DATABASE,
  getAuth:
    "stays, because it is not awaited here by itself. Write `const { auth, headers } = await authComponent.getAuth(createAuth, ctx);` as a statement. The next run then rewrites the call.",
  clientApi:
    "has a form that kitcn cannot edit. Write `export const { getAuthUser } = authComponent.clientApi();` without other names, or a query of yours that calls authComponent.getAuthUser(ctx). The next run then rewrites it.",
  setUserId:
    'writes into the component, which goes. Delete the call, and run the command again. After the run, write `await ctx.db.patch(id, { userId })`, and in auth.ts `user: { additionalFields: { userId: { type: "string", required: false, input: false } } }`.',
  adapter:
    "gives Better Auth the component's tables; kitcn gives it its own. Take it out, and run the command again. After the run, `(await getAuth(ctx).$context).adapter` with getAuth of generated/auth is what reads and writes them.",
  triggersApi:
    "is removed: triggers are an option of defineAuth(). Delete it, and make sure that createClient() has its triggers in auth.ts.",
};
