// Apps of two other auth libraries, as their own documents make them, with their packages of today.
// Data only: moving.ts installs them.
import { PACKAGE, VITE } from "./moving.js";

/** `@convex-dev/better-auth`, as its guide for React and Vite has it. */
export const PEER_VITE: Readonly<Record<string, string>> = {
  ...VITE,
  "package.json": PACKAGE({ "@convex-dev/better-auth": "0.12.5", "better-auth": "~1.6.15" }),
  "src/App.tsx": `import { Authenticated, useQuery } from "convex/react";
import { api } from "../convex/_generated/api";

export function App() {
  return (
    <Authenticated>
      <User />
    </Authenticated>
  );
}

function User() {
  return <p>{useQuery(api.auth.getCurrentUser)?.email}</p>;
}
`,
  "src/lib/auth-client.ts": `import { createAuthClient } from "better-auth/react";
import {
  convexClient,
  crossDomainClient,
} from "@convex-dev/better-auth/client/plugins";

export const authClient = createAuthClient({
  baseURL: import.meta.env.VITE_CONVEX_SITE_URL,
  plugins: [
    convexClient(),
    crossDomainClient(),
  ],
});
`,
  "src/main.tsx": `import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ConvexReactClient } from "convex/react";
import { ConvexBetterAuthProvider } from "@convex-dev/better-auth/react";
import { authClient } from "./lib/auth-client";
import { App } from "./App";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ConvexBetterAuthProvider client={convex} authClient={authClient}>
      <App />
    </ConvexBetterAuthProvider>
  </StrictMode>
);
`,
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
import betterAuth from "@convex-dev/better-auth/convex.config";

const app = defineApp();
app.use(betterAuth);

export default app;
`,
  "convex/auth.config.ts": `import { getAuthConfigProvider } from "@convex-dev/better-auth/auth-config";
import type { AuthConfig } from "convex/server";

export default {
  providers: [getAuthConfigProvider()],
} satisfies AuthConfig;
`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth";

const http = httpRouter();

// CORS handling is required for client side frameworks
authComponent.registerRoutes(http, createAuth, { cors: true });

export default http;
`,
  "convex/auth.ts": `import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex, crossDomain } from "@convex-dev/better-auth/plugins";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import { query } from "./_generated/server";
import { betterAuth } from "better-auth/minimal";
import authConfig from "./auth.config";

const siteUrl = process.env.SITE_URL!;

// The component client has methods needed for integrating Convex with Better Auth,
// as well as helper methods for general use.
export const authComponent = createClient<DataModel>(components.betterAuth);

export const createAuth = (ctx: GenericCtx<DataModel>) => {
  return betterAuth({
    trustedOrigins: [siteUrl],
    database: authComponent.adapter(ctx),
    // Configure simple, non-verified email/password to get started
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: false,
    },
    plugins: [
      // The cross domain plugin is required for client side frameworks
      crossDomain({ siteUrl }),
      // The Convex plugin is required for Convex compatibility
      convex({ authConfig }),
    ],
  });
};

// Example function for getting the current user
// Feel free to edit, omit, etc.
export const getCurrentUser = query({
  args: {},
  handler: async (ctx) => {
    return authComponent.getAuthUser(ctx);
  },
});
`,
};

/** Convex Auth, as its starter for React and Vite has it. */
export const CONVEX_AUTH_VITE: Readonly<Record<string, string>> = {
  ...VITE,
  "package.json": PACKAGE({ "@auth/core": "0.41.1", "@convex-dev/auth": "0.0.95" }),
  "src/main.tsx": `import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ConvexAuthProvider } from "@convex-dev/auth/react";
import { ConvexReactClient } from "convex/react";
import App from "./App";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ConvexAuthProvider client={convex}>
      <App />
    </ConvexAuthProvider>
  </StrictMode>,
);
`,
  "src/App.tsx": `import { Authenticated, Unauthenticated, useConvexAuth, useMutation, useQuery } from "convex/react";
import { useAuthActions } from "@convex-dev/auth/react";
import { useState } from "react";
import { api } from "../convex/_generated/api";

export default function App() {
  return (
    <>
      <SignOutButton />
      <Authenticated>
        <Content />
      </Authenticated>
      <Unauthenticated>
        <SignInForm />
      </Unauthenticated>
    </>
  );
}

function SignOutButton() {
  const { isAuthenticated } = useConvexAuth();
  const { signOut } = useAuthActions();
  return isAuthenticated ? <button onClick={() => void signOut()}>Sign out</button> : null;
}

function SignInForm() {
  const { signIn } = useAuthActions();
  const [flow, setFlow] = useState<"signIn" | "signUp">("signIn");
  const [error, setError] = useState<string | null>(null);
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        const formData = new FormData(e.target as HTMLFormElement);
        formData.set("flow", flow);
        void signIn("password", formData).catch((error) => {
          setError(error.message);
        });
      }}
    >
      <input type="email" name="email" />
      <input type="password" name="password" />
      <button type="submit">{flow}</button>
      <button type="button" onClick={() => setFlow("signUp")}>Sign up instead</button>
      <button type="button" onClick={() => void signIn("github")}>GitHub</button>
      <p>{error}</p>
    </form>
  );
}

function Content() {
  const { viewer, numbers } = useQuery(api.myFunctions.listNumbers, { count: 10 }) ?? {};
  const addNumber = useMutation(api.myFunctions.addNumber);
  return (
    <button onClick={() => void addNumber({ value: 1 })}>
      {viewer ?? "Anonymous"} {numbers?.join(", ")}
    </button>
  );
}
`,
  "convex/auth.config.ts": `export default {
  providers: [
    {
      domain: process.env.CONVEX_SITE_URL,
      applicationID: "convex",
    },
  ],
};
`,
  "convex/auth.ts": `import GitHub from "@auth/core/providers/github";
import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";

export const { auth, signIn, signOut, store, isAuthenticated } = convexAuth({
  providers: [GitHub, Password],
});
`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { auth } from "./auth";

const http = httpRouter();

auth.addHttpRoutes(http);

export default http;
`,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
import { authTables } from "@convex-dev/auth/server";

// The schema is normally optional, but Convex Auth
// requires indexes defined on \`authTables\`.
export default defineSchema({
  ...authTables,
  numbers: defineTable({
    value: v.number(),
    userId: v.optional(v.id("users")),
  }).index("userId", ["userId"]),
});
`,
  "convex/myFunctions.ts": `import { getAuthUserId } from "@convex-dev/auth/server";
import { v } from "convex/values";
import type { Id } from "./_generated/dataModel";
import { mutation, query, type QueryCtx } from "./_generated/server";

const numbersOf = (ctx: QueryCtx, userId: Id<"users">, count: number) =>
  ctx.db
    .query("numbers")
    .withIndex("userId", (q) => q.eq("userId", userId))
    .order("desc")
    .take(count);

export const listNumbers = query({
  args: { count: v.number() },
  handler: async (ctx, args) => {
    const userId = await getAuthUserId(ctx);
    const user = userId === null ? null : await ctx.db.get(userId);
    const numbers = userId === null ? [] : await numbersOf(ctx, userId, args.count);
    return { viewer: user?.email ?? null, numbers: numbers.reverse().map(({ value }) => value) };
  },
});

export const addNumber = mutation({
  args: { value: v.number() },
  handler: async (ctx, args) => {
    const userId = await getAuthUserId(ctx);
    if (userId === null) throw new Error("Not signed in");
    await ctx.db.insert("numbers", { value: args.value, userId });
  },
});
`,
};
