// Which system old ids are of: a source, and the name that somebody gave the system. An id is unique within one system.
// Pure.
import type { SourceName } from "./types.js";

export type Origin = {
  readonly source: SourceName;
  /** Default: the source's own name. */
  readonly name?: string | undefined;
};

/** What the map of ids has as `source`. */
export function originKey({ source, name = source }: Origin): string {
  return name === source ? source : `${source}:${name}`;
}

/** The arguments of `kitcn import` for a key. */
export function originArgs(key: string): string {
  const [source = "", name] = key.split(":");
  return name === undefined ? source : `${source} --name ${name}`;
}

/** A command that goes on with an import. `source` is a key; without one it is for ids of any. */
export function importCommand(
  { source, prod }: { readonly source?: string | undefined; readonly prod: boolean },
  ...flags: readonly (string | undefined)[]
): string {
  const parts = ["npx kitcn import", source && originArgs(source), ...flags, prod ? "--prod" : ""];
  return parts.filter(Boolean).join(" ");
}

/** True for a text that `--name` takes: it becomes a part of keys, commands and names of files. */
export function isOriginName(text: string): boolean {
  return /^[\w.-]{1,40}$/.test(text);
}
