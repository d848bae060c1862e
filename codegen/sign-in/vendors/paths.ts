// Where visitors of an app sign in after a run that replaces a service: kitcn's page, or a page that the app has.
// Reads names of files and what was found in them; stages nothing.
import { basename, relative, sep } from "node:path";
import type { Shell } from "../../shell/detect.js";
import type { Workspace } from "../../workspace/stage.js";
import { modulesThatRun } from "../common/roots.js";
import type { Found, SignInPaths } from "../common/types.js";

/** Where kitcn's page is. */
export const SIGN_IN_PATH = "/auth";
/** With kitcn's page, which does both. */
export const KITCN_PATHS: SignInPaths = {
  hasPage: true,
  signIn: SIGN_IN_PATH,
  signUp: SIGN_IN_PATH,
};

/**
 * Finds them.
 *
 * @param found the places of the services: a page that shows a service's form stays at its path
 * @param hasPage whether the app gets kitcn's page
 */
export function findSignInPaths(
  ws: Workspace,
  shell: Shell,
  { found, hasPage }: { readonly found: readonly Found[]; readonly hasPage: boolean },
): SignInPaths {
  if (hasPage) return KITCN_PATHS;
  const paths = new Map(
    modulesThatRun(ws, shell).flatMap(({ path }) => {
      const at = pathOfModule(shell, path);
      return at === undefined ? [] : [[path, at]];
    }),
  );
  // A route of Next's at such a path may be anything, unless it calls a service.
  const pages = new Set([...paths].flatMap(([path, at]) => (isRoute(shell, path) ? [] : [at])));
  const pathFor = ({ names, usual }: Form) => {
    const form = found.find(({ name, module }) => names.test(name) && paths.has(module.path));
    const own = form && paths.get(form.module.path);
    return own ?? [SIGN_IN_PATH, ...usual].find((path) => pages.has(path));
  };
  return { hasPage, signIn: pathFor(SIGN_IN), signUp: pathFor(SIGN_UP) };
}

/**
 * A sentence about kitcn's page, for an app without it.
 *
 * @example
 * atPath("a link to /auth", { hasPage: false, signIn: "/login", signUp: undefined }); // "a link to /login"
 */
export function atPath(text: string, { signIn }: SignInPaths): string {
  if (!AT_AUTH.test(text)) return text;
  const moved = text.replaceAll(new RegExp(AT_AUTH, "g"), signIn ?? USUAL);
  return signIn === undefined ? `${moved} (write your own page at ${USUAL} first)` : moved;
}

// --- internal ---

type Form = {
  /** What a service calls it. */
  readonly names: RegExp;
  /** Where apps have a page of their own for it. */
  readonly usual: readonly string[];
};

const USUAL = "/sign-in";

const SIGN_IN: Form = {
  names: /^(SignIn|getSignInUrl)$/,
  usual: [USUAL, "/signin", "/login", "/log-in"],
};

const SIGN_UP: Form = {
  names: /^(SignUp|getSignUpUrl)$/,
  usual: ["/sign-up", "/signup", "/register"],
};

/** Not `/api/auth`, `lib/auth-server` or `kitcn/auth`. */
const AT_AUTH = /(?<![\w/])\/auth(?![\w-])/;

/** The path that a module answers for; undefined for none, and for one with a part that is not known. */
function pathOfModule(shell: Shell, path: string): string | undefined {
  if (shell.kind === "next" && path.startsWith(shell.appDir + sep))
    return nextPath(relative(shell.appDir, path).split(sep));
  if (shell.kind === "start" && path.startsWith(shell.routesDir + sep))
    return startPath(relative(shell.routesDir, path));
  return undefined;
}

function isRoute({ kind }: Shell, path: string): boolean {
  return kind === "next" && /^route\.\w+$/.test(basename(path));
}

/** `(site)/sign-in/[[...rest]]/page.tsx` */
function nextPath(parts: readonly string[]): string | undefined {
  if (!/^(page|route)\.\w+$/.test(parts.at(-1) ?? "")) return undefined;
  const segments = parts.slice(0, -1).filter((one) => !/^(\(.*\)|\[\[\.\.\..*\]\])$/.test(one));
  return segments.some((one) => /^[[@_(]/.test(one)) ? undefined : `/${segments.join("/")}`;
}

/** `sign-in.$.tsx`, `_site/sign-in/index.tsx` */
function startPath(name: string): string | undefined {
  const parts = name.replace(/\.\w+$/, "").split(/[./\\]/);
  const segments = parts.filter(
    (one, at) => !/^(_.*|\(.*\))$/.test(one) && !(at === parts.length - 1 && ENDS.test(one)),
  );
  return segments.some((one) => one.includes("$")) ? undefined : `/${segments.join("/")}`;
}

const ENDS = /^(\$|index|route)$/;
