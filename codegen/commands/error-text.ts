// An error as text for a person: what happened, what to do, and where its code is explained. Reads which packages are
// installed; prints nothing.
import { existsSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { styleText } from "node:util";
import { findPackage } from "../disk/find-package.js";
import type { CodegenError } from "../errors.js";
import { docsOf } from "../errors/docs.js";
import { kitcnRoot } from "../packages/kitcn-package.js";

/**
 * The error without a label. Its last line is dim on a terminal. Paths below the shell's folder are from there.
 *
 * @example
 * errorText(error, { between: "\n\n" });
 * // convex/auth.ts was not found.
 * //
 * // Run `npx kitcn add auth --yes` to create it.
 * //
 * // NO_AUTH_FILE is explained in node_modules/kitcn/docs/errors.md#no_auth_file
 */
export function errorText(
  { code, message, hint }: Pick<CodegenError, "code" | "message" | "hint">,
  { between }: { readonly between: string },
): string {
  const place = `${code} is explained in ${installedPath(docsOf(code))}`;
  const texts = [fromHere(message), fromHere(hint)];
  return [...texts, styleText("dim", place, { stream: process.stderr })].join(between);
}

/** The page with all codes. */
export function errorsPage(): string {
  return installedPath("docs/errors.md");
}

// --- internal ---

/** Whole paths of the app, and of the other packages of its repository, as the shell's folder has them. */
function fromHere(text: string): string {
  const here = process.cwd();
  let told = text;
  for (let at = here; dirname(at) !== at; at = dirname(at)) {
    if (at !== here && !existsSync(join(at, "package.json"))) continue;
    const whole = at + sep;
    const way = at === here ? "" : `${relative(here, at).split(sep).join("/")}/`;
    // The folder of the shell itself stays whole.
    const inner = relative(at, here);
    const isHere = (rest: string) =>
      inner !== "" && rest.startsWith(inner) && !IN_PATH.test(rest[inner.length] ?? "");
    told = told
      .split(whole)
      .reduce(
        (text, rest) => text + (ENDS_IN_PATH.test(text) || isHere(rest) ? whole : way) + rest,
      );
  }
  return told;
}

const IN_PATH = /[\w./\\@~-]/;

/** Before a path that begins in the middle of another one. */
const ENDS_IN_PATH = /[\w./\\@~-]$/;

/** From the folder of the shell, where the app has kitcn; else the copy that npx runs. */
function installedPath(path: string): string {
  const here = process.cwd();
  const found = findPackage(here, "kitcn");
  const folder = found === undefined ? kitcnRoot() : relative(here, found);
  return `${folder.split(sep).join("/")}/${path}`;
}
