// What signs users in to an app is found before anything is refused, said at once, and every printed edit leads on:
// applied to the letter by git, the app compiles and the next run finishes.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, type AppOptions, type CliApp } from "../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../support/front-end.js";
import { CONVEX_AUTH_SETUP } from "./apps/convex-auth.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

type Refused = {
  readonly error: { readonly code: string; readonly message: string; readonly hint: string };
  readonly signIn: readonly {
    file: string;
    line: number;
    library: string;
    name: string;
    becomes: string;
    isInTheWay: boolean;
  }[];
  readonly left: readonly { file: string; line: number; name: string }[];
  readonly diff: string;
};

/** The refusal of an app; nothing is written. */
async function refusal(app: CliApp): Promise<Refused> {
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--yes", "--json");
  expect(ran.code, ran.stdout).toBe(1);
  expect(app.snapshot()).toEqual(before);
  return JSON.parse(ran.stdout) as Refused;
}

/** Makes the printed edits as they are, and runs the command again. */
async function applyAndGoOn(app: CliApp, { diff }: Refused): Promise<void> {
  writeFileSync(app.path("edits.patch"), diff);
  execFileSync("git", ["apply", "--whitespace=nowarn", "edits.patch"], {
    cwd: app.root,
    stdio: "pipe",
  });
  app.remove("edits.patch");
  const ran = await app.kitcn("add", "auth", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  await expectSecondRunEmpty(app);
}

const places = ({ signIn }: Refused) =>
  signIn.map(({ file, line, library, name }) => `${file}:${line} ${library} ${name}`);

const LAYOUT = (
  open: string,
  close: string,
  imports: string,
) => `import type { ReactNode } from "react";
${imports}

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        ${open}{children}${close}
      </body>
    </html>
  );
}
`;

/** Types of packages that are not installed here. */
const stub = (name: string, types: string) => ({
  [`node_modules/${name}/package.json`]: `{ "name": "${name}", "version": "1.0.0", "types": "index.d.ts" }\n`,
  [`node_modules/${name}/index.d.ts`]: types,
});

const CLERK_TYPES = `import type { ReactNode } from "react";
export declare function ClerkProvider(props: { children: ReactNode }): ReactNode;
export declare function useAuth(): { isLoaded: boolean; isSignedIn: boolean | undefined; getToken(options: { template?: "convex"; skipCache?: boolean }): Promise<string | null>; orgId: string | undefined | null; orgRole: string | undefined | null };
export declare function useUser(): { user: { firstName: string } | null };
`;

const CLERK: Record<string, string> = {
  ...stub("@clerk/nextjs", CLERK_TYPES),
  "app/layout.tsx": LAYOUT(
    "<ClerkProvider>",
    "</ClerkProvider>",
    'import { ClerkProvider } from "@clerk/nextjs";',
  ),
  "app/team/layout.tsx": `import type { ReactNode } from "react";
import { TeamProvider } from "@/ui/TeamProvider";

export default function TeamLayout({ children }: { children: ReactNode }) {
  return <TeamProvider>{children}</TeamProvider>;
}
`,
  "ui/TeamProvider.tsx": `"use client";
import { useAuth } from "@clerk/nextjs";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
import type { ReactNode } from "react";

const client = new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!);

export function TeamProvider({ children }: { children: ReactNode }) {
  return (
    <ConvexProviderWithClerk client={client} useAuth={useAuth}>
      {children}
    </ConvexProviderWithClerk>
  );
}
`,
  "app/team/page.tsx": `"use client";
import { useUser } from "@clerk/nextjs";

export default function Page() {
  return <p>{useUser().user?.firstName}</p>;
}
`,
  "convex/auth.config.ts": `export default {
  providers: [{ domain: "https://a.clerk.accounts.dev", applicationID: "convex" }],
};
`,
};

const PEER: Record<string, string> = {
  "app/layout.tsx": LAYOUT(
    "<ConvexClientProvider>",
    "</ConvexClientProvider>",
    'import { ConvexClientProvider } from "../ui/ConvexClientProvider";',
  ),
  "ui/ConvexClientProvider.tsx": `"use client";
import { ConvexBetterAuthProvider } from "@convex-dev/better-auth/react";
import { ConvexReactClient } from "convex/react";
import type { PropsWithChildren } from "react";
import { authClient } from "../lib/auth-client";

const convex = new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!);

export function ConvexClientProvider({
  children,
  initialToken,
}: PropsWithChildren<{ initialToken?: string | null }>) {
  return (
    <ConvexBetterAuthProvider
      client={convex}
      authClient={authClient}
      initialToken={initialToken}
    >
      {children}
    </ConvexBetterAuthProvider>
  );
}
`,
  "app/api/auth/[...all]/route.ts": `import { handler } from "../../../../lib/auth-server";

export const { GET, POST } = handler;
`,
  "lib/auth-client.ts": `import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { organizationClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({ plugins: [convexClient(), organizationClient()] });
`,
  "lib/auth-server.ts": `import { convexBetterAuthNextJs } from "@convex-dev/better-auth/nextjs";

export const { handler, getToken, preloadAuthQuery, fetchAuthMutation } = convexBetterAuthNextJs({
  convexUrl: process.env.NEXT_PUBLIC_CONVEX_URL!,
  convexSiteUrl: process.env.NEXT_PUBLIC_CONVEX_SITE_URL!,
  jwtCache: { enabled: true, isAuthError: () => false },
});
`,
  "convex/convex.config.ts": `import betterAuth from "@convex-dev/better-auth/convex.config";
import { defineApp } from "convex/server";

const app = defineApp();
app.use(betterAuth);

export default app;
`,
  "convex/auth.config.ts": `import { getAuthConfigProvider } from "@convex-dev/better-auth/auth-config";
import type { AuthConfig } from "convex/server";

export default { providers: [getAuthConfigProvider()] } satisfies AuthConfig;
`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth";

const http = httpRouter();
authComponent.registerRoutes(http, createAuth, {
  cors: { allowedOrigins: ["https://app.example"] },
});
export default http;
`,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  profiles: defineTable({ userId: v.string(), email: v.string() }).index("userId", ["userId"]),
});
`,
  "convex/auth.ts": `import { type AuthFunctions, createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth, type BetterAuthOptions } from "better-auth/minimal";
import { organization } from "better-auth/plugins";
import { components, internal } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import { query } from "./_generated/server";
import authConfig from "./auth.config";

const authFunctions: AuthFunctions = internal.auth;

export const authComponent = createClient<DataModel>(components.betterAuth, {
  authFunctions,
  triggers: {
    user: {
      onCreate: async (ctx, user) => {
        await ctx.db.insert("profiles", { userId: user._id, email: user.email });
      },
      onUpdate: async (ctx, user, old) => {
        if (user.email === old.email) return;
        const profile = await ctx.db
          .query("profiles")
          .withIndex("userId", (q) => q.eq("userId", user._id))
          .first();
        if (profile) await ctx.db.patch(profile._id, { email: user.email });
      },
      onDelete: async (ctx, user) => {
        console.log("gone", user.email, ctx.db !== undefined);
      },
    },
  },
});

export const { onCreate, onUpdate, onDelete } = authComponent.triggersApi();

export const createAuthOptions = (ctx: GenericCtx<DataModel>) =>
  ({
    // Where the app is.
    baseURL: process.env.SITE_URL!,
    database: authComponent.adapter(ctx),
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: false,
      sendResetPassword: async ({ user, url }) => {
        console.log(user.email, url);
      },
    },
    socialProviders: {
      github: {
        clientId: process.env.GITHUB_CLIENT_ID!,
        clientSecret: process.env.GITHUB_CLIENT_SECRET!,
      },
    },
    plugins: [convex({ authConfig, jwksRotateOnTokenGenerationError: true }), organization()],
  }) satisfies BetterAuthOptions;

export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(createAuthOptions(ctx));

// Who asks.
export const getCurrentUser = query({
  args: {},
  handler: async (ctx) => {
    return await authComponent.getAuthUser(ctx);
  },
});
`,
  "convex/sessions.ts": `import { query } from "./_generated/server";
import { authComponent, createAuth } from "./auth";

export const devices = query({
  args: {},
  handler: async (ctx) => {
    const { auth, headers } = await authComponent.getAuth(createAuth, ctx);
    return (await auth.api.listSessions({ headers })).map(({ userAgent }) => userAgent);
  },
});

export const name = query({
  args: {},
  handler: async (ctx) => (await authComponent.safeGetAuthUser(ctx))?.name ?? null,
});
`,
};

const app = (name: string, files: AppOptions["files"] = {}) => cliApp(name, { ...COMPILED, files });

describe("Clerk, in a nested layout behind an alias", () => {
  test("is found in every module, and the provider's edit leads on", async () => {
    const made = app("next", CLERK);
    const refused = await refusal(made);
    expect(refused.error.code).toBe("SIGN_IN_TAKEN");
    expect(places(refused)).toEqual([
      "app/layout.tsx:8 Clerk ClerkProvider",
      "app/team/page.tsx:5 Clerk useUser",
      "convex/auth.config.ts:2 Clerk https://a.clerk.accounts.dev",
      "ui/TeamProvider.tsx:11 Clerk ConvexProviderWithClerk",
    ]);
    expect(refused.left).toEqual([]);
    expect(refused.error.message).toContain(
      "use instead: user: `authClient.useSession().data?.user`",
    );
    await applyAndGoOn(made, refused);
    expect(made.read("ui/TeamProvider.tsx")).toContain(
      "    <ConvexAuthProvider client={client} authClient={authClient}>\n      {children}\n    </ConvexAuthProvider>\n",
    );
    expect(made.read("convex/auth.config.ts")).toContain("clerk.accounts.dev");
    expectTypes(
      ["app/layout.tsx", "app/team/page.tsx", "ui/TeamProvider.tsx", "convex/http.ts"].map(
        made.path,
      ),
    );
  });
});

describe("@convex-dev/better-auth", () => {
  test("is found in every module; the edits carry options, plugins, triggers and callbacks over", async () => {
    const made = app("next", PEER);
    const refused = await refusal(made);
    expect(refused.left).toEqual([]);
    expect(places(refused).map((one) => one.replace(/ @convex-dev\/better-auth/, ""))).toEqual([
      "app/api/auth/[...all]/route.ts:1 /api/auth",
      "convex/auth.config.ts:4 getAuthConfigProvider",
      "convex/auth.ts:12 createClient",
      "convex/auth.ts:57 betterAuth",
      "convex/auth.ts:63 getAuthUser",
      "convex/convex.config.ts:5 betterAuth",
      "convex/http.ts:5 authComponent.registerRoutes",
      "convex/sessions.ts:7 getAuth",
      "convex/sessions.ts:14 safeGetAuthUser",
      "lib/auth-client.ts:5 convexClient",
      "lib/auth-server.ts:3 convexBetterAuthNextJs",
      "ui/ConvexClientProvider.tsx:14 ConvexBetterAuthProvider",
    ]);
    await applyAndGoOn(made, refused);
    const after = made.snapshot();
    for (const [path, text] of Object.entries(after))
      expect(text, path).not.toContain("@convex-dev/");
    expect(after["convex/http.ts"]).toContain(
      'registerRoutes(http, authRoutes, { cors: { allowedOrigins: ["https://app.example"] } });',
    );
    expect(after["convex/auth.ts"]).toMatch(
      /sendResetPassword: async[^]*github: \{[^]*organization\(\)/,
    );
    expect(after["convex/auth.ts"]).toMatch(
      /onCreate|change: async \(\{ operation, newDoc: user, oldDoc: old \}, ctx\)/,
    );
    expect(after["convex/auth.ts"]).not.toMatch(
      /authComponent|GenericCtx|BetterAuthOptions|database:/,
    );
    expect(after["ui/ConvexClientProvider.tsx"]).toContain(
      "    <ConvexAuthProvider\n      client={convex}\n      authClient={authClient}\n      initialToken={initialToken}\n    >",
    );
    expectTypes(
      [
        "convex/http.ts",
        "convex/sessions.ts",
        "convex/convex.config.ts",
        "app/api/auth/[...all]/route.ts",
        "app/layout.tsx",
      ].map(made.path),
    );
  });
});

describe("@convex-dev/better-auth, with createAuth in a list of exports", () => {
  const listed = (list: string) =>
    (PEER["convex/auth.ts"] ?? "")
      .replace("export const createAuth =", "const createAuth =")
      .replace("export const authComponent", "const authComponent") + `\n${list}\n`;

  test.each([
    ["export { authComponent, createAuth };", ""],
    ["const SHARED = 1;\nexport { createAuth, authComponent, SHARED };", "export { SHARED };"],
  ])("moves as without one: %s", async (list, rest) => {
    const made = app("next", { ...PEER, "convex/auth.ts": listed(list) });
    const ran = await made.kitcn("add", "auth", "--replace", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
    const auth = made.read("convex/auth.ts");
    expect(auth).toContain("export default defineAuth(");
    expect(auth).not.toMatch(/createAuth\b|authComponent/);
    expect(auth).toContain(rest);
    expect(auth).not.toContain("export {}");
  });
});

describe("Convex Auth", () => {
  const files = (auth: string, more: Record<string, string> = {}): Record<string, string> => ({
    "src/main.tsx": `import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { ConvexReactClient } from "convex/react";
import { createRoot } from "react-dom/client";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);

createRoot(document.getElementById("root")!).render(
  <ConvexAuthProvider client={convex}>
    <p>Notes</p>
  </ConvexAuthProvider>,
);
`,
    ...CONVEX_AUTH_SETUP,
    "convex/auth.ts": `import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";

${auth}
`,
    ...more,
  });

  test("is found, and its providers become options", async () => {
    const made = app(
      "vite",
      files(
        "export const { auth, signIn, signOut, store } = convexAuth({ providers: [Password] });",
      ),
    );
    const refused = await refusal(made);
    expect(refused.left).toEqual([]);
    expect(places(refused)).toEqual([
      "convex/auth.config.ts:2 Convex Auth process.env.CONVEX_SITE_URL",
      "convex/auth.ts:4 Convex Auth convexAuth",
      "convex/http.ts:5 Convex Auth auth.addHttpRoutes",
      "src/main.tsx:8 Convex Auth ConvexAuthProvider",
    ]);
    await applyAndGoOn(made, refused);
    expect(made.read("convex/auth.ts")).toContain("emailAndPassword: { enabled: true },");
    expectTypes(["convex/http.ts", "src/main.tsx"].map(made.path));
  });

  test.each([
    [
      "a provider with options",
      files("export const { auth } = convexAuth({ providers: [Password({ reset: undefined })] });"),
      "convex/auth.ts:4",
    ],
    [
      "callbacks",
      files("export const { auth } = convexAuth({ providers: [Password], callbacks: {} });"),
      "convex/auth.ts:4",
    ],
    [
      "a function of auth.ts that the app calls",
      files("export const { auth, isAuthenticated } = convexAuth({ providers: [Password] });", {
        "src/gate.ts": `import { api } from "../convex/_generated/api";\n\nexport const gate = api.auth.isAuthenticated;\n`,
        "src/main.tsx": `import "./gate";\nimport { createRoot } from "react-dom/client";\n\ncreateRoot(document.getElementById("root")!).render(<p>Notes</p>);\n`,
      }),
      "src/gate.ts:3",
    ],
  ])("--replace writes nothing over %s, and names it", async (_name, given, place) => {
    const made = app("vite", given);
    const before = made.snapshot();
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
    expect(ran.code).toBe(1);
    expect(made.snapshot()).toEqual(before);
    const { left } = JSON.parse(ran.stdout) as Refused;
    expect(left.map(({ file, line }) => `${file}:${line}`)).toContain(place);
  });
});

describe("middleware, server calls and components", () => {
  test.each([
    [
      "Clerk",
      {
        "proxy.ts": `import { clerkMiddleware } from "@clerk/nextjs/server";\n\nexport default clerkMiddleware();\n`,
        "app/page.tsx": `import { SignInButton } from "@clerk/nextjs";\nimport { auth } from "@clerk/nextjs/server";\n\nexport default async function Page() {\n  return (await auth()).userId ? null : <SignInButton />;\n}\n`,
      },
      [
        "app/page.tsx:5 Clerk auth",
        "app/page.tsx:5 Clerk SignInButton",
        "proxy.ts:3 Clerk clerkMiddleware",
      ],
    ],
    [
      "WorkOS AuthKit",
      {
        "middleware.ts": `import { authkitMiddleware } from "@workos-inc/authkit-nextjs";\n\nexport default authkitMiddleware();\n`,
        "app/page.tsx": `import { withAuth } from "@workos-inc/authkit-nextjs";\n\nexport default async function Page() {\n  return <p>{(await withAuth()).user?.email}</p>;\n}\n`,
      },
      [
        "app/page.tsx:4 WorkOS AuthKit withAuth",
        "middleware.ts:3 WorkOS AuthKit authkitMiddleware",
      ],
    ],
    [
      "Auth0",
      {
        "app/page.tsx": `"use client";\nimport { useAuth0 } from "@auth0/auth0-react";\n\nexport default function Page() {\n  return <p>{useAuth0().user?.name}</p>;\n}\n`,
      },
      ["app/page.tsx:5 Auth0 useAuth0"],
    ],
  ])("of %s are listed where kitcn goes beside it", async (_name, given, want) => {
    const made = app("next", given);
    const ran = await made.kitcn("add", "auth", "--dry-run", "--json");
    expect(ran.code, ran.stdout).toBe(0);
    expect(places(JSON.parse(ran.stdout) as Refused)).toEqual(want);
  });
});

describe("--replace", () => {
  test("makes the printed edits itself, in one run with the rest", async () => {
    const byHand = app("next", PEER);
    await applyAndGoOn(byHand, await refusal(byHand));
    const replaced = app("next", PEER);
    const before = replaced.snapshot();
    const dry = await replaced.kitcn("add", "auth", "--replace", "--dry-run");
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain("-authComponent.registerRoutes(http, createAuth, {");
    expect(dry.stdout).toContain("becomes getAuthUser(ctx) of authUser.ts.");
    expect(replaced.snapshot()).toEqual(before);
    const ran = await replaced.kitcn("add", "auth", "--replace", "--yes");
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
    expect(replaced.snapshot()).toEqual(byHand.snapshot());
    await expectSecondRunEmpty(replaced);
    await expectSecondRunEmpty(replaced, "--replace");
  });

  test("writes nothing while a use is left that it cannot carry over, and names it", async () => {
    const made = app("next", {
      ...PEER,
      "convex/mail.ts": `import { action } from "./_generated/server";
import { authComponent } from "./auth";

export const greet = action({
  args: {},
  handler: async (ctx) => (await authComponent.getAnyUserById(ctx, "id"))?.name,
});
`,
    });
    const before = made.snapshot();
    const ran = await made.kitcn("add", "auth", "--replace", "--yes", "--json");
    expect(ran.code).toBe(1);
    expect(made.snapshot()).toEqual(before);
    const { left } = JSON.parse(ran.stdout) as Refused;
    expect(left.map(({ file, line }) => `${file}:${line}`)).toContain("convex/mail.ts:6");
    expect(await made.kitcn("add", "auth", "--replace", "--schema")).toMatchObject({ code: 2 });
  });
});

test("an auth.ts of plain helpers gains the definition, and keeps its lines", async () => {
  const helpers = `import type { QueryCtx } from "./_generated/server";

// Ours.
export async function requireUser(ctx: QueryCtx) {
  const identity = await ctx.auth.getUserIdentity();
  if (!identity) throw new Error("Sign in first.");
  return identity;
}
`;
  const made = app("plain", { "convex/auth.ts": helpers });
  const ran = await made.kitcn("add", "auth", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(made.read("convex/auth.ts")).toContain(helpers.slice(helpers.indexOf("// Ours.")));
  expect(made.read("convex/auth.ts")).toContain("export default defineAuth(() => ({");
  expectTypes([made.path("convex/http.ts")]);
  const again = await made.kitcn("add", "auth", "--yes");
  expect(again.stdout).toBe("kitcn add auth: everything is in place; nothing was written.\n");
});

test("an auth.ts of helpers with a name that the definition needs is refused with its lines", async () => {
  const made = app("plain", { "convex/auth.ts": "export const convex = 1;\n" });
  const ran = await made.kitcn("add", "auth", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/auth\.ts:1: kitcn's auth\.ts belongs in this file, and `convex` is/);
});
