// What `init` of a plugin fetched, such as a discovery document, kept for the next requests: Convex has no process
// that could remember it. Answers are rows of Better Auth's `verification` model, sealed under the app's secret.
// Must not import better-auth.
import type { Value } from "convex/values";
import type { AdapterStores } from "../../adapter/adapter.js";
import type { AuthTables } from "../../metadata.js";
import type { FetchQuestion } from "../../request/init-scope.js";
import { fingerprintOf, type Answer } from "../../request/journal.js";
import type { HeaderLine, ResponseMessage } from "../../request/message.js";
import { currentRun, enterScope } from "../../request/scope.js";
import { keyFromSecret, seal, unseal } from "../../request/seal.js";
import { secretName, verificationRows } from "../init/verification-rows.js";

export type KeptAnswers = {
  /** The answer, if it is kept and still good. */
  readonly load: (question: FetchQuestion) => Promise<Answer | undefined>;
  /** Keeps a good answer to a GET; anything else is left out. */
  readonly keep: (question: FetchQuestion, answer: Answer) => Promise<void>;
};

/**
 * The kept answers of one instance; undefined where nothing can be kept, because the app has no verification table.
 *
 * @example
 * const kept = keptAnswers({ tables, stores, secret });
 * const answer = (await kept?.load(question)) ?? (await perform());
 */
export function keptAnswers({
  tables,
  stores,
  secret,
}: {
  readonly tables: AuthTables;
  readonly stores: AdapterStores;
  readonly secret: string;
}): KeptAnswers | undefined {
  const rows = verificationRows(tables, stores);
  if (!rows) return undefined;
  return {
    load: async (question) => {
      const row = await rows.find(await identifierOf(question, secret));
      if (!row || row.expiresAt <= Date.now()) return undefined;
      const key = await keyFromSecret(secret, PURPOSE);
      const value = await apart(() => unseal(bytesOf(row.value), key));
      return { kind: "response", response: value as unknown as ResponseMessage }; // written by keep
    },
    keep: async (question, answer) => {
      if (answer.kind !== "response" || !isWorthKeeping(question, answer.response)) return;
      const identifier = await identifierOf(question, secret);
      const expiresAt = Date.now() + lifetimeMs(answer.response.headers);
      const key = await keyFromSecret(secret, PURPOSE);
      // A message is plain data, but its type has no index signature.
      const sealed = await apart(() => seal(answer.response as unknown as Value, key));
      await rows.put({ identifier, value: textOf(sealed), expiresAt });
    },
  };
}

/** How long an answer is kept, in ms: as its `cache-control` says, within 5 minutes and a day. Default: an hour. */
export function lifetimeMs(headers: readonly HeaderLine[]): number {
  const [, control = ""] = headers.find(([name]) => name?.toLowerCase() === "cache-control") ?? [];
  const [, seconds] = /max-age=(\d+)/.exec(control) ?? [];
  const isUnwanted = /no-store|no-cache/.test(control);
  const wanted = isUnwanted ? 0 : seconds === undefined ? HOUR_MS : Number(seconds) * 1000;
  return Math.min(Math.max(wanted, MIN_MS), MAX_MS);
}

// --- internal ---

const PURPOSE = "kitcn kept answer";

const HOUR_MS = 3_600_000;
/** A process would keep it until it ends, whatever the header says. */
const MIN_MS = 300_000;
const MAX_MS = 24 * HOUR_MS;

/** A discovery document has a few thousand bytes; a document of Convex may have a million. */
const MAX_BODY_BYTES = 200_000;

function isWorthKeeping({ request }: FetchQuestion, { status, body }: ResponseMessage): boolean {
  return request.method === "GET" && status === 200 && (body?.byteLength ?? 0) <= MAX_BODY_BYTES;
}

function identifierOf(question: FetchQuestion, secret: string): Promise<string> {
  const text = fingerprintOf(question);
  return secretName({ prefix: "kitcn-init-", purpose: PURPOSE, text, secret });
}

/** Draws no random bytes of the request, which each of its runs reads in the same order. */
function apart<T>(work: () => Promise<T>): Promise<T> {
  const result = enterScope(undefined, work);
  return currentRun()?.busyWith(result) ?? result;
}

function textOf(bytes: ArrayBuffer): string {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
}

function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}
