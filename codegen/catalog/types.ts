// What the tables of plugins and providers consist of. Plain data: who reads an entry makes text or edits of it.
// Nothing here knows an app.

/**
 * Code with variables in it: `env("NAME")` stands for the app's way to read one, and `env("NAME", fallback)` says what
 * is read while it is not set. Without a fallback that is the empty string. `page("/path")` stands for a page of the app.
 */
export type Code = string;

/** One half of a plugin: the function that makes it, where it is exported, and what it is called with. */
export type PluginHalf = {
  readonly source: string;
  readonly name: string;
  /** Other modules that export the same function. */
  readonly alsoIn?: readonly string[];
  /** The arguments of the call; none where it takes none. */
  readonly args?: Code;
  /** The same for an app on another site than its auth routes. Default: `args`. */
  readonly crossDomainArgs?: Code;
  /** The call is given the type of the app's `auth` of generated/auth. */
  readonly takesAuthType?: boolean;
  /** A default export that the arguments mention. */
  readonly uses?: { readonly source: string; readonly name: string };
};

export type PluginEntry = {
  /** As people type it, and as Better Auth's documentation spells it. */
  readonly name: string;
  /** Other names people may type. */
  readonly aliases?: readonly string[];
  /** One line: what users of the app can do with it. */
  readonly summary: string;
  /** The `id` of the object that the server half makes. */
  readonly id: string;
  readonly server: PluginHalf;
  /** Undefined where nothing belongs into the browser. */
  readonly client?: PluginHalf;
  /** What an Expo app needs in the place of the client half, which works in browsers alone: the lines to write. */
  readonly onPhones?: readonly string[];
  /** Packages besides better-auth, with a range where it is not that of the app's better-auth. */
  readonly packages?: readonly string[];
  /** Packages that its part of the auth pages in a browser imports, with their ranges. The page works without them. */
  readonly onPages?: readonly string[];
  /** Names of plugins that it does not work without. */
  readonly needs?: readonly string[];
  /** Page of Better Auth's documentation, below its `docs/`. */
  readonly docs: string;
  /** Why Convex cannot run it, and what to add in its place. */
  readonly refused?: { readonly why: string; readonly instead: string };
  /** What is left to do outside of code, in one sentence. */
  readonly after?: string;
};

export type ProviderEntry = {
  /** The provider's key in `socialProviders`, and its id. */
  readonly name: string;
  /** Other names people may type. */
  readonly aliases?: readonly string[];
  /** The name on its button. */
  readonly title: string;
  /** Its options, as an object. What nobody can guess has a comment with what is left to do. */
  readonly options: Code;
  /** The page of the vendor where an app is registered. */
  readonly register: string;
  /** What is left to do outside of code, in one sentence. */
  readonly after?: string;
};

/** The address of a page of Better Auth's documentation. */
export function docsUrl(page: string): string {
  return `https://better-auth.com/docs/${page}`;
}
