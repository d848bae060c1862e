"use client";
// AuthBoundary: the part of an app that only users see, and the way out of it.
// Must not catch errors that do not concern sign-in: they belong to the boundaries of the app.
import { useConvexAuth, useQuery } from "convex/react";
import type { FunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { Component, useEffect, useRef, type ReactNode } from "react";
import { useAuthState } from "./auth-context.js";

export type AuthBoundaryProps = {
  /** Called once each time the user turns out to be signed out. Usually leads to the page for signing in. */
  onUnauth: () => void | Promise<void>;
  /**
   * A query without arguments that throws when nobody is signed in. The boundary runs it for a signed-in user, and so
   * notices a session that ends on the server.
   */
  getAuthUserFn?: FunctionReference<"query", "public", Record<string, never>> | undefined;
  /** Which errors of queries mean that nobody is signed in. Default: those of `kitcn/auth` and `kitcn/server`. */
  isAuthError?: ((error: unknown) => boolean) | undefined;
  /** Rendered instead of the children once the user is signed out. Default: nothing. */
  renderFallback?: (() => ReactNode) | undefined;
  children?: ReactNode;
};

/**
 * Renders its children for a signed-in user, and until the browser knows who is signed in. If the user is signed out,
 * or a query inside throws an error of that kind, it renders the fallback and calls `onUnauth`. Until the browser
 * knows, such an error only hides the children. It throws every other error on, to the error boundaries around it.
 *
 * @throws KitcnError `MISSING_AUTH_PROVIDER` outside of a ConvexAuthProvider
 * @example
 * "use client";
 * import { AuthBoundary } from "kitcn/auth/react";
 * import { useRouter } from "next/navigation";
 * import type { ReactNode } from "react";
 *
 * export function OnlyUsers({ children }: { children: ReactNode }) {
 *   const router = useRouter();
 *   return <AuthBoundary onUnauth={() => router.replace("/auth")}>{children}</AuthBoundary>;
 * }
 */
export function AuthBoundary({
  onUnauth,
  getAuthUserFn,
  isAuthError = isSignInError,
  renderFallback = () => null,
  children,
}: AuthBoundaryProps) {
  const { state } = useAuthState("<AuthBoundary>");
  const { isLoading, isAuthenticated } = useConvexAuth();
  const leftAt = useRef(-Infinity);
  const isOut = !isLoading && !isAuthenticated;
  const leave = () => {
    // A query that fails and the sign-out that follows are one event.
    if (Date.now() - leftAt.current < ONE_EVENT_MS) return;
    leftAt.current = Date.now();
    void onUnauth();
  };
  useEffect(() => {
    if (isAuthenticated) leftAt.current = -Infinity;
    if (isOut) leave();
  }, [isAuthenticated, isOut]);
  if (isOut) return renderFallback();
  return (
    <Catcher
      isSignedIn={isAuthenticated}
      isCaught={isAuthError}
      fallback={renderFallback}
      onCaught={() => {
        // The session may have ended on the server: then the provider signs the user out, too.
        const rechecked = state.recheck();
        leave();
        return rechecked;
      }}
    >
      {isAuthenticated && getAuthUserFn && <Watcher query={getAuthUserFn} />}
      {children}
    </Catcher>
  );
}

// --- internal ---

/** Within this time, what happens belongs to the same loss of a session. */
const ONE_EVENT_MS = 60_000;

type CatcherProps = {
  readonly isSignedIn: boolean;
  readonly isCaught: (error: unknown) => boolean;
  readonly fallback: () => ReactNode;
  /** Called for a signed-in user; its promise ends when the session was looked up again. */
  readonly onCaught: () => Promise<void>;
  readonly children: ReactNode;
};

type Catch = {
  readonly isSignedIn?: boolean;
  readonly caught?: { readonly error: unknown } | undefined;
};

/** Catches errors that concern sign-in until the browser knows more: what it caught before says nothing any more. */
class Catcher extends Component<CatcherProps, Catch> {
  override state: Catch = {};
  private isGone = false;
  private caughtAt = -Infinity;

  static getDerivedStateFromError(error: unknown): Catch {
    return { caught: { error } };
  }

  static getDerivedStateFromProps({ isSignedIn }: CatcherProps, state: Catch): Catch | null {
    return state.isSignedIn === isSignedIn ? null : { isSignedIn, caught: undefined };
  }

  override componentDidMount() {
    this.isGone = false;
  }

  override componentDidUpdate({ isSignedIn }: CatcherProps) {
    if (isSignedIn !== this.props.isSignedIn) this.caughtAt = -Infinity;
  }

  override componentWillUnmount() {
    this.isGone = true;
  }

  // While the browser does not know who is signed in, queries run for nobody: their refusal is no news.
  override componentDidCatch(error: unknown) {
    const { isCaught, isSignedIn, onCaught } = this.props;
    if (!isCaught(error) || !isSignedIn || Date.now() - this.caughtAt < ONE_EVENT_MS) return;
    this.caughtAt = Date.now();
    void onCaught().then(() => this.retry());
  }

  override render() {
    const { caught } = this.state;
    if (!caught) return this.props.children;
    if (!this.props.isCaught(caught.error)) throw caught.error;
    return this.props.isSignedIn ? this.props.fallback() : null;
  }

  /** Once for a session that turned out to be good: the query may have an answer by now. */
  private retry() {
    if (!this.isGone && this.props.isSignedIn) this.setState({ caught: undefined });
  }
}

function Watcher({ query }: { query: NonNullable<AuthBoundaryProps["getAuthUserFn"]> }) {
  useQuery(query, {});
  return null;
}

/** What `getAuthUser` of a moved app throws, the code of kitcn/auth's error, and that of kitcn/server's. */
const SIGN_IN_ERRORS: ReadonlySet<unknown> = new Set([
  "Unauthenticated",
  "NOT_SIGNED_IN",
  "UNAUTHORIZED",
]);

function isSignInError(error: unknown): boolean {
  if (!(error instanceof ConvexError)) return false;
  const data: unknown = error.data;
  const isRecord = typeof data === "object" && data !== null && "code" in data;
  return SIGN_IN_ERRORS.has(isRecord ? data.code : data);
}
