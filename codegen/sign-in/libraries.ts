// The libraries that sign users in to Convex apps, by what an app imports of them: what each name is, and what
// becomes of it in an app with kitcn. Plain data; finding uses is find.ts's business.

/** What a found place is to the app. */
export type Part =
  | "provider"
  | "server"
  | "http"
  | "auth-config"
  | "component"
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

/** What a middleware does that kitcn cannot write for its author. */
const MIDDLEWARE =
  '`if (isClosed(request) && !(await isAuthenticated())) return NextResponse.redirect(new URL("/auth", request.url))`, with isAuthenticated of lib/auth-server, your own isClosed(), and /auth and /api/auth left open';

/** What stands in the place of a name, where that is the same or next to it. */
export const INSTEAD: Readonly<Record<string, string>> = {
  getAuthUserId: "`getAuthUserId(ctx)` of kitcn/auth",
  getAuthSessionId: "`(await getSession(ctx))?._id` with getSession of kitcn/auth",
  useAuthActions: "`authClient.signIn`, `authClient.signUp` and `authClient.signOut()`",
  useAuthToken: "nothing: the provider hands the token to Convex",
  useUser: "`authClient.useSession().data?.user`",
  useSession: "`authClient.useSession()`",
  useAuth: "`useConvexAuth()` of convex/react, or `authClient.useSession()`",
  useAuth0: "`authClient.useSession()` and `authClient.signOut()`",
  useClerk: "`authClient.signOut()`",
  useSignIn: "`authClient.signIn`",
  useSignUp: "`authClient.signUp`",
  useOrganization: "`authClient.useActiveOrganization()`, with Better Auth's organization plugin",
  SignedIn: "`<Authenticated>` of convex/react",
  SignedOut: "`<Unauthenticated>` of convex/react",
  SignIn: "the page at /auth",
  SignUp: "the page at /auth",
  SignInButton: "a link to /auth",
  SignUpButton: "a link to /auth",
  SignOutButton: "a button that calls `authClient.signOut()`",
  UserButton: "the page at /auth, or your own menu with `authClient.useSession()`",
  convexAuthNextjsToken: "`getToken()` of lib/auth-server",
  isAuthenticatedNextjs: "`isAuthenticated()` of lib/auth-server",
  "auth.protect":
    '`if (!(await isAuthenticated())) redirect("/auth")`, with isAuthenticated of lib/auth-server',
  getToken: "`getToken()` of lib/auth-server",
  useSignOut: "`authClient.signOut()`",
  useAccessToken: "nothing: the provider hands the token to Convex",
  Show: "`<Authenticated>` or `<Unauthenticated>` of convex/react",
  Protect: "`<Authenticated>` of convex/react, and your own query that checks the role",
  RedirectToSignIn: '`redirect("/auth")` of next/navigation, or a link to /auth',
  UserProfile: "the page at /auth, or your own page with `authClient.updateUser()`",
  OrganizationSwitcher:
    "your own component with `authClient.useListOrganizations()`, with the organization plugin",
  signOut: "`authClient.signOut()`",
  authMiddleware: MIDDLEWARE,
  clerkMiddleware: MIDDLEWARE,
  authkitMiddleware: MIDDLEWARE,
  auth: "`isAuthenticated()` or `getToken()` of lib/auth-server",
  currentUser: "`fetchAuthQuery()` of lib/auth-server, with your own query",
  withAuth: "`isAuthenticated()` or `getToken()` of lib/auth-server",
};
