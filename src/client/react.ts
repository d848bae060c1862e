// `kitcn/auth/react`: components and hooks for the inside of ConvexAuthProvider. An entry by itself, so that an app
// which uses none of them loads none of them.
export { AuthBoundary, type AuthBoundaryProps } from "./auth-boundary.js";
export { usePreloadedAuthQuery } from "./preloaded-auth-query.js";
