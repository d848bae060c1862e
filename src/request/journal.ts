// The journal of one request: what was asked of the outside, and what it answered. The HTTP action owns it; every
// run reads it, and so does the action when it serves the request itself. Must not know Better Auth or Convex.
import type { Value } from "convex/values";
import type { LimitRow } from "../store/limit.js";
import type { LongRead } from "../store/pages.js";
import { isEffect } from "./is-effect.js";
import type { RequestMessage, ResponseMessage } from "./message.js";

export { isEffect };

/** How a fetch was made, beside its Request: Convex reads these from the second argument of `fetch` only. */
export type FetchOptions = { readonly redirect?: "follow" | "manual" | "error" };

/** The arguments of an action. */
export type ActionArgs = { readonly [name: string]: Value };

/** Something only an action can find out. */
export type Question =
  | (OfPassword & { readonly kind: "hashPassword"; readonly password: string })
  | (OfPassword & {
      readonly kind: "verifyPassword";
      readonly hash: string;
      readonly password: string;
    })
  | {
      readonly kind: "fetch";
      readonly request: RequestMessage;
      readonly options: FetchOptions;
      /** `init` of a plugin reads it: as good from a cache, so that it is no effect. */
      readonly isOfInit?: true;
    }
  /** Whether `init` of a plugin, or with "*" of each, gets all it wants in this request. */
  | { readonly kind: "init"; readonly plugin: string }
  /** Takes one try from a rate limit: `max` tries in `windowSeconds`. */
  | {
      readonly kind: "limit";
      readonly key: string;
      readonly windowSeconds: number;
      readonly max: number;
    }
  /** A signature or a text that Convex lets only actions make. The same in each run, since the journal has it. */
  | {
      readonly kind: "crypto";
      readonly method: "sign" | "encrypt";
      readonly key: ImportedKey;
      readonly algorithm: Value;
      readonly data: ArrayBuffer;
    }
  /** A read that is too long for one transaction. */
  | { readonly kind: "read"; readonly read: LongRead }
  /** `ctx.runAction` of user code. `handle` is a function handle. */
  | { readonly kind: "runAction"; readonly handle: string; readonly args: ActionArgs };

/** What a key was imported from. */
export type ImportedKey = {
  readonly format: string;
  readonly data: Value;
  readonly algorithm: Value;
};

/** `isCustom`: auth.ts has a function for it, so that Better Auth's does not do. */
type OfPassword = { readonly isCustom?: true };

export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "flag"; readonly flag: boolean }
  | { readonly kind: "verdict"; readonly verdict: LimitVerdict }
  | { readonly kind: "response"; readonly response: ResponseMessage }
  | { readonly kind: "value"; readonly value: Value }
  /** None yet when a timer of the run was due. The question is under way. */
  | { readonly kind: "pending" }
  | {
      readonly kind: "failure";
      readonly name: string;
      readonly message: string;
      /** Of a ConvexError. */
      readonly data?: Value;
    };

/** Whether a rate limit allows the try; if not, after how many seconds it may be made again. */
export type LimitVerdict = {
  readonly allowed: boolean;
  readonly retryAfter: number | null;
  /** What counts the try, so that it can be given back. */
  readonly row?: LimitRow;
};

/** One performed question. `elapsedMs` is how long the action waited for the answer. */
export type Entry = {
  readonly question: Question;
  readonly answer: Answer;
  readonly elapsedMs: number;
  /** The after-hook that asked, if one did. */
  readonly hook?: string;
  /** Asked in other words in each run: it answers any question with its address. */
  readonly isLoose?: true;
};

/** One reader's view of the journal: it answers each entry once. */
export type JournalReader = {
  /** The answer to a question. An equal question asked again gets the next equal entry; undefined if there is none. */
  readonly recall: (question: Question, hook?: string) => Entry | undefined;
  /** True if `recall` would find an answer. */
  readonly knows: (question: Question) => boolean;
  /** Positions of the entries that were recalled. */
  readonly used: () => readonly number[];
  readonly isEmpty: () => boolean;
};

/**
 * Reads a journal. Entries are found by content and occurrence, so a reader that asks in another order still
 * finds its answers.
 *
 * @param isServing true in the action, whose time is another: a call that may change something has been performed if
 * its address was called from the same place, whatever it says now
 * @example
 * const journal = readJournal(entries);
 * const known = journal.recall({ kind: "hashPassword", password });
 */
export function readJournal(
  entries: readonly Entry[],
  { isServing = false }: { readonly isServing?: boolean } = {},
): JournalReader {
  const used = new Set<number>();
  const fingerprints = entries.map(({ question }) => fingerprintOf(question));
  const find = (question: Question, hook?: string) => {
    const wanted = fingerprintOf(question);
    const same = fingerprints.findIndex((one, at) => one === wanted && !used.has(at));
    if (same !== -1) return same;
    const isPerformed = isServing && mayChange(question);
    const isLike = (entry: Entry) =>
      (entry.isLoose || (isPerformed && nameOfHook(entry.hook) === nameOfHook(hook))) &&
      hasSameAddress(entry.question, question);
    return entries.findIndex((entry, at) => isLike(entry) && !used.has(at));
  };
  return {
    knows: (question) => find(question) !== -1,
    recall: (question, hook) => {
      const at = find(question, hook);
      if (at === -1) return undefined;
      used.add(at);
      return entries[at];
    },
    used: () => [...used],
    isEmpty: () => entries.length === 0,
  };
}

/** True for two effects that call the same: method and address without its query, or the same action. */
export function hasSameAddress(one: Question, other: Question): boolean {
  const address = addressOf(one);
  return address !== undefined && address === addressOf(other);
}

/** Equal for two questions that ask the same. */
export function fingerprintOf(question: Question): string {
  if (question.kind === "fetch") {
    const { url, method, headers, body } = question.request;
    const sorted = headers.map((line) => line.join(":")).sort();
    const head = JSON.stringify([method, url, sorted, question.options.redirect ?? "follow"]);
    const [, boundary] = FORM.exec(sorted.join("\n")) ?? [];
    const text = head + (body ? textOf(body) : "");
    return boundary === undefined ? text : text.replaceAll(boundary, "boundary");
  }
  return JSON.stringify(sortedMembers(question));
}

/** Two questions are the same when all they say is the same, whatever the order of their members. */
export function isSameQuestion(one: Question, other: Question): boolean {
  return fingerprintOf(one) === fingerprintOf(other);
}

/** True if the question says one of these ids somewhere, as text. */
export function mentionsAny(question: Question, ids: ReadonlySet<string>): boolean {
  if (ids.size === 0) return false;
  const text =
    question.kind === "fetch"
      ? [
          question.request.url,
          ...question.request.headers.flat(),
          question.request.body ? new TextDecoder().decode(question.request.body) : "",
        ].join("\n")
      : JSON.stringify(sortedMembers(question));
  return [...ids].some((id) => text.includes(id));
}

/** A short name of a question for logs. Of a URL it has the origin alone: the path of a webhook is a secret, too. */
export function nameOf(question: Question): string {
  if (question.kind !== "fetch") return question.kind;
  return `${question.request.method} ${new URL(question.request.url).origin}`;
}

// --- internal ---

/** What separates the fields of a form. Its maker draws it anew for each form, and it says nothing. */
const FORM = /^content-type:multipart\/form-data; *boundary="?([\w-]{16,})/im;

/** False for what is as good when it is asked again. */
function mayChange(question: Question): boolean {
  if (question.kind === "fetch") return !["GET", "HEAD"].includes(question.request.method);
  return isEffect(question);
}

/** Without the number of the call. */
function nameOfHook(hook: string | undefined): string | undefined {
  return hook?.replace(/#.*/, "");
}

/** Convex sorts the members of what it passes on, so their order says nothing. */
function sortedMembers(value: unknown): unknown {
  if (value instanceof ArrayBuffer) return { bytes: textOf(value) };
  if (typeof value === "bigint") return { int64: String(value) };
  if (Array.isArray(value)) return value.map(sortedMembers);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, item]) => [name, sortedMembers(item)]);
}

function addressOf(question: Question): string | undefined {
  if (question.kind === "runAction") return question.handle;
  if (question.kind !== "fetch") return undefined;
  const { method, url } = question.request;
  return `${method} ${url.split("?")[0]}`;
}

/** How many arguments a call may have everywhere. */
const CHUNK = 8192;

/** A letter for each byte: a list of numbers would take a hundred times as much memory. */
function textOf(buffer: ArrayBuffer): string {
  let text = "";
  for (let at = 0; at < buffer.byteLength; at += CHUNK) {
    const bytes = new Uint8Array(buffer, at, Math.min(CHUNK, buffer.byteLength - at));
    text += Reflect.apply(String.fromCharCode, undefined, bytes);
  }
  return text;
}
