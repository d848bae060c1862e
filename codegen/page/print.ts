// Prints a module of the auth pages from its template: leaves out lines of features that the app lacks, and fills in
// the app's imports. Pure; the caller formats the text.
import { titleOf } from "../catalog/providers.js";
import type { Feature, Features, Limits } from "./features.js";

/** What auth.ts decides about the pages. */
export type PageContent = {
  readonly features: Features;
  /** Ids of the social providers in auth.ts, in their order. */
  readonly providers: readonly string[];
  /** The roles that somebody is invited with. Default: none, for an app without organizations. */
  readonly roles?: readonly string[];
  /** The role of an organization's creator. Default: Better Auth's. */
  readonly creatorRole?: string;
  /** Numbers of auth.ts that the pages say. Default: Better Auth's. */
  readonly limits?: Limits;
};

export type PrintInput = PageContent & {
  /** An expression for the path below which the app is served, without a slash at the end. */
  readonly base: string;
  /** Returns the app's specifier for a module that the template imports; `./auth-client.js` is the app's client. */
  readonly specifier: (imported: string) => string;
};

/**
 * The text of a module.
 *
 * @param template the text below templates/auth-page
 */
export function printPageFile(template: string, input: PrintInput): string {
  const { features, providers, roles = [], creatorRole = "owner", limits, base, specifier } = input;
  const list = providers.map(printProvider).join(", ");
  return withLimits(withFeatures(template, features), limits)
    .replace(IMPORTED, (_, imported: string) => `from ${JSON.stringify(specifier(imported))}`)
    .replace(/(const BASE) = "";/, (_, name: string) => `${name} = ${base};`)
    .replace(/(const PROVIDERS.*) = \[\];/, (_, name: string) => `${name} = [${list}];`)
    .replace(/(const ROLES.*) = \[\];/, (_, name: string) => `${name} = ${JSON.stringify(roles)};`)
    .replace(
      /(const CREATOR_ROLE) = "owner";/,
      (_, name: string) => `${name} = ${JSON.stringify(creatorRole)};`,
    );
}

/** One item of the list of providers: its id and the name on its button. */
export function printProvider(id: string): string {
  return `{ id: ${JSON.stringify(id)}, name: ${JSON.stringify(titleOf(id))} }`;
}

/** The template without its marks, and without lines between `@if` and `@end` whose feature does not apply. */
export function withFeatures(template: string, features: Features): string {
  const open: boolean[] = [];
  const kept = template.split("\n").filter((line) => {
    const [, word, not, name] = MARK.exec(line) ?? [];
    // Our own templates name only features.
    if (word === "@if") open.push(features.has(name as Feature) !== (not === "!"));
    else if (word === "@end") open.pop();
    return word === undefined && open.every(Boolean);
  });
  if (open.length > 0) throw new Error("A template lacks an @end.");
  return kept.join("\n");
}

/** The text with the numbers of auth.ts in place of the template's. */
export function withLimits(text: string, limits: Limits | undefined): string {
  const entries = Object.entries(limits ?? {});
  return entries.reduce(
    (all, [name, value]) =>
      all.replace(new RegExp(`(const ${name}\\b[^=]*=) \\d+;`), `$1 ${value};`),
    text,
  );
}

// --- internal ---

const IMPORTED = /from "(\.[^"]*\.js)"/g;

const MARK = /^\s*(?:\/\/|\{\/\*)\s*(@if|@end)(?:\s+(!?)([\w-]+))?\s*(?:\*\/\})?$/;
