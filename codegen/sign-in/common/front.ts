// What the edits of a front end need of it: its sign-in page, and the modules with what stands in a service's place.
// Stages those that are missing; edits nothing.
import { join } from "node:path";
import { addImport } from "../../edit/index.js";
import { printNextServer } from "../../print/client.js";
import { printPath } from "../../shell/base-path.js";
import { hasReact } from "../../shell/detect.js";
import {
  authClientOf,
  authServerOf,
  newModule,
  specifierOf,
  type Front,
} from "../../shell/front.js";
import { isShared } from "../../shell/shared-module.js";
import { importFree } from "./edit-server.js";
import { isForBrowser } from "./roots.js";
import type { Edit } from "./types.js";

/**
 * The front end of an edit; undefined where the app has none that kitcn knows, and in a module that front ends share:
 * what an edit imports is one front end's own.
 */
export function frontOf({ ws, shell, editor }: Edit): Front | undefined {
  if (!hasReact(shell) || isShared(ws, editor.module.path)) return undefined;
  return { ws, shell };
}

/** Imports `authClient`. */
export function importAuthClient({ editor }: Edit, front: Front): string {
  const source = specifierOf(front, editor.module.path, authClientOf(front));
  return addImport(editor, { source, name: "authClient" });
}

/** Imports a name of lib/auth-server, which is staged with the first. For apps on Next. */
export function importAuthServer({ editor }: Edit, front: Front, name: string): string {
  const wanted = authServerImport(editor, front, name);
  // The member of that name is the service's, and goes.
  return name === "getToken" ? importFree(editor, wanted) : addImport(editor, wanted);
}

/** The import of such a name. */
export function authServerImport(
  { module }: Pick<Edit["editor"], "module">,
  front: Front,
  name: string,
): { readonly source: string; readonly name: string } {
  return { source: specifierOf(front, module.path, authServer(front)), name };
}

/** Imports what shows one of the states of sign-in, in a form that the module can render. */
export function importState(edit: Edit, front: Front, name: StateName): string {
  const { editor } = edit;
  if (isClientModule(edit)) return addImport(editor, { source: "convex/react", name });
  const source = specifierOf(front, editor.module.path, stateModule(edit, front));
  return addImport(editor, { source, name });
}

export type StateName = "Authenticated" | "Unauthenticated";

/**
 * Imports what shows its children to users, for a module that Next's server alone renders: there the service asked
 * before anything was sent to the browser.
 */
export function importServerState({ editor, ws }: Edit, front: Front): string {
  const path = newModule(front, join(front.shell.base, "components/authenticated-on-server.tsx"));
  const follow = newModule(front, join(front.shell.base, "components/follow-sign-in.tsx"));
  const isTyped = path.endsWith(".tsx");
  if (!ws.has(follow)) ws.stage(follow, printFollow(isTyped));
  if (!ws.has(path)) {
    const server = specifierOf(front, path, authServer(front));
    ws.stage(path, printServerState({ server, follow: specifierOf(front, path, follow), isTyped }));
  }
  const source = specifierOf(front, editor.module.path, path);
  return addImport(editor, { source, name: "AuthenticatedOnServer" });
}

/** Imports the button that signs out, for a module that runs on the server. */
export function importSignOutButton(edit: Edit, front: Front): string {
  const path = newModule(front, join(front.shell.base, "components/sign-out-button.tsx"));
  const isTyped = path.endsWith(".tsx");
  if (!edit.ws.has(path))
    edit.ws.stage(path, printSignOut(specifierOf(front, path, authClientOf(front)), isTyped));
  const source = specifierOf(front, edit.editor.module.path, path);
  return addImport(edit.editor, { source, name: "SignOutButton" });
}

/** The tag of a link to a page of the app, and how it opens. Next's own link adds the base path. */
export function openLink(
  { editor, ws, shell }: Edit,
  path: string,
): { readonly tag: string; readonly open: string } {
  if (shell.kind === "next") {
    const tag = addImport(editor, { source: "next/link", name: "default", local: "Link" });
    return { tag, open: `${tag} href="${path}"` };
  }
  const target = printPath({ ws, shell }, path, '"');
  return { tag: "a", open: `a href=${target.startsWith("`") ? `{${target}}` : target}` };
}

/** False for a module that Next renders on the server, as far as the module says. */
export function isClientModule({ editor: { module }, shell }: Edit): boolean {
  if (shell.kind !== "next") return true;
  return isForBrowser(module);
}

// --- internal ---

/** lib/auth-server, which is staged where it is missing. */
function authServer(front: Front): string {
  const path = authServerOf(front);
  if (!front.ws.has(path)) front.ws.stage(path, printNextServer());
  return path;
}

function stateModule({ ws }: Edit, front: Front): string {
  const path = newModule(front, join(front.shell.base, "components/auth-state.tsx"));
  if (!ws.has(path)) ws.stage(path, STATE);
  return path;
}

/** Convex's own module has no "use client", and a server component cannot render what is in it. */
const STATE = `"use client";

// For server components: what shows its children by whether somebody is signed in.
export { Authenticated, Unauthenticated } from "convex/react";
`;

function printServerState(input: {
  readonly server: string;
  readonly follow: string;
  readonly isTyped: boolean;
}): string {
  const { server, follow, isTyped } = input;
  const type = isTyped ? 'import type { ReactNode } from "react";\n' : "";
  const props = isTyped ? "{ children }: { children?: ReactNode }" : "{ children }";
  return `${type}import { isAuthenticated } from ${JSON.stringify(server)};
import { FollowSignIn } from ${JSON.stringify(follow)};

/** For server components: visitors are sent nothing of what is in it. */
export async function AuthenticatedOnServer(${props}) {
  const isSignedIn = await isAuthenticated();
  return <FollowSignIn isSignedIn={isSignedIn}>{isSignedIn ? children : null}</FollowSignIn>;
}
`;
}

function printFollow(isTyped: boolean): string {
  const type = isTyped ? ", type ReactNode" : "";
  const types = isTyped ? ": { isSignedIn: boolean; children?: ReactNode }" : "";
  return `"use client";

import { useConvexAuth } from "convex/react";
import { useRouter } from "next/navigation";
import { useEffect${type} } from "react";

/** Shows what the server rendered, and asks it again once somebody signs in or out in the browser. */
export function FollowSignIn({ isSignedIn, children }${types}) {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const router = useRouter();
  const hasChanged = !isLoading && isAuthenticated !== isSignedIn;
  useEffect(() => {
    if (hasChanged) router.refresh();
  }, [hasChanged, router]);
  return hasChanged ? null : <>{children}</>;
}
`;
}

function printSignOut(authClient: string, isTyped: boolean): string {
  const type = isTyped ? 'import type { ReactNode } from "react";\n' : "";
  const props = isTyped
    ? '{ children = "Sign out" }: { children?: ReactNode }'
    : '{ children = "Sign out" }';
  return `"use client";

${type}import { authClient } from ${JSON.stringify(authClient)};

export function SignOutButton(${props}) {
  return (
    <button type="button" onClick={() => void authClient.signOut()}>
      {children}
    </button>
  );
}
`;
}
