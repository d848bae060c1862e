// What becomes of each place that signs users in, as a sentence for its owner. Pure.
import type { Found } from "./find.js";
import { CONVEX_AUTH, INSTEAD } from "./libraries.js";

/** What a call of a library that goes is with kitcn. */
const CALLS: Readonly<Record<string, string>> = {
  useAuthActions: "becomes useAuthActions() of lib/auth-actions, over the auth client.",
  getAuthUserId: "becomes getAuthUserId(ctx) of kitcn/auth.",
  createAuth: "becomes getAuth(ctx) of generated/auth.",
  getAuthUser: "becomes getAuthUser(ctx) of authUser.ts.",
  safeGetAuthUser: "becomes safeGetAuthUser(ctx) of authUser.ts.",
  getHeaders: "becomes getHeaders(ctx) of kitcn/auth.",
  getAuth: "becomes { auth: getAuth(ctx), headers: await getHeaders(ctx) }.",
};

/** The rest of the sentence that begins with the place. */
export function outcomeOf({ part, name, library, isInTheWay }: Found): string {
  switch (part) {
    case "provider":
      return isInTheWay
        ? "becomes <ConvexAuthProvider> of kitcn/auth/client."
        : "stays while something below it needs it; take it out then.";
    case "server":
      return isInTheWay
        ? "becomes defineAuth() of kitcn, with the same options."
        : "stays, and is not used by kitcn.";
    case "http":
      return "becomes registerRoutes(http, authRoutes) of kitcn/auth/http.";
    case "auth-config":
      return isInTheWay
        ? "becomes getAuthConfigProvider() of kitcn/auth/config; Convex would ask this entry for the keys."
        : "stays: Convex accepts its tokens beside kitcn's.";
    case "component":
      return "goes, and its rows with the next push: take them out first, as `kitcn import` needs them.";
    case "tables":
      return "stays until its users are taken over: npx kitcn import convex-auth";
    case "route":
      return "becomes kitcn's handlers.";
    case "middleware":
      return library === CONVEX_AUTH
        ? "goes: it answers below /api/auth in the place of kitcn's route. Delete it."
        : `stays, and knows ${library.name}'s users only. Delete it when you sign in with kitcn.`;
    case "id":
      return "accepts the ids of kitcn's table as well, until `kitcn import --rewrite` has moved the rows.";
    case "client":
      return "becomes the plugin of that name from kitcn/auth/client.";
    case "use":
      if (isInTheWay) return CALLS[name] ?? "goes: kitcn has no such call.";
      return INSTEAD[name] === undefined ? "stays." : `stays; in its place: ${INSTEAD[name]}.`;
  }
}
