// The libraries that sign users in to Convex apps, by what an app imports of them: what each name is, and what
// becomes of it in an app with kitcn. Plain data; finding uses is find.ts's business.

/** What a found place is to the app. */
export type Part =
  | "provider"
  | "server"
  | "http"
  | "auth-config"
  | "component"
  | "local"
  | "tables"
  | "route"
  | "middleware"
  | "client"
  | "id"
  | "use";

export type Library = {
  /** As its users call it. */
  readonly name: string;
  /** The modules it is imported from. */
  readonly sources: RegExp;
  /** What `kitcn import` calls its users. */
  readonly users?: string;
  /** Set for a service that keeps the users itself, and has no part in Convex but its tokens. */
  readonly vendor?: Vendor;
};

/** What an app has of such a service beside its imports. */
export type Vendor = {
  /** Its packages, as package.json names them. */
  readonly packages: RegExp;
  /** Its variables, with or without the prefix of a bundler. */
  readonly variables: RegExp;
  /** Where it answers on the app's own site once somebody signed in there. */
  readonly callbacks: readonly string[];
};

export const PEER: Library = {
  name: "@convex-dev/better-auth",
  sources: /^@convex-dev\/better-auth(\/|$)/,
  users: "better-auth-component",
};

export const CONVEX_AUTH: Library = {
  name: "Convex Auth",
  sources: /^@convex-dev\/auth(\/|$)/,
  users: "convex-auth",
};

/** `getToken(createAuth)` of the peer's older releases. */
export const OLD_TOKEN = "getToken";

/** What the peer's older releases had for TanStack Start. */
export const OLD_START: ReadonlySet<string> = new Set([
  "setupFetchClient",
  "getCookieName",
  "fetchSession",
]);

/** The call that makes Convex Auth's middleware of Next. */
export const CONVEX_AUTH_MIDDLEWARE = "convexAuthNextjsMiddleware";

export const CLERK: Library = {
  name: "Clerk",
  sources: /^(@clerk\/.+|convex\/react-clerk)$/,
  users: "clerk",
  vendor: { packages: /^@clerk\//, variables: /^([A-Z]+_)*CLERK_/, callbacks: [] },
};

export const AUTH0: Library = {
  name: "Auth0",
  sources: /^(@auth0\/.+|convex\/react-auth0)$/,
  users: "auth0",
  vendor: { packages: /^@auth0\//, variables: /^([A-Z]+_)*AUTH0_/, callbacks: [] },
};

export const WORKOS: Library = {
  name: "WorkOS AuthKit",
  sources: /^(@workos-inc\/.+|@convex-dev\/workos(-authkit)?(\/.*)?)$/,
  vendor: {
    packages: /^(@workos-inc\/|@convex-dev\/workos)/,
    variables: /^([A-Z]+_)*WORKOS_/,
    callbacks: ["handleAuth"],
  },
};

export const AUTH_JS: Library = { name: "Auth.js", sources: /^(next-auth|@auth\/core)(\/|$)/ };

/** Better Auth without a library around it, and whatever an app made itself. */
export const BY_HAND: Library = { name: "your own code", sources: /^better-auth(\/minimal)?$/ };

/** In this order: Convex Auth takes its providers from Auth.js. */
export const LIBRARIES: readonly Library[] = [PEER, CONVEX_AUTH, CLERK, AUTH0, WORKOS, AUTH_JS];

/** The library that a module is imported from. */
export function libraryOf(source: string): Library | undefined {
  return LIBRARIES.find(({ sources }) => sources.test(source));
}

/** The services among them. */
export const VENDORS: readonly Library[] = LIBRARIES.filter(({ vendor }) => vendor !== undefined);

/** Providers that give Convex its users, and with them the place of kitcn's. */
export const BOUND_PROVIDERS: ReadonlySet<string> = new Set([
  "ConvexProviderWithAuth",
  "ConvexProviderWithAuth0",
  "ConvexProviderWithClerk",
  "ConvexAuthProvider",
  "ConvexAuthNextjsProvider",
  "ConvexBetterAuthProvider",
  "ConvexProviderWithAuthKit",
]);

/** Calls that make the server's half of a library. */
export const SERVERS: ReadonlySet<string> = new Set([
  "convexAuth",
  "createClient",
  "betterAuth",
  "NextAuth",
]);
