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
 * or a query inside throws an error of that kind, it renders the fallback and calls `onUnauth`. It throws every other
 * error on, to the error boundaries around it.
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
  const hasLeft = useRef(false);
  const isOut = !isLoading && !isAuthenticated;
  const leave = () => {
    if (hasLeft.current) return;
    hasLeft.current = true;
    void onUnauth();
  };
  useEffect(() => {
    if (isAuthenticated) hasLeft.current = false;
    if (isOut) leave();
  }, [isAuthenticated, isOut]);
  if (isOut) return renderFallback();
  return (
    <Catcher
      isCaught={isAuthError}
      fallback={renderFallback}
      onCaught={() => {
        // The session may have ended on the server: then the provider signs the user out, too.
        void state.recheck();
        leave();
      }}
    >
      {isAuthenticated && getAuthUserFn && <Watcher query={getAuthUserFn} />}
      {children}
    </Catcher>
  );
}

// --- internal ---

type CatcherProps = {
  readonly isCaught: (error: unknown) => boolean;
  readonly fallback: () => ReactNode;
  readonly onCaught: () => void;
  readonly children: ReactNode;
};

class Catcher extends Component<CatcherProps, { readonly caught?: { readonly error: unknown } }> {
  override state: { readonly caught?: { readonly error: unknown } } = {};

  static getDerivedStateFromError(error: unknown) {
    return { caught: { error } };
  }

  override componentDidCatch(error: unknown) {
    if (this.props.isCaught(error)) this.props.onCaught();
  }

  override render() {
    const { caught } = this.state;
    if (!caught) return this.props.children;
    if (!this.props.isCaught(caught.error)) throw caught.error;
    return this.props.fallback();
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
