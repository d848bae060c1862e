// Convex functions called on a web server as the user of a request, for servers with and without React.
// Must not import a framework, nor types of React: it is given a way to the request's token.
import { fetchAction, fetchMutation, fetchQuery } from "convex/nextjs";
import type { FunctionReference, FunctionReturnType, OptionalRestArgs } from "convex/server";

export type ServerCalls = {
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
};

export type CallsInput = {
  getToken: () => Promise<string | undefined>;
  /** Read at the first call, so that a missing variable does not break an import. */
  convexUrl: () => string;
};

/** How a call says where the deployment is, and who calls. */
export type CallOptions = {
  url: string;
  skipConvexDeploymentUrlCheck: true;
  token?: string;
};

/** The functions of a framework entry, over its way to the token. */
export function createServerCalls(input: CallsInput): ServerCalls {
  const { getToken } = input;
  const options = () => callOptions(input);
  return {
    getToken,
    isAuthenticated: async () => (await getToken()) !== undefined,
    fetchAuthQuery: async (query, ...[args]) => fetchQuery(query, args ?? {}, await options()),
    fetchAuthMutation: async (mutation, ...[args]) =>
      fetchMutation(mutation, args ?? {}, await options()),
    fetchAuthAction: async (action, ...[args]) => fetchAction(action, args ?? {}, await options()),
  };
}

/** The options of one call, with the token of the request's user. */
export async function callOptions({ getToken, convexUrl }: CallsInput): Promise<CallOptions> {
  const token = await getToken();
  return {
    url: convexUrl(),
    skipConvexDeploymentUrlCheck: true,
    ...(token === undefined ? {} : { token }),
  };
}
