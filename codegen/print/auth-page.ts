// The text of the auth page that `kitcn add auth` gives an app: one React component, the user's from then on.
// Fills in the template below templates/auth-page; must need nothing but React, the app's auth client and its styles.
import { titleOf } from "../catalog/providers.js";
import { readTemplate } from "../packages/kitcn-package.js";

export type AuthPageInput = {
  /** Specifier of the module that exports `authClient`, seen from the page's file. */
  readonly authClient: string;
  /** Specifier of the style sheet (see `printAuthPageStyles`), seen from the page's file. */
  readonly styles: string;
  /** Ids of the social providers in auth.ts, in their order; none leaves the buttons out. */
  readonly providers: readonly string[];
};

/**
 * The page's text; formatting is the caller's business.
 *
 * @example
 * printAuthPage({ authClient: "../lib/auth-client", styles: "./auth.module.css", providers: ["github"] });
 */
export function printAuthPage({ authClient, styles, providers }: AuthPageInput): string {
  return readTemplate("auth-page/AuthPage.tsx")
    .replace('"./auth-client.js"', JSON.stringify(authClient))
    .replace('"./auth.module.css"', JSON.stringify(styles))
    .replace(/(const PROVIDERS.*) = \[\]/, `$1 = [${providers.map(printProvider).join(", ")}]`);
}

/** Text of `auth.module.css`. */
export function printAuthPageStyles(): string {
  return readTemplate("auth-page/auth.module.css");
}

/** One item of the page's list of providers: its id and the name on its button. */
export function printProvider(id: string): string {
  return `{ id: ${JSON.stringify(id)}, name: ${JSON.stringify(titleOf(id))} }`;
}
