// A registry of shadcn/ui with stand-ins for the views of Better Auth UI: the same modules and exports, with plain
// forms. shadcn's CLI copies them from there, as it copies the real ones. Listens on 127.0.0.1; writes nothing.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type ShadcnRegistry = {
  /** What components.json says of the library's registry. */
  readonly registries: Readonly<Record<string, string>>;
  /** Variables for shadcn's CLI: its own components come from here, too. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

/**
 * Starts the registry.
 *
 * @example
 * const registry = await startShadcnRegistry();
 * await app.run(["kitcn", "add", "auth", "--ui", "better-auth-ui", "--yes"], registry.env);
 */
export async function startShadcnRegistry(): Promise<ShadcnRegistry> {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const name = /\/([\w-]+)\.json$/.exec(path)?.[1] ?? "";
    const found = path.startsWith("/own/") ? own(path) : itemOf(name);
    if (found === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(found));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on a port
  const url = `http://127.0.0.1:${port}`;
  return {
    registries: { "@better-auth-ui": `${url}/r/{style}/{name}.json` },
    env: { REGISTRY_URL: `${url}/own` },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

// --- internal ---

/** What the CLI asks its own registry for, whatever it copies. */
function own(path: string): object | undefined {
  if (!path.includes("/colors/")) return undefined;
  const colors = { light: {}, dark: {} };
  return {
    inlineColors: colors,
    cssVars: colors,
    inlineColorsTemplate: "",
    cssVarsTemplate: "",
  };
}

function itemOf(name: string): object | undefined {
  const files = Object.entries(ITEMS[name] ?? {});
  if (files.length === 0) return undefined;
  return {
    name,
    type: "registry:component",
    files: files.map(([target, content]) => ({
      path: target.slice(1),
      type: "registry:component",
      target,
      content,
    })),
  };
}

/** Texts of each item by where the CLI writes them. */
const ITEMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  auth: {
    "@components/auth/auth-provider.tsx": `import { AuthProvider as Primitive, type AuthProviderProps } from "@better-auth-ui/react";
import type { ComponentType, ReactNode } from "react";

declare module "@better-auth-ui/core" {
  interface AuthConfig {
    Link: ComponentType<{ href: string; children?: ReactNode }>;
  }
}

export function AuthProvider(props: AuthProviderProps) {
  return <Primitive {...props} />;
}
`,
    "@components/auth/auth.tsx": `"use client";

import { useAuth } from "@better-auth-ui/react";
import type { FormEvent } from "react";

export function Auth({ path }: { path?: string }) {
  const { authClient, Link, navigate, redirectTo } = useAuth();
  const isNew = path === "sign-up";

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const field = (name: string) => String(fields.get(name));
    const who = { email: field("email"), password: field("password") };
    const { error } = isNew
      ? await authClient.signUp.email({ ...who, name: field("name") })
      : await authClient.signIn.email(who);
    if (!error) navigate({ to: redirectTo });
  }

  return (
    <form onSubmit={send}>
      <h1>View {path}</h1>
      {isNew && <input name="name" aria-label="Name" />}
      <input name="email" aria-label="Email" />
      <input name="password" type="password" aria-label="Password" />
      <button>Send</button>
      <Link href="/auth/sign-up">Create an account</Link>
    </form>
  );
}
`,
    "@ui/sonner.tsx": `export function Toaster() {
  return null;
}
`,
  },
  settings: {
    "@components/auth/settings/settings.tsx": `"use client";

import { useAuth, useSession } from "@better-auth-ui/react";

export function Settings({ path }: { path?: string }) {
  const { authClient } = useAuth();
  const { data: session } = useSession(authClient);
  return (
    <>
      <h1>Settings {path}</h1>
      <p data-testid="who">{session?.user.email}</p>
      <button onClick={() => void authClient.signOut()}>Sign out</button>
    </>
  );
}
`,
  },
  "user-button": {
    "@components/auth/user/user-button.tsx": `export function UserButton() {
  return null;
}
`,
  },
  "delete-user": {
    "@lib/auth/delete-user-plugin.ts": `import { deleteUserPlugin as core } from "@better-auth-ui/core/plugins/delete-user";

export const deleteUserPlugin = core;
`,
  },
};
