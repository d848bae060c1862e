import { ConvexClient } from "convex/browser";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";
import { convexToJson } from "convex/values";
import { connectAuth, type ConvexAuthState } from "kitcn/auth/browser";
import type { ServerCalls } from "kitcn/auth/web";
import {
  type Accessor,
  createContext,
  createEffect,
  createMemo,
  createResource,
  createSignal,
  onCleanup,
  onMount,
  type ParentProps,
  untrack,
  useContext,
} from "solid-js";
import { getRequestEvent, isServer } from "solid-js/web";
import { authClient } from "./auth-client";

type Convex = { readonly client: ConvexClient; readonly auth: Accessor<ConvexAuthState> };

const ConvexContext = createContext<Convex>();

/** Put this around the app: all components in it then call Convex as the signed-in user. */
export function ConvexAuthProvider(props: ParentProps) {
  // The token that rendered the page: null for a visitor; undefined if the server does not know, as in prerendered pages.
  const [token] = createResource(() => requestOf()?.convexToken);
  const initialToken = token();
  const client = new ConvexClient(import.meta.env.VITE_CONVEX_URL, {
    disabled: isServer,
    // The page's token is enough until it is due for renewal.
    initialAuthTokenReuse: true,
  });
  const [auth, setAuth] = createSignal<ConvexAuthState>({
    isLoading: initialToken === undefined,
    isAuthenticated: typeof initialToken === "string",
  });
  if (!isServer) {
    // News waits until the browser has taken over the page, which begins with what the server knew.
    let isMounted = false;
    let news: ConvexAuthState | undefined;
    const onChange = (next: ConvexAuthState) => void (isMounted ? setAuth(next) : (news = next));
    onCleanup(() => void client.close());
    onCleanup(connectAuth({ client, authClient, initialToken, onChange }));
    onMount(() => {
      isMounted = true;
      if (news) setAuth(news);
    });
  }
  return <ConvexContext.Provider value={{ client, auth }}>{props.children}</ConvexContext.Provider>;
}

/** Who is signed in. While `isLoading` is true, show nothing that only a user may see. */
export function useConvexAuth(): Accessor<ConvexAuthState> {
  return useConvex().auth;
}

/** Convex's own client, for mutations and actions in the browser: `client.mutation(api.notes.add, { text })`. */
export function useConvexClient(): ConvexClient {
  return useConvex().client;
}

/**
 * The result of a query, live in the browser. On the server it is that of the request's user, and is sent with the
 * page. Undefined until it is known, and where the arguments are "skip". Throws what the query throws.
 */
export function createConvexQuery<Query extends FunctionReference<"query">>(
  query: Query,
  args: Accessor<FunctionArgs<Query> | "skip">,
): Accessor<FunctionReturnType<Query> | undefined> {
  type Result = { readonly value?: FunctionReturnType<Query>; readonly error?: Error };
  const { client, auth } = useConvex();
  // What is asked, and whether a user asks: undefined where nothing is, and until it is known who asks.
  const asked = createMemo(() => {
    const given = args();
    const { isLoading, isAuthenticated } = auth();
    if (given === "skip" || isLoading) return undefined;
    return JSON.stringify([isAuthenticated, convexToJson(given)]);
  });
  const read = (): FunctionArgs<Query> => {
    const given = untrack(args);
    return given === "skip" ? {} : given;
  };
  const [rendered] = createResource(
    asked,
    () => requestOf()?.convexUser?.fetchAuthQuery(query, read()),
    { deferStream: true },
  );
  const [live, setLive] = createSignal<Result>();
  let isFirst = true;
  createEffect(() => {
    const isAsked = asked() !== undefined;
    // What somebody else asked for is gone; what the server rendered stays until there is news.
    if (!isFirst) setLive({});
    isFirst = false;
    if (!isAsked) return;
    onCleanup(
      client.onUpdate(
        query,
        read(),
        (value) => setLive({ value }),
        (error) => setLive({ error }),
      ),
    );
  });
  return () => {
    const result = live();
    if (!result) return rendered();
    if (result.error) throw result.error;
    return result.value;
  };
}

function useConvex(): Convex {
  const convex = useContext(ConvexContext);
  if (!convex) throw new Error("This component is not inside <ConvexAuthProvider>.");
  return convex;
}

/** What handleAuth of auth-server.ts noted for the page. Undefined in the browser. */
function requestOf(): { convexToken?: string | null; convexUser?: ServerCalls } | undefined {
  return isServer ? getRequestEvent()?.locals : undefined;
}
