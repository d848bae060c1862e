// What the owner of an app writes in the place of a call or an element that kitcn cannot move: by its name, and by what
// the app takes from it. Texts alone; every piece of code in them compiles in an app with kitcn. Pure.
import type { Node } from "@babel/types";
import { atPath } from "./vendors/paths.js";
import { namesOfPattern, nodesAround } from "./common/references.js";
import type { Found, SignInPaths } from "./common/types.js";

/**
 * The replacement of a place; undefined where kitcn has nothing of that kind.
 *
 * @param paths where visitors sign in
 */
export function insteadOf(
  found: Pick<Found, "module" | "node" | "name">,
  paths: SignInPaths,
): string | undefined {
  const { name } = found;
  const members = membersOf(found).filter((member) => `${name}.${member}` in INSTEAD);
  if (members.length > 0)
    return members.map((member) => `${member}: ${INSTEAD[`${name}.${member}`]}`).join("; ");
  const text = paths.hasPage ? INSTEAD[name] : (WITHOUT_PAGE[name] ?? INSTEAD[name]);
  return text === undefined ? undefined : atPath(text, paths);
}

/** What a middleware does that kitcn cannot write for its author. */
const MIDDLEWARE =
  '`if (isClosed(request) && !(await isAuthenticated())) return NextResponse.redirect(new URL("/auth", request.url))`, with isAuthenticated of lib/auth-server, NextResponse of next/server, your own isClosed(), and /auth and /api/auth left open';

/** Some apps send it to servers of their own. */
const TOKEN =
  "nothing for Convex: the provider hands it the token. For a request of your own: `(await authClient.convex.token()).data?.token`";

const ORGANIZATION = "with Better Auth's organization plugin";

const SESSION_USER =
  "`authClient.useSession().data?.user`, which has an id, a name, an email and an image";

const SIGN_OUT = "`authClient.signOut()`";
const IS_SIGNED_IN = "`useConvexAuth().isAuthenticated` of convex/react";
const IS_LOADING = "`useConvexAuth().isLoading` of convex/react";
const IS_LOADED = "the opposite of `useConvexAuth().isLoading` of convex/react";

/** A server component asks a function of the app. */
const SERVER_QUERY =
  "`await fetchAuthQuery(api.users.me, {})` of lib/auth-server, with a query of yours in the place of api.users.me";

const ROLE_QUERY =
  'a query of yours that calls `await requireOrganization(ctx, { role: ["owner", "admin"] })` of kitcn/auth, ' +
  ORGANIZATION;

const CLAIMS = "a query of yours that reads `await getAuthUserIdentity(ctx)` of kitcn/auth";

const ACTIVE_ID = `\`authClient.useActiveOrganization().data?.id\`, ${ORGANIZATION}`;
const ACTIVE_SLUG = `\`authClient.useActiveOrganization().data?.slug\`, ${ORGANIZATION}`;
const ACTIVE_ROLE = `\`authClient.useActiveMember().data?.role\`, ${ORGANIZATION}`;

/**
 * By the name that an app imports, or by that name and a member that is taken from what it returns. Code is in
 * backticks, with the module of each name it needs; `authClient` is the app's own.
 */
export const INSTEAD: Readonly<Record<string, string>> = {
  getAuthUserId: "`getAuthUserId(ctx)` of kitcn/auth",
  getAuthSessionId: "`(await getSession(ctx))?._id` with getSession of kitcn/auth",
  useAuthActions: "`authClient.signIn`, `authClient.signUp` and `authClient.signOut()`",
  useAuthToken: TOKEN,
  useUser: SESSION_USER,
  useSession: "`authClient.useSession()`",
  useAuth: "`useConvexAuth()` of convex/react, or `authClient.useSession()`",
  "useAuth.userId": "`authClient.useSession().data?.user.id`",
  "useAuth.user": SESSION_USER,
  "useAuth.signOut": SIGN_OUT,
  "useAuth.isSignedIn": IS_SIGNED_IN,
  "useAuth.isLoaded": IS_LOADED,
  "useAuth.loading": IS_LOADING,
  "useAuth.sessionId": "`authClient.useSession().data?.session.id`",
  "useAuth.sessionClaims": CLAIMS,
  "useAuth.getToken": TOKEN,
  "useAuth.orgId": ACTIVE_ID,
  "useAuth.orgSlug": ACTIVE_SLUG,
  "useAuth.orgRole": ACTIVE_ROLE,
  "useAuth.organizationId": ACTIVE_ID,
  "useAuth.role": ACTIVE_ROLE,
  "useAuth.has": `\`await authClient.organization.hasPermission({ permissions: { member: ["update"] } })\` with permissions of yours, ${ORGANIZATION}`,
  useAuth0: "`authClient.useSession()` and `authClient.signOut()`",
  "useAuth0.user": SESSION_USER,
  "useAuth0.logout": SIGN_OUT,
  "useAuth0.isAuthenticated": IS_SIGNED_IN,
  "useAuth0.isLoading": IS_LOADING,
  "useAuth0.getAccessTokenSilently": TOKEN,
  "useAuth0.getIdTokenClaims": CLAIMS,
  useClerk: SIGN_OUT,
  "useUser.user": SESSION_USER,
  "useUser.isSignedIn": IS_SIGNED_IN,
  "useUser.isLoaded": IS_LOADED,
  useSignIn: "`authClient.signIn`",
  useSignUp: "`authClient.signUp`",
  useOrganization: `\`authClient.useActiveOrganization()\`, ${ORGANIZATION}`,
  "useOrganization.organization": `\`authClient.useActiveOrganization().data\`, ${ORGANIZATION}`,
  "useOrganization.membership": `\`authClient.useActiveMember().data\`, ${ORGANIZATION}`,
  "useOrganization.memberships": `\`authClient.useActiveOrganization().data?.members\`, ${ORGANIZATION}`,
  "useOrganization.invitations": `\`authClient.useActiveOrganization().data?.invitations\`, ${ORGANIZATION}`,
  useOrganizationList: `\`authClient.useListOrganizations()\`, ${ORGANIZATION}`,
  "useOrganizationList.setActive": `\`authClient.organization.setActive({ organizationId: id })\`, ${ORGANIZATION}`,
  "useOrganizationList.userMemberships": `\`authClient.useListOrganizations().data\`, ${ORGANIZATION}`,
  SignedIn: "`<Authenticated>` of convex/react",
  SignedOut: "`<Unauthenticated>` of convex/react",
  SignIn: "the page at /auth",
  SignUp: "the page at /auth",
  SignInButton: "a link to /auth",
  SignUpButton: "a link to /auth",
  SignOutButton: "a button that calls `authClient.signOut()`",
  UserButton: "the page at /auth, or your own menu with `authClient.useSession()`",
  convexAuthNextjsToken: "`await getToken()` of lib/auth-server",
  isAuthenticatedNextjs: "`await isAuthenticated()` of lib/auth-server",
  "auth.protect":
    '`if (!(await isAuthenticated())) redirect("/auth")`, with isAuthenticated of lib/auth-server and redirect of next/navigation',
  getToken: "`await getToken()` of lib/auth-server",
  useSignOut: SIGN_OUT,
  useAccessToken: TOKEN,
  Show: "`<Authenticated>` or `<Unauthenticated>` of convex/react",
  Protect: `\`<Authenticated>\` of convex/react, and ${ROLE_QUERY}`,
  RedirectToSignIn: '`redirect("/auth")` of next/navigation, or a link to /auth',
  UserProfile: "the page at /auth, or your own page with `authClient.updateUser({ name })`",
  OrganizationSwitcher: `your own component with \`authClient.useListOrganizations()\`, ${ORGANIZATION}`,
  signOut: SIGN_OUT,
  authMiddleware: MIDDLEWARE,
  clerkMiddleware: MIDDLEWARE,
  authkitMiddleware: MIDDLEWARE,
  auth: "`await isAuthenticated()` or `await getToken()` of lib/auth-server",
  "auth.sessionClaims": CLAIMS,
  "auth.has": ROLE_QUERY,
  "auth.orgRole": ROLE_QUERY,
  "auth.orgId": ROLE_QUERY,
  "auth.userId": SERVER_QUERY,
  currentUser: SERVER_QUERY,
  withAuth: "`await isAuthenticated()` or `await getToken()` of lib/auth-server",
  "withAuth.user": SERVER_QUERY,
  "withAuth.organizationId": ROLE_QUERY,
  "withAuth.role": ROLE_QUERY,
};

/** The same by name, for an app that gets no page of kitcn's: what it would do there, the app does itself. */
export const WITHOUT_PAGE: Readonly<Record<string, string>> = {
  SignIn: "your own form, which calls `authClient.signIn.email({ email, password })`",
  SignUp: "your own form, which calls `authClient.signUp.email({ name, email, password })`",
  UserButton: "your own menu with `authClient.useSession()`",
  UserProfile: "your own page with `authClient.updateUser({ name })`",
};

// --- internal ---

/** What a call's value is taken apart into: `const { a, b } = await call()`, `call().a`. */
function membersOf({ module, node }: Pick<Found, "module" | "node">): string[] {
  const around = nodesAround(module, node);
  const [holder] = around.filter(({ type }) => !TRANSPARENT.has(type));
  if (!holder) return [];
  if (holder.type === "VariableDeclarator")
    return holder.id.type === "ObjectPattern" ? [...(namesOfPattern(holder.id)?.keys() ?? [])] : [];
  return memberName(holder);
}

const TRANSPARENT: ReadonlySet<string> = new Set<Node["type"]>([
  "AwaitExpression",
  "ParenthesizedExpression",
  "TSNonNullExpression",
]);

function memberName(node: Node): string[] {
  if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return [];
  return !node.computed && node.property.type === "Identifier" ? [node.property.name] : [];
}
