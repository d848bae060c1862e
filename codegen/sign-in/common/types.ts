// What the rooms of sign-in hand each other: places that sign users in, and one file under edit. Types alone.
import type { JSXElement, Node } from "@babel/types";
import type { Editor, Module } from "../../edit/index.js";
import type { Shell } from "../../shell/detect.js";
import type { Workspace } from "../../workspace/stage.js";
import type { Library, Part } from "./libraries.js";

/** One place of the app that signs users in, or knows of them. */
export type Found = {
  readonly library: Library;
  readonly part: Part;
  readonly module: Module;
  readonly node: Node;
  /** What is imported there, such as `ConvexProviderWithClerk`. */
  readonly name: string;
  /** True where kitcn's cannot be put beside it. */
  readonly isInTheWay: boolean;
  /** True for routes that another function answers than the one that returns `betterAuth()`. */
  readonly isWrapped?: boolean;
  /** Set for a mention of a name that the edits took away, which is more than a call of the client: what it was. */
  readonly lost?: "client" | "maker" | "other";
};

/** One file under edit, and what its edits replace. */
export type Edit = {
  readonly ws: Workspace;
  readonly shell: Shell;
  readonly editor: Editor;
  /** Nodes that are replaced: what only they mention is not imported any more. */
  readonly gone: Set<Node>;
  /** An auth.ts whose definition the module gains. */
  definition?: string | undefined;
  /** What the definition mails links with. */
  links?: MailedLinks | undefined;
  /** How relative imports of the functions directory end. */
  readonly extension: "" | ".js";
  /** Providers of services in the module; only those of a run that takes a service out. */
  readonly roots?: readonly Root[];
  readonly leaving: Leaving;
  /** The path of the module with the options, be it edited already or not. */
  readonly home: string | undefined;
  /** What its owner looks at after the run. */
  readonly notes: string[];
};

/** What the edits came to. */
export type Edited = {
  /** The places that are edited, each by itself. */
  readonly done: ReadonlySet<Found>;
  readonly notes: readonly string[];
};

/** What a run that takes services out may do. */
export type Leaving = {
  /** Whether nothing needs the providers of services any more. */
  readonly leaves: boolean;
  /** The pages that links may lead to. */
  readonly paths: SignInPaths;
};

/** A service's provider, and the element below it, in the same module, with Convex's. */
export type Root = { readonly element: JSXElement; readonly convex: JSXElement | undefined };

/** A provider whose mails hold a link that signs in. */
export type MailedLinks = {
  /** What `signIn()` is called with. */
  readonly id: string;
  /** How many seconds a link works, as code. */
  readonly maxAge: string;
  /** The author's own function that sends, as code of magicLink(); undefined where Resend sends. */
  readonly own: { readonly node: Node; readonly code: string } | undefined;
  /** The variable with Resend's key. */
  readonly key: string;
  /** Who sends, as code. */
  readonly from: string;
};

/** Paths of the app's own site that rewritten code may lead visitors to. */
export type SignInPaths = {
  /** Whether the app gets kitcn's page. */
  readonly hasPage: boolean;
  /** Undefined where kitcn knows no page of the app on which users sign in. */
  readonly signIn: string | undefined;
  /** The same for the sign-up. */
  readonly signUp: string | undefined;
};
