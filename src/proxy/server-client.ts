// Convex functions called on a web server as the user of the incoming request. Shared by the framework entries.
// Must not import a framework: it is given a way to the request's token.
import {
  fetchAction,
  fetchMutation,
  fetchQuery,
  preloadQuery,
  type NextjsOptions,
} from "convex/nextjs";
import type { Preloaded } from "convex/react";
import type { FunctionReference, FunctionReturnType, OptionalRestArgs } from "convex/server";

export type ServerClient = {
  /** The Convex token of the request's user, undefined for a visitor. */
  getToken(): Promise<string | undefined>;
  /** True where the request has a session. */
  isAuthenticated(): Promise<boolean>;
  fetchAuthQuery<Query extends FunctionReference<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<FunctionReturnType<Query>>;
  fetchAuthMutation<Mutation extends FunctionReference<"mutation">>(
    mutation: Mutation,
    ...args: OptionalRestArgs<Mutation>
  ): Promise<FunctionReturnType<Mutation>>;
  fetchAuthAction<Action extends FunctionReference<"action">>(
    action: Action,
    ...args: OptionalRestArgs<Action>
  ): Promise<FunctionReturnType<Action>>;
  /** For `usePreloadedQuery` in a client component. */
  preloadAuthQuery<Query extends FunctionReference<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<Preloaded<Query>>;
};

/** The functions of a framework entry, over its way to the token. */
export function createServerClient({
  getToken,
  convexUrl,
}: {
  getToken: () => Promise<string | undefined>;
  /** Read at the first call, so that a missing variable does not break an import. */
  convexUrl: () => string;
}): ServerClient {
  const options = async (): Promise<NextjsOptions> => {
    const token = await getToken();
    return {
      url: convexUrl(),
      skipConvexDeploymentUrlCheck: true,
      ...(token === undefined ? {} : { token }),
    };
  };
  return {
    getToken,
    isAuthenticated: async () => (await getToken()) !== undefined,
    fetchAuthQuery: async (query, ...[args]) => fetchQuery(query, args ?? {}, await options()),
    fetchAuthMutation: async (mutation, ...[args]) =>
      fetchMutation(mutation, args ?? {}, await options()),
    fetchAuthAction: async (action, ...[args]) => fetchAction(action, args ?? {}, await options()),
    preloadAuthQuery: async (query, ...[args]) => preloadQuery(query, args ?? {}, await options()),
  };
}
