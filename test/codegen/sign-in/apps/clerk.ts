// Apps with Clerk by its documented setups for Convex, written for these tests. The packages are types alone.
import { NEXT_TYPES, stub } from "./types.js";

const CLERK_REACT = `import type { ReactNode } from "react";
type Children = { children?: ReactNode };
export declare function ClerkProvider(props: Children & { publishableKey?: string; dynamic?: boolean; appearance?: object }): ReactNode;
export declare function SignedIn(props: Children): ReactNode;
export declare function SignedOut(props: Children): ReactNode;
export declare function Show(props: Children & { when: "signed-in" | "signed-out" | { role: string } }): ReactNode;
export declare function SignIn(props: { path?: string }): ReactNode;
export declare function SignUp(props: { path?: string }): ReactNode;
export declare function SignInButton(props: Children & { mode?: "modal" | "redirect" }): ReactNode;
export declare function SignUpButton(props: Children & { mode?: "modal" | "redirect" }): ReactNode;
export declare function SignOutButton(props: Children & { redirectUrl?: string }): ReactNode;
export declare function UserButton(props: Children & { afterSignOutUrl?: string; showName?: boolean }): ReactNode;
export declare function useAuth(): { isLoaded: boolean; isSignedIn: boolean | undefined; userId: string | null | undefined; signOut: (options?: { redirectUrl: string }) => Promise<void>; getToken(options: { template?: "convex"; skipCache?: boolean }): Promise<string | null>; orgId: string | undefined | null; orgRole: string | undefined | null };
export declare function useUser(): { isLoaded: boolean; isSignedIn: boolean | undefined; user: { id: string; firstName: string } | null };
export declare function useClerk(): { signOut: (options?: { redirectUrl: string }) => Promise<void>; openSignIn(): void; openUserProfile(): void };
`;

const CLERK_SERVER = `type Auth = { userId: string | null; getToken(options?: { template: string }): Promise<string | null>; redirectToSignIn(): Response };
export declare const auth: { (): Promise<Auth>; protect(options?: { role: string }): Promise<Auth> };
export declare function currentUser(): Promise<{ firstName: string } | null>;
export declare function createRouteMatcher(routes: readonly string[]): (request: import("next/server").NextRequest) => boolean;
export declare function clerkMiddleware(handler?: (auth: typeof import("./server").auth, request: import("next/server").NextRequest) => unknown): (request: import("next/server").NextRequest) => Promise<Response>;
`;

/** Clerk's packages. */
export const CLERK_TYPES: Record<string, string> = {
  ...NEXT_TYPES,
  ...stub("@clerk/nextjs", CLERK_REACT, { server: CLERK_SERVER }),
  ...stub("@clerk/clerk-react", CLERK_REACT),
};

/** Below a layout, as its guide for Next's App Router has it, with what such apps add. */
export const CLERK_NEXT: Record<string, string> = {
  ...CLERK_TYPES,
  "app/layout.tsx": `import { ClerkProvider, SignInButton, Show, UserButton } from "@clerk/nextjs";
import type { ReactNode } from "react";
import { ConvexClientProvider } from "../ui/ConvexClientProvider";

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <ClerkProvider dynamic>
          <header>
            <h1>Notes</h1>
            <Show when="signed-out">
              <SignInButton />
            </Show>
            <Show when="signed-in">
              <UserButton afterSignOutUrl="/" />
            </Show>
          </header>
          <ConvexClientProvider>{children}</ConvexClientProvider>
        </ClerkProvider>
      </body>
    </html>
  );
}
`,
  "ui/ConvexClientProvider.tsx": `"use client";
import { useAuth } from "@clerk/nextjs";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
import type { ReactNode } from "react";

const convex = new ConvexReactClient(process.env.NEXT_PUBLIC_CONVEX_URL!);

export function ConvexClientProvider({ children }: { children: ReactNode }) {
  return (
    <ConvexProviderWithClerk client={convex} useAuth={useAuth}>
      {children}
    </ConvexProviderWithClerk>
  );
}
`,
  "app/page.tsx": `"use client";
import { SignInButton, SignOutButton, SignUpButton, SignedIn, SignedOut, useAuth } from "@clerk/nextjs";

export default function Home() {
  const { isSignedIn, isLoaded } = useAuth();
  return (
    <main>
      <p>{!isLoaded ? "..." : isSignedIn ? "Welcome" : "Who are you?"}</p>
      <SignedIn>
        <SignOutButton>
          <button className="plain">Leave</button>
        </SignOutButton>
      </SignedIn>
      <SignedOut>
        <SignInButton mode="modal">
          <span className="bold">Come in</span>
        </SignInButton>
        <SignUpButton mode="modal" />
      </SignedOut>
    </main>
  );
}
`,
  "app/sign-in/[[...sign-in]]/page.tsx": `import { SignIn } from "@clerk/nextjs";

export default function Page() {
  return (
    <div className="centre">
      <SignIn />
    </div>
  );
}
`,
  "app/sign-up/[[...sign-up]]/page.tsx": `import { SignUp } from "@clerk/nextjs";

export default function Page() {
  return <SignUp />;
}
`,
  "app/notes/page.tsx": `import { auth } from "@clerk/nextjs/server";

export default async function Notes() {
  await auth.protect();
  const token = await (await auth()).getToken({ template: "convex" });
  return <p>{token?.length}</p>;
}
`,
  // A server component that shows something to users only.
  "app/plans/page.tsx": `import { SignInButton, SignedIn, SignedOut } from "@clerk/nextjs";
import { Plans } from "../../ui/Plans";

export default function Page() {
  return (
    <main>
      <SignedIn>
        <Plans />
      </SignedIn>
      <SignedOut>
        <SignInButton />
      </SignedOut>
    </main>
  );
}
`,
  "ui/Plans.tsx": `export async function Plans() {
  return <p>Our plans</p>;
}
`,
  "middleware.ts": `import { clerkMiddleware, createRouteMatcher } from "@clerk/nextjs/server";

// Ours.
const isProtectedRoute = createRouteMatcher(["/notes(.*)", "/teams/:team/edit"]);

export default clerkMiddleware(async (auth, req) => {
  if (isProtectedRoute(req)) await auth.protect();
});

export const config = {
  matcher: ["/((?!_next|.*\\\\..*).*)", "/(api|trpc)(.*)"],
};
`,
  "convex/auth.config.ts": `import type { AuthConfig } from "convex/server";

export default {
  providers: [
    {
      domain: process.env.CLERK_JWT_ISSUER_DOMAIN!,
      applicationID: "convex",
    },
  ],
} satisfies AuthConfig;
`,
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
  notes: defineTable({ userId: v.string(), text: v.string() }).index("userId", ["userId"]),
});
`,
  "convex/notes.ts": `import { v } from "convex/values";
import { mutation, query } from "./_generated/server";

export const list = query({
  args: {},
  handler: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) return [];
    return await ctx.db
      .query("notes")
      .withIndex("userId", (q) => q.eq("userId", identity.subject))
      .collect();
  },
});

export const add = mutation({
  args: { text: v.string() },
  handler: async (ctx, { text }) => {
    const identity = await ctx.auth.getUserIdentity();
    if (!identity) throw new Error("Sign in first.");
    await ctx.db.insert("notes", { userId: identity.subject, text });
  },
});
`,
};

/** In Vite's entry, as its guide for React has it. */
export const CLERK_VITE: Record<string, string> = {
  ...CLERK_TYPES,
  "src/main.tsx": `import { ClerkProvider, useAuth } from "@clerk/clerk-react";
import { ConvexReactClient } from "convex/react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Home } from "./Home";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL as string);

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ClerkProvider publishableKey={import.meta.env.VITE_CLERK_PUBLISHABLE_KEY}>
      <ConvexProviderWithClerk client={convex} useAuth={useAuth}>
        <Home />
      </ConvexProviderWithClerk>
    </ClerkProvider>
  </StrictMode>,
);
`,
  "src/Home.tsx": `import { SignInButton, SignedOut, UserButton, useClerk } from "@clerk/clerk-react";

export function Home() {
  const { signOut } = useClerk();
  return (
    <main>
      <UserButton />
      <SignedOut>
        <SignInButton mode="modal">
          <button type="button">Sign in</button>
        </SignInButton>
      </SignedOut>
      <button onClick={() => void signOut({ redirectUrl: "/bye" })}>Leave</button>
    </main>
  );
}
`,
  "convex/auth.config.ts": `export default {
  providers: [{ domain: "https://a.clerk.accounts.dev", applicationID: "convex" }],
};
`,
};
