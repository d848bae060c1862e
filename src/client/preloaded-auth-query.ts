"use client";
// usePreloadedAuthQuery: a result that the server loaded for its visitor, and the live one after it.
// Must not show what one account loaded to another.
import { useConvexAuth, useQuery, type OptionalRestArgsOrSkip, type Preloaded } from "convex/react";
import {
  makeFunctionReference,
  type FunctionReference,
  type FunctionReturnType,
} from "convex/server";
import { jsonToConvex } from "convex/values";
import { useEffect } from "react";
import { useAuthState } from "./auth-context.js";
import { ACCOUNT } from "./preloaded-account.js";

/**
 * The result of a query that the server preloaded with `preloadAuthQuery`. It shows the preloaded result until Convex
 * knows the user in the browser, and live results after that. The query never runs without a user.
 *
 * @returns the result; null for a visitor, after a sign-out, and until the first live result of another account
 * @throws KitcnError `MISSING_AUTH_PROVIDER` outside of a ConvexAuthProvider; what the query throws
 * @example
 * "use client";
 * import type { Preloaded } from "convex/react";
 * import { usePreloadedAuthQuery } from "kitcn/auth/react";
 * import type { api } from "../convex/_generated/api";
 *
 * export function Header({ user }: { user: Preloaded<typeof api.users.me> }) {
 *   const me = usePreloadedAuthQuery(user);
 *   return <h1>{me?.name}</h1>;
 * }
 */
export function usePreloadedAuthQuery<Query extends FunctionReference<"query">>(
  preloaded: Preloaded<Query>,
): FunctionReturnType<Query> | null {
  const { snapshot } = useAuthState("usePreloadedAuthQuery()");
  const { isAuthenticated } = useConvexAuth();
  // The name and the arguments are those of this query.
  const query = makeFunctionReference(preloaded._name) as Query;
  const args = [isAuthenticated ? jsonToConvex(preloaded._argsJSON) : "skip"];
  const live: FunctionReturnType<Query> | undefined = useQuery(
    query,
    ...(args as OptionalRestArgsOrSkip<Query>),
  );
  const last = lastOf(preloaded);
  const { account, phase } = snapshot;
  useEffect(() => {
    if (phase === "signedOut") last.account = null;
    if (phase !== "signedIn") return;
    if (last.account === undefined) last.account = account;
    if (live === undefined) return;
    last.account = account;
    last.result = live;
  });
  if (phase === "signedOut") return null;
  if (live !== undefined) return live;
  // While the browser does not know its account, it shows what the page came with.
  const isTheirs = last.account === undefined || last.account === (account ?? last.account);
  return last.account !== null && isTheirs ? last.result : null;
}

// --- internal ---

/** The last result that was shown of a preloaded query. */
type Last<Result> = {
  result: Result;
  /** Whose it is; undefined until the server or the browser says so, null once its account signed out. */
  account: string | null | undefined;
};

/** By the preloaded query: what a page shows again, after another account, is the same object. */
const lasts = new WeakMap<object, Last<unknown>>();

function lastOf<Query extends FunctionReference<"query">>(
  preloaded: Preloaded<Query>,
): Last<FunctionReturnType<Query>> {
  const known = lasts.get(preloaded);
  if (known) return known;
  // The server had it from this query.
  const result = jsonToConvex(preloaded._valueJSON) as FunctionReturnType<Query>;
  const account = (preloaded as { [ACCOUNT]?: string })[ACCOUNT]; // preloadAuthQuery adds it
  const last: Last<FunctionReturnType<Query>> = { result, account };
  lasts.set(preloaded, last);
  return last;
}
