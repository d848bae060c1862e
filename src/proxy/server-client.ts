// What the entries of React's frameworks add to the calls of calls.ts: queries handed to client components.
// Must not import a framework: it is given a way to the request's token.
import { preloadQuery } from "convex/nextjs";
import type { Preloaded } from "convex/react";
import type { FunctionReference, OptionalRestArgs } from "convex/server";
import { readClaims } from "../client/claims.js";
import { ACCOUNT } from "../client/preloaded-account.js";
import { callOptions, createServerCalls, type CallsInput, type ServerCalls } from "./calls.js";

export type ServerClient = ServerCalls & {
  /** For `usePreloadedAuthQuery` of kitcn/auth/react, in a client component. */
  preloadAuthQuery<Query extends FunctionReference<"query">>(
    query: Query,
    ...args: OptionalRestArgs<Query>
  ): Promise<Preloaded<Query>>;
};

/** The functions of a framework entry, over its way to the token. */
export function createServerClient(input: CallsInput): ServerClient {
  return {
    ...createServerCalls(input),
    preloadAuthQuery: async (query, ...[args]) => {
      const options = await callOptions(input);
      const preloaded = await preloadQuery(query, args ?? {}, options);
      const account = options.token === undefined ? undefined : readClaims(options.token)?.sub;
      return account === undefined ? preloaded : { ...preloaded, [ACCOUNT]: account };
    },
  };
}
