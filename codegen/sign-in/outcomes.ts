// What becomes of each place that signs users in, as a sentence for its owner. Pure.
import type { ModuleReader } from "../modules/resolve.js";
import { mailsCodes } from "./convex-auth/codes.js";
import { readProviders } from "./convex-auth/providers.js";
import type { Refusal } from "./convex-auth/instead.js";
import { OLD_ROWS, REDIRECT } from "./convex-auth/left.js";
import { spreadObjects } from "./common/spread-options.js";
import { unwrap } from "../edit/index.js";
import { isWhole } from "./edit-routes.js";
import { isCheckedId } from "./convex-auth/id-checks.js";
import { isProvider } from "./convex-auth/idle-providers.js";
import { insteadOf } from "./instead.js";
import { OLD_TABLE } from "./convex-auth/old-ids.js";
import { outcomeOfLocal } from "./peer/local/outcomes.js";
import { BOUND_PROVIDERS, CONVEX_AUTH, OLD_TOKEN, PEER } from "./common/libraries.js";
import { packagedInstead } from "./peer/packaged-plugins.js";
import { outcomeOfPeer } from "./peer/left.js";
import { atPath } from "./vendors/paths.js";
import type { Found, SignInPaths } from "./common/types.js";

/** What a call of a library that goes is with kitcn. */
const CALLS: Readonly<Record<string, string>> = {
  usePreloadedAuthQuery: "becomes usePreloadedAuthQuery() of kitcn/auth/react.",
  AuthBoundary: "becomes <AuthBoundary> of kitcn/auth/react.",
  useAuthActions: "becomes useAuthActions() of lib/auth-actions, which calls the auth client.",
  getUserId: "becomes getAuthUserId(ctx) of kitcn/auth.",
  getAuthUserId: "becomes getAuthUserId(ctx) of kitcn/auth.",
  convexAuthNextjsToken: "becomes getToken() of lib/auth-server.",
  isAuthenticatedNextjs: "becomes isAuthenticated() of lib/auth-server.",
  getToken: "becomes getToken() of lib/auth-server.",
  createAuth: "becomes getAuth(ctx) of generated/auth.",
  getAuthUser: "becomes getAuthUser(ctx) of authUser.ts.",
  safeGetAuthUser: "becomes safeGetAuthUser(ctx) of authUser.ts.",
  handler: "becomes `handlers` of lib/auth-server.",
  nextJsHandler: "becomes `handlers` of lib/auth-server.",
  setupFetchClient: "becomes createStartAuth() of kitcn/auth/start, with the same names.",
  getCookieName: "goes: getToken() of lib/auth-server gives the token itself.",
  fetchSession: "becomes fetchSession() of lib/auth-server.",
  convex: "becomes convex() of kitcn/auth.",
  crossDomain: "becomes crossDomain() of kitcn/auth.",
  getAnyUserById: "becomes getAnyUserById(ctx, id) of authUser.ts.",
  requireActionCtx: "becomes requireActionCtx(ctx) of authContext.ts.",
  requireRunMutationCtx: "becomes requireRunMutationCtx(ctx) of authContext.ts.",
  clientApi: "becomes a query of yours, which calls getAuthUser(ctx) of authUser.ts.",
  setUserId: "becomes ctx.db.patch(id, { userId }), and userId a field of the user in auth.ts.",
  getHeaders: "becomes getHeaders(ctx) of kitcn/auth.",
  totpURI:
    'is only in one form of the answer of twoFactor.enable(). Write `if (data?.method === "totp")` before you read it.',
  getAuth: "becomes { auth: getAuth(ctx), headers: await getHeaders(ctx) }.",
};

/** What an author writes in the place of the peer's that kitcn does not rewrite. */
const PEERS: Readonly<Record<string, string>> = {
  usePreloadedAuthQuery: "`usePreloadedAuthQuery` of kitcn/auth/react",
  AuthBoundary: "`<AuthBoundary>` of kitcn/auth/react",
  fetchSession:
    "`await isAuthenticated()` of lib/auth-server, or `await fetchAuthQuery()` of it with a query of yours",
  setupFetchClient:
    "`createStartAuth()` of kitcn/auth/start, whose fetchAuthQuery, fetchAuthMutation and fetchAuthAction do the same",
  getCookieName: "`await getToken()` of lib/auth-server, which gives the token itself",
  getStaticAuth:
    "nothing: delete this call. Better Auth's CLI reads auth.ts of the functions directory",
  genericOAuthClient: "nothing: each provider of genericOAuth() is a social provider",
  "signIn.oauth2": "`authClient.signIn.social({ provider })`",
  "oauth2.link": "`authClient.linkSocial({ provider })`",
  isQueryCtx: '`"db" in ctx && !("runMutation" in ctx)`',
  isMutationCtx: '`"db" in ctx && "runMutation" in ctx`',
  isActionCtx: '`"runAction" in ctx`',
  isRunMutationCtx: '`"runMutation" in ctx`',
  RunMutationCtx: "`ActionCtx | MutationCtx` of ./_generated/server",
  AuthClient: "`typeof authClient`, with authClient of lib/auth-client",
  CreateAuth: "nothing: defineAuth() says the type of its function",
  Triggers: "nothing: defineAuth() says the types of its triggers",
  AuthFunctions: "nothing: triggers are an option of defineAuth()",
  createApi:
    "nothing: delete the module, and the component's folder with it. Your schema gets its tables",
};

/** The same for what auth.ts of Convex Auth exports, and other code calls. */
const CONVEX_AUTHS: Readonly<Record<string, string>> = {
  signIn:
    "`authClient.signIn.email({ email, password })`, or another way of `authClient.signIn`, in the browser. In a function: `await getAuth(ctx).api.signInEmail({ body: { email, password } })` with getAuth of generated/auth",
  signOut:
    "`await authClient.signOut()` in the browser. In a function: `await getAuth(ctx).api.signOut({ headers: await getHeaders(ctx) })` with getAuth of generated/auth and getHeaders of kitcn/auth",
  isAuthenticated:
    "`useConvexAuth().isAuthenticated` of convex/react in the browser. In a function: `(await getAuthUserId(ctx)) !== null` with getAuthUserId of kitcn/auth",
  auth: "`await getAuthUserId(ctx)` or `await getSession(ctx)` of kitcn/auth",
  store: "nothing: kitcn has its own tables for users and sessions",
};

/** What its owner does with a provider in another package than the front end's. */
export const SHARED_PROVIDER =
  "is in a package that front ends share. Take it out, and keep what is between its tags: kitcn writes a provider into each front end.";

/**
 * The rest of the sentence that begins with the place.
 *
 * @param paths where visitors sign in
 */
export function outcomeOf(found: Found, paths: SignInPaths): string {
  const { part, name, library, module, node, isInTheWay } = found;
  switch (part) {
    case "provider":
      if (name === "ConvexAuthNextjsServerProvider") return "is removed; its children stay.";
      return isInTheWay
        ? "becomes <ConvexAuthProvider> of kitcn/auth/client."
        : "stays while a component inside it needs it; remove it after that.";
    case "server":
      return isInTheWay
        ? "becomes defineAuth() of kitcn, with the same options."
        : "stays; kitcn does not use it.";
    case "http":
      return "becomes registerRoutes(http, authRoutes) of kitcn/auth/http.";
    case "auth-config":
      return isInTheWay
        ? "becomes getAuthConfigProvider() of kitcn/auth/config; otherwise Convex would take the keys from this entry."
        : "stays: Convex accepts its tokens beside kitcn's.";
    case "component":
      return "is removed, and its rows with the next push: export them first, because `npx kitcn import` needs them.";
    case "local":
      return outcomeOfLocal(found);
    case "tables":
      return "stays until you have imported its users: npx kitcn import convex-auth";
    case "route":
      if (node.type === "Program" && !isWhole(found))
        return "also has your own code, which stays. Its handlers become kitcn's.";
      return "becomes kitcn's handlers.";
    case "middleware":
      return library === CONVEX_AUTH
        ? "becomes one that asks kitcn, for the same pages. Without a function of yours, it is deleted."
        : `stays, and knows only ${library.name}'s users. Delete it when users sign in with kitcn.`;
    case "id":
      if (name.endsWith(OLD_TABLE)) return isLookUpChecked(found) ? LOOK_UP : UNCHECKED;
      return "also accepts ids of kitcn's table, until `npx kitcn import --rewrite` has changed the rows.";
    case "client":
      return "becomes the plugin with the same name from kitcn/auth/client.";
    case "use":
      if (isInTheWay)
        return (
          CALLS[name] ??
          packagedInstead(name) ??
          withInstead("is removed", PEERS[name]) ??
          "is removed: kitcn has no such call."
        );
      if (node.type === "CallExpression" && mailsCodes(module, node)) return CODES;
      if (name === REDIRECT) return NO_REDIRECT;
      if (library === CONVEX_AUTH && OLD_TABLES.test(name)) return ON_OLD_TABLES;
      if (name === OLD_ROWS) return IN_OLD_TABLE;
      if (isProvider(found)) return IDLE;
      return withInstead("stays", insteadOf(found, paths)) ?? "stays.";
  }
}

/** What becomes of a look-up by id. Its id's validator and type say which tables it may be of. */
const LOOK_UP = "is called without the table, and so takes ids of every table.";

const NO_REDIRECT =
  "is not there any more: on a phone, the auth client opens the browser itself, and the user is signed in when signIn() returns. Delete what opens the browser with it, and the second signIn() with the code.";

/** What Convex Auth has for its own tables. */
const OLD_TABLES =
  /^(createAccount|retrieveAccount|modifyAccountCredentials|invalidateSessions|signInViaProvider|ConvexCredentials)$/;

const ON_OLD_TABLES =
  "stays, but works on Convex Auth's tables alone, which sign nobody in any more. `getAuth(ctx).api` and `(await getAuth(ctx).$context).internalAdapter` of generated/auth have what Better Auth has for it.";

const IN_OLD_TABLE =
  "stays, and finds no user who signs up from now on: they are in kitcn's table. Write `user` instead of `users`, and the index `by_email` instead of `email`. `npx kitcn import` brings the other users there. Fields that kitcn's table lacks are for `user.additionalFields` of auth.ts.";

const IDLE = "stays, but nothing uses it: delete it, with its import.";

const CODES = "becomes the options of emailOTP() in auth.ts, with the same functions.";

const UNCHECKED =
  'stays: its id is cast, or is an argument without v.id("users"). Without the table, the call would take any document\'s id. Check the id with v.id("users") or ctx.db.normalizeId("users", id), and use it without a cast. Then run the command again.';

function isLookUpChecked({ module, node }: Found): boolean {
  const id = node.type === "CallExpression" ? node.arguments[1] : undefined;
  return id !== undefined && isCheckedId(module, id);
}

/** The same for what a run could not edit, and what its owner has to change first. */
export function outcomeOfLeft(found: Found, paths: SignInPaths, read: ModuleReader): string {
  const { part, name, library, module } = found;
  if (library === CONVEX_AUTH && part === "middleware")
    return "has a form that kitcn cannot edit, and it answers /api/auth instead of kitcn's route. Delete it. Or remove every use of Convex Auth except await convexAuth.isAuthenticated(), await convexAuth.getToken(), await isAuthenticatedNextjs() in the middleware's function, createRouteMatcher() with a list, and nextjsMiddlewareRedirect().";
  if (library === CONVEX_AUTH && part === "server" && name === "convexAuth")
    return `has providers or options that kitcn cannot move${refusedIn(found, read)}. Remove them, run the command again, then add their replacement to auth.ts.`;
  if (library === CONVEX_AUTH && isNextCall(name))
    return `${CALLS[name] ?? ""} That gives a promise, and kitcn cannot add \`await\` here. Write \`await ${name}()\` in an async function of the Next app, then run the command again.`;
  if (library === PEER && part === "server" && name === "createClient" && !hasMore(found))
    return "stays as long as betterAuth() does that takes its adapter. Change that one first: its line says how.";
  if (library === PEER && part === "server" && name === "createClient")
    return "has triggers or options in a form that kitcn cannot edit. Write each trigger as a function in this call, and let it call no method of this client but setUserId().";
  if (library === PEER && part === "server" && name === "betterAuth" && spreadIn(found))
    return SPREAD;
  if (library === PEER && part === "server" && name === "betterAuth")
    return "has options in a form that kitcn cannot edit. Put them in auth.ts of the functions directory, as one object that a function of the context returns.";
  if (part === "local") return outcomeOfLocal(found, { isLeft: true });
  if (library === PEER && part === "tables") return ownTable(name.replace(/^table /, ""));
  if (library === PEER && part === "route" && found.node.type === "Program") return OWN_ROUTE;
  if (library === PEER && part === "use" && name === OLD_TOKEN)
    return AUTH_SERVER.test(module.path) ? TOKEN_IN_SERVER : TOKEN_ELSEWHERE;
  if (found.isWrapped === true) return WRAPPED;
  if (name === "createAuth" && hasMore(found)) return MORE;
  const peers = library === PEER && part === "use" ? outcomeOfPeer(found) : undefined;
  if (peers !== undefined) return peers;
  const lists = library === CONVEX_AUTH ? CONVEX_AUTHS : library === PEER ? PEERS : {};
  const instead = part === "use" ? lists[name] : undefined;
  if (instead !== undefined) return `is removed; use instead: ${instead}.`;
  return outcomeOf(found, paths);
}

/** The parts of `convexAuth()` among them that have a replacement. */
export function refusalsIn(
  { module, node, name, library }: Found,
  read: ModuleReader,
): readonly Refusal[] {
  const isTheirs =
    library === CONVEX_AUTH && name === "convexAuth" && node.type === "CallExpression";
  return isTheirs ? readProviders(module, node, read).refusals : [];
}

/** What its owner writes in the place of such a part. */
export function notCarried(instead: string): string {
  return `is not carried over. Remove it, run the command again, then write in auth.ts: ${instead}.`;
}

function ownTable(model: string): string {
  const named = `${model}: { modelName: "auth_${model}" }`;
  const isCore = ["user", "session", "account"].includes(model);
  const edit = isCore
    ? `\`${named}\` into the options of betterAuth()`
    : `\`schema: { ${named} }\` into the options of its plugin`;
  return `is your own, and Better Auth's table of that name would become the same one. Write ${edit} for another name, or rename yours. Then run the command again.`;
}

const SPREAD =
  "takes options from elsewhere by `...`, and kitcn cannot tell which: a `database` or `rateLimit` among them would replace its own. Write them in the one object that betterAuth() is given, then run the command again.";

/** True for a call whose object of options has members from elsewhere that are not known. */
function spreadIn({ module, node }: Found): boolean {
  const [given] = node.type === "CallExpression" ? node.arguments : [];
  const options = given && unwrap(given);
  return options?.type === "ObjectExpression" && spreadObjects(module, options) === undefined;
}

const OWN_ROUTE =
  "has code of yours around the library's handler, and kitcn would drop it. Make `handlers` in lib/auth-server with createNextAuth() of kitcn/auth/nextjs, or createStartAuth() of kitcn/auth/start. Then write `handlers.POST(request)` where the route of Next calls the library's, or `handlers.POST({ request })` in one of TanStack Start, and run the command again.";

const WRAPPED =
  "registers a function of yours, and kitcn would drop what that function adds. Move its additions into auth.ts, register the function that returns betterAuth() itself, then run the command again. If that function is in another module than auth.ts of the functions directory, move it and the client there.";

const MORE =
  "gives more than the context, and getAuth(ctx) of generated/auth takes the context alone. Remove the other arguments, or decide in auth.ts by what the context has. Then run the command again.";

/** A call with other arguments than the context. */
function hasMore({ node }: Found): boolean {
  return node.type === "CallExpression" && node.arguments.length > 1;
}

const AUTH_SERVER = /[\\/]lib[\\/]auth-server\.[cm]?[jt]sx?$/;

const TOKEN_IN_SERVER =
  "has a form that kitcn cannot edit. Write `createNextAuth().getToken()` in its place, with createNextAuth of kitcn/auth/nextjs.";

const TOKEN_ELSEWHERE =
  "has a form that kitcn cannot edit. Write `getToken()` in its place, and have lib/auth-server export it: `export const { getToken } = createNextAuth()`, with createNextAuth of kitcn/auth/nextjs.";

/** The same for a service's place, in a run that takes the service out. */
export function outcomeOfVendor(
  found: Found,
  input: {
    readonly page: string | undefined;
    readonly isLeft: boolean;
    readonly paths: SignInPaths;
  },
): string {
  const { part, name, library } = found;
  const { page, isLeft, paths } = input;
  if (page !== undefined && page !== "") return page;
  if (isLeft) {
    if (part === "provider") return "stays while a component inside it needs it.";
    if (part === "auth-config")
      return "stays, because kitcn cannot edit its form. Remove it yourself.";
    const closed =
      part === "middleware" ? `stays, and admits only ${library.name}'s users` : "stays";
    return withInstead(closed, insteadOf(found, paths)) ?? `${closed}; kitcn has no equivalent.`;
  }
  if (part === "provider")
    return BOUND_PROVIDERS.has(name)
      ? "becomes <ConvexAuthProvider> of kitcn/auth/client."
      : "is removed; its children stay, inside Convex's provider.";
  if (part === "auth-config") return "becomes getAuthConfigProvider() of kitcn/auth/config.";
  if (part === "middleware") return "becomes one that asks kitcn, for the same pages.";
  return page === ""
    ? atPath(BECOMES[name] ?? "becomes kitcn's.", paths)
    : "is removed with the code that needed it.";
}

function isNextCall(name: string): boolean {
  return name === "convexAuthNextjsToken" || name === "isAuthenticatedNextjs";
}

/** Which ones, by their names. */
function refusedIn({ module, node }: Found, read: ModuleReader): string {
  const refused = node.type === "CallExpression" ? readProviders(module, node, read).refused : [];
  return refused.length === 0 ? "" : `: ${refused.join("; ")}`;
}

function withInstead(what: string, instead: string | undefined): string | undefined {
  return instead === undefined ? undefined : `${what}; use instead: ${instead}.`;
}

/** What a use of a service is with kitcn, where the meaning is the same. */
const BECOMES: Readonly<Record<string, string>> = {
  SignedIn: "becomes <Authenticated> of convex/react.",
  SignedOut: "becomes <Unauthenticated> of convex/react.",
  Show: "becomes <Authenticated> or <Unauthenticated> of convex/react.",
  Protect: "becomes <Authenticated> of convex/react.",
  SignIn: "becomes a link to /auth.",
  SignUp: "becomes a link to /auth.",
  SignInButton: "becomes a link to /auth.",
  SignUpButton: "becomes a link to /auth.",
  UserButton: "becomes a link to /auth, for users.",
  SignOutButton: "becomes a button that calls authClient.signOut().",
  useAuth: "becomes useConvexAuth() and the auth client.",
  useUser: "becomes useConvexAuth() of convex/react.",
  useAuth0: "becomes useConvexAuth() and the auth client.",
  useClerk: "becomes calls of the auth client.",
  auth: "becomes getToken() or isAuthenticated() of lib/auth-server.",
  withAuth: "becomes getToken() or isAuthenticated() of lib/auth-server.",
  "auth.protect": "becomes isAuthenticated() of lib/auth-server, and the way to /auth.",
};
