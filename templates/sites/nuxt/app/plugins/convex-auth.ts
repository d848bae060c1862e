import { defineNuxtPlugin, useError, useRequestEvent, useRuntimeConfig, useState } from "#imports";
import { ConvexClient, ConvexHttpClient } from "convex/browser";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { connectAuth, type ConvexAuthState } from "kitcn/auth/browser";
import { authClient } from "../utils/auth-client";

// Calls Convex as the signed-in user: on the server for the request, in the browser for the session.
export default defineNuxtPlugin({
  name: "convex-auth",
  async setup(nuxtApp) {
    const { convexUrl } = useRuntimeConfig().public;
    // An error page has no user, so that it is shown while Convex cannot be reached.
    const context = useError().value ? undefined : useRequestEvent()?.context;
    const getToken: (() => Promise<string | null | undefined>) | undefined =
      context?.getConvexToken;
    // The token that rendered the page. null for a visitor; undefined if the page is made for everybody.
    const token = useState<string | null | undefined>("convex-token");
    const state = useState<ConvexAuthState>("convex-auth");
    if (import.meta.server) token.value = await getToken?.();
    state.value ??= {
      isLoading: token.value === undefined,
      isAuthenticated: typeof token.value === "string",
    };

    const skipConvexDeploymentUrlCheck = true; // a deployment of your own may have any address
    const client = new ConvexClient(convexUrl, {
      disabled: import.meta.server,
      // The browser goes on with the token that rendered the page.
      initialAuthTokenReuse: true,
      skipConvexDeploymentUrlCheck,
    });
    const onServer = import.meta.server
      ? new ConvexHttpClient(convexUrl, {
          skipConvexDeploymentUrlCheck,
          ...(token.value && { auth: token.value }),
        })
      : undefined;
    let current = state.value;
    const waiting = new Set<() => void>();
    if (import.meta.client) {
      // News waits until the browser has taken over the page, which begins with what the server knew.
      let news: ConvexAuthState | undefined;
      nuxtApp.hooks.hookOnce("app:suspense:resolve", () => {
        if (news) state.value = news;
      });
      connectAuth({
        client,
        authClient,
        initialToken: token.value,
        onChange: (next) => {
          current = next;
          if (nuxtApp.isHydrating) news = next;
          else state.value = next;
          for (const look of waiting) look();
        },
      });
    }

    /** In the browser, until it is known who asks: a page that follows a sign-in must not ask as a visitor. */
    const whenKnown = () =>
      new Promise<void>((done) => {
        const { session } = authClient.$store.atoms;
        const look = () => {
          const { isPending = false, isRefetching = false } = session?.get() ?? {};
          if (current.isLoading || isPending || isRefetching) return;
          leave?.();
          waiting.delete(look);
          done();
        };
        waiting.add(look);
        const leave = session?.listen(look);
        look();
      });

    const query = async <Query extends FunctionReference<"query">>(
      name: Query,
      args: FunctionArgs<Query>,
    ): Promise<Awaited<FunctionReturnType<Query>>> => {
      if (onServer) return onServer.query(name, args);
      await whenKnown();
      return client.query(name, args);
    };
    return { provide: { convex: client, convexQuery: query } };
  },
});
