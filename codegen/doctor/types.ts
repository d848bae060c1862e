// What `kitcn doctor` knows about an app and its deployment, and what it says. Plain data; a part that could
// not be read is undefined, and is listed as unchecked, with the reason.
import type { StoredKey } from "../../src/auth/keys/jwks.js";
import type { NodeMismatch } from "../packages/node-engine.js";
import type { Place } from "../packages/override-lines.js";
import type { Misfit } from "../packages/satellites.js";
import type { BrokenPackage } from "../packages/whole-package.js";

export type { Finding } from "../errors/finding-codes.js";
export type { AuthFacts, LimitFacts, ProviderFacts, Variables } from "../load/auth-facts.js";

/** Something that was not looked at, and why. */
export type Unchecked = { readonly what: string; readonly why: string };

/** A key, and whether the deployment's secret opens it. */
export type KeyFacts = {
  readonly key: StoredKey;
  /** Undefined for a key without a private half. */
  readonly opens: "yes" | "no" | "another-key" | undefined;
};

export type PackageFacts = {
  /** Installed versions by name. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** Folders from which different parts of the app take better-auth. */
  readonly copies: readonly { readonly path: string; readonly version: string }[];
  /** Packages that an interrupted installation left. */
  readonly broken: readonly BrokenPackage[];
  /** Set where the app's convex does not run on this Node. */
  readonly node?: NodeMismatch | undefined;
  /** Packages of Better Auth that npm will not install beside the app's better-auth. */
  readonly misfits?: readonly Misfit[];
  /** Whose package manager prints commands. Default: npm. */
  readonly place?: Place;
  /** What to write, by package, where a line of the app keeps the version that is there. */
  readonly pinned?: Readonly<Record<string, string | undefined>>;
};

/** What the deployment answers on its site. */
export type ServedFacts = {
  readonly url: string;
  /** HTTP status of the JWKS endpoint. */
  readonly status: number;
  /** What it says of a failure, where it says something. */
  readonly reason?: string | undefined;
  readonly kids: readonly string[];
};
