// The pages of Better Auth UI: the packages and views that an app gets, and the modules that show the views. Pure data
// and text. Holds no code of the library: shadcn's CLI copies its views into the app.
import { join } from "node:path/posix";
import type { PageContent } from "./print.js";

/** The folders of shadcn/ui as the app's modules import them. */
export type ShadcnAliases = {
  readonly components: string;
  readonly lib: string;
  readonly ui: string;
};

/** Frameworks whose router shows the views. */
export type UiFramework = "next" | "start";

/** What a front end imports for the views; the last two belong to better-auth, and the library asks for them. */
export const UI_PACKAGES = [
  "@better-auth-ui/react@^1.7.23",
  "@better-auth-ui/core@^1.7.23",
  "@tanstack/react-query@^5.101.2",
  "@better-auth/api-key",
  "@better-auth/passkey",
] as const;

/** The oldest releases that the library works with. */
export const UI_PEERS = [
  { name: "react", min: "19.2.6" },
  { name: "tailwindcss", min: "4.3.2" },
  // Packages of the library that an app has from before.
  { name: "@better-auth-ui/react", min: "1.7.0" },
  { name: "@better-auth-ui/core", min: "1.7.0" },
  { name: "@tanstack/react-query", min: "5.101.2" },
] as const;

/** The items of the library's registry that every app gets, each with a module that it brings. */
export const UI_ITEMS: readonly { readonly item: string; readonly module: UiModule }[] = [
  { item: "auth", module: { in: "components", path: "auth/auth" } },
  { item: "settings", module: { in: "components", path: "auth/settings/settings" } },
  { item: "user-button", module: { in: "components", path: "auth/user/user-button" } },
  { item: "delete-user", module: { in: "lib", path: "auth/delete-user-plugin" } },
];

/** A module that shadcn's CLI writes. */
export type UiModule = { readonly in: keyof ShadcnAliases; readonly path: string };

/** The module with the plugin of the library for a plugin of Better Auth. */
export function moduleOfPlugin(id: string): UiModule {
  return { in: "lib", path: `auth/${id}-plugin` };
}

/**
 * The plugins that the library has views for and that need no options, in the order of auth clients.
 *
 * @param ids of plugins of Better Auth
 * @example
 * pluginsWithViews(["magic-link", "jwt"]); // ["magic-link"]
 */
export function pluginsWithViews(ids: readonly string[]): string[] {
  return ids.filter((id) => Object.hasOwn(PLUGINS, id));
}

/** Those whose views need options or a route that only the app's author knows. */
export function pluginsByHand(ids: readonly string[]): string[] {
  return ids.filter((id) => BY_HAND.includes(id));
}

/** Where the library documents a plugin. */
export function uiDocs(id: string): string {
  return `https://better-auth-ui.com/docs/shadcn/plugins/${id}`;
}

/** The specifier of a module that shadcn's CLI writes. */
export function uiSpecifier(aliases: ShadcnAliases, { in: folder, path }: UiModule): string {
  return join(aliases[folder], path);
}

export type UiInput = Pick<PageContent, "features" | "providers"> & {
  readonly framework: UiFramework;
  readonly aliases: ShadcnAliases;
  /** Specifier of the auth client. */
  readonly authClient: string;
  /** Code of the path below which the app is served. */
  readonly base: string;
  /** Ids of the plugins to pass to the library. */
  readonly plugins: readonly string[];
};

/** BetterAuthUI.tsx: the provider of the views. */
export function printUiProvider(input: UiInput): string {
  const { framework, aliases, authClient, base, features, providers } = input;
  const plugins = [...input.plugins, ...(features.has("delete-user") ? ["delete-user"] : [])];
  const from = (module: UiModule) => JSON.stringify(uiSpecifier(aliases, module));
  const imports = plugins.map(
    (id) => `import { ${nameOf(id)} } from ${from(moduleOfPlugin(id))};\n`,
  );
  const list = (code: readonly string[]) => `[${code.join(", ")}]`;
  const { head, before, link, navigate } = ROUTERS[framework];
  return `${framework === "next" ? '"use client";\n\n' : ""}// Gives the views of Better Auth UI the auth client, the router, and what auth.ts has.
import type { AuthProviderProps } from "@better-auth-ui/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
${head}import { AuthProvider } from ${from({ in: "components", path: "auth/auth-provider" })};
import { Toaster } from ${from({ in: "ui", path: "sonner" })};
${imports.join("")}import { authClient } from ${JSON.stringify(authClient)};

/** The path below which the app is served: links in mails begin with it. */
const BASE = ${base};

/** Settings and organizations are at /auth, too. */
const PATHS = { settings: "/auth", organization: "/auth" };

const PASSWORDS = {
  enabled: ${features.has("password")},
  forgotPassword: ${features.has("reset")},
  requireEmailVerification: ${features.has("verification")},
};

const PROVIDERS: AuthProviderProps["socialProviders"] = ${list(providers.map((id) => JSON.stringify(id)))};

const PLUGINS: AuthProviderProps["plugins"] = ${list(plugins.map((id) => `${nameOf(id)}()`))};
${before}
/** Goes around everything that shows a view of Better Auth UI. */
export function BetterAuthUI({ children }: { children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient());
${navigate}
  return (
    <QueryClientProvider client={queryClient}>
      <AuthProvider
        authClient={authClient}
        baseURL={BASE}
        basePaths={PATHS}
        emailAndPassword={PASSWORDS}
        socialProviders={PROVIDERS}
        plugins={PLUGINS}
        navigate={navigate}
        Link={${link}}
      >
        {children}
        <Toaster />
      </AuthProvider>
    </QueryClientProvider>
  );
}
`;
}

/** AuthViews.tsx: the view of a path below /auth, and what /auth itself does. */
export function printUiViews(input: UiInput): string {
  const { framework, aliases, authClient, plugins } = input;
  const from = (path: string) =>
    JSON.stringify(uiSpecifier(aliases, { in: "components", path: `auth/${path}` }));
  const hasOrganizations = plugins.includes("organization");
  const only = (text: string) => (hasOrganizations ? text : "");
  return `${framework === "next" ? '"use client";\n\n' : ""}// The pages below /auth: each shows the view of Better Auth UI that its path names.
import { useAuth } from "@better-auth-ui/react";
import { useEffect } from "react";
import { Auth } from ${from("auth")};
${only(`import { Organization } from ${from("organization/organization")};\n`)}import { Settings } from ${from("settings/settings")};
import { authClient } from ${JSON.stringify(authClient)};

/** The view at /auth/<path>. */
export function AuthView({ path }: { path: string }) {
  const { Link, plugins, viewPaths } = useAuth();
  const all = [viewPaths, ...plugins.map((plugin) => plugin.viewPaths)];
  const has = (kind: "auth" | "settings"${only(' | "organization"')}) =>
    all.some((paths) => {
      const named: object = (paths as Partial<Record<typeof kind, object>> | undefined)?.[kind] ?? {};
      ${
        hasOrganizations
          ? `// Without dynamicAccessControl in organizationPlugin(), the view of roles refuses to be shown.
      return Object.entries(named).some(([name, value]) => value === path && name !== "roles");`
          : "return Object.values(named).includes(path);"
      }
    });
  return (
    <main className="flex w-full justify-center p-4 md:p-6">
      {has("auth") ? (
        <Auth path={path} />
      ) : has("settings") ? (
        <div className="w-full max-w-3xl">
          <Settings path={path} />
        </div>
      )${only(` : has("organization") ? (
        <div className="w-full max-w-3xl">
          <Organization path={path} />
        </div>
      )`)} : (
        <p>
          This page does not exist. <Link href="/auth/sign-in">Sign in</Link>
        </p>
      )}
    </main>
  );
}

/** The page at /auth: opens the view that a link, a mail or an identity provider means. */
export function AuthEntry() {
  const { navigate } = useAuth();
  const { data: session, isPending } = authClient.useSession();
  const isSignedIn = Boolean(session);
  useEffect(() => {
    if (isPending) return;
    navigate({ to: viewFor(new URL(window.location.href), isSignedIn), replace: true });
  }, [isPending, isSignedIn, navigate]);
  return (
    <p>
      <output>Loading…</output>
    </p>
  );
}

function viewFor({ search, searchParams, hash }: URL, isSignedIn: boolean): string {
  if (searchParams.has("error")) return \`/auth/error\${search}\`;
  if (searchParams.has("token")) return \`/auth/reset-password\${search}\`;
${only(`  const invitationId = new URLSearchParams(hash.slice(1)).get("invitation");
  if (invitationId) return \`/auth/accept-invitation?\${new URLSearchParams({ invitationId })}\`;
  if (hash === "#organization") return "/auth/organizations";
`)}  return isSignedIn || hash === "#account" ? "/auth/account" : \`/auth/sign-in\${search}\`;
}
`;
}

/** app/auth/page.tsx */
export function printNextEntry(views: string): string {
  return `import { AuthEntry } from ${JSON.stringify(views)};

export default function Page() {
  return <AuthEntry />;
}
`;
}

/** app/auth/[path]/page.tsx. The boundary is for cache components, which refuse to wait for a path without one. */
export function printNextView(views: string): string {
  return `import { Suspense } from "react";
import { AuthView } from ${JSON.stringify(views)};

type Props = { params: Promise<{ path: string }> };

export default function Page({ params }: Props) {
  return (
    <Suspense>
      <View params={params} />
    </Suspense>
  );
}

async function View({ params }: Props) {
  const { path } = await params;
  return <AuthView path={path} />;
}
`;
}

/** src/routes/auth.index.tsx */
export function printStartEntry(views: string): string {
  return `import { createFileRoute } from "@tanstack/react-router";
import { AuthEntry } from ${JSON.stringify(views)};

export const Route = createFileRoute("/auth/")({ component: AuthEntry });
`;
}

/** src/routes/auth.$path.tsx */
export function printStartView(views: string): string {
  return `import { createFileRoute } from "@tanstack/react-router";
import { AuthView } from ${JSON.stringify(views)};

export const Route = createFileRoute("/auth/$path")({ component: View });

function View() {
  const { path } = Route.useParams();
  return <AuthView path={path} />;
}
`;
}

// --- internal ---

/** Names of the library's plugins, by id of Better Auth's. */
const PLUGINS: Readonly<Record<string, string>> = {
  username: "usernamePlugin",
  "magic-link": "magicLinkPlugin",
  "email-otp": "emailOtpPlugin",
  "phone-number": "phoneNumberPlugin",
  anonymous: "anonymousPlugin",
  "two-factor": "twoFactorPlugin",
  passkey: "passkeyPlugin",
  organization: "organizationPlugin",
  "multi-session": "multiSessionPlugin",
  "api-key": "apiKeyPlugin",
  "last-login-method": "lastLoginMethodPlugin",
  "device-authorization": "deviceAuthorizationPlugin",
};

const BY_HAND: readonly string[] = ["admin", "captcha", "oauth-provider", "one-tap", "siwe", "sso"];

function nameOf(id: string): string {
  return PLUGINS[id] ?? "deleteUserPlugin"; // the only other one, which auth.ts has as an option
}

/** What differs between the routers. */
const ROUTERS: Record<
  UiFramework,
  { head: string; before: string; link: string; navigate: string }
> = {
  next: {
    head: `import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useState, type ReactNode } from "react";
`,
    before: "",
    link: "Link",
    navigate: `  const router = useRouter();
  const navigate = useCallback(
    ({ to, replace }: { to: string; replace?: boolean }) =>
      replace ? router.replace(to) : router.push(to),
    [router],
  );`,
  },
  start: {
    head: `import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ComponentProps, type ReactNode } from "react";
`,
    before: `
/** The router's link, as the views call it: with \`href\`. */
function ViewLink({ href, ...props }: ComponentProps<"a"> & { href: string }) {
  return <Link {...props} to={href} />;
}
`,
    link: "ViewLink",
    navigate: "  const navigate = useNavigate();",
  },
};
