// Cryptography that draws random bytes: Convex leaves it to actions. A run asks for it, with the key as it was
// imported. Must not know what is signed.
import type { Value } from "convex/values";
import { toError } from "./answers.js";
import type { Answer, ImportedKey, Question } from "./journal.js";

export type CryptoQuestion = Extract<Question, { kind: "crypto" }>;

/** True for what Convex refuses in queries and mutations: a signature or a text that is another one each time. */
export function drawsRandomness(method: string, algorithm: unknown): boolean {
  const name = nameOf(algorithm);
  return method === "sign"
    ? name === "ECDSA" || name === "RSA-PSS"
    : method === "encrypt" && name === "RSA-OAEP";
}

/** Remembers how a key was imported, so that an action can import it as well. */
export function noteImport(key: unknown, [format, data, algorithm]: readonly unknown[]): void {
  if (!/^(ECDSA|RSA-PSS|RSA-OAEP)$/.test(nameOf(algorithm))) return;
  const imported = { format: String(format), data: plain(data), algorithm: plain(algorithm) };
  imports.set(key as CryptoKey, imported); // what importKey gives
}

/** The question that asks for an operation; undefined if its key was not imported. */
export function cryptoQuestion(
  method: string,
  [algorithm, key, data]: readonly unknown[],
): CryptoQuestion | undefined {
  const imported = imports.get(key as CryptoKey); // as the method takes it
  if (!imported) return undefined;
  const input = { key: imported, algorithm: plain(algorithm), data: plain(data) };
  // `drawsRandomness` knows these two only, and both take bytes.
  return { kind: "crypto", method, ...input } as CryptoQuestion;
}

/** Performs what a run asked. */
export async function answerCrypto(question: CryptoQuestion): Promise<Answer> {
  const { method, key, algorithm, data } = question;
  const { subtle } = crypto;
  // The arguments are those of a call in a run, as plain data.
  const imported = await subtle.importKey(
    key.format as "jwk",
    key.data as JsonWebKey,
    key.algorithm as unknown as EcKeyImportParams,
    false,
    [method],
  );
  return bytesAnswer(subtle[method](algorithm as unknown as RsaPssParams, imported, data));
}

export async function bytesAnswer(work: Promise<unknown>): Promise<Answer> {
  return { kind: "value", value: (await work) as ArrayBuffer }; // both methods give bytes
}

/** @throws the error that the action met */
export function bytesOf(answer: Answer): Value {
  if (answer.kind === "value") return answer.value;
  throw toError(answer);
}

// --- internal ---

const imports = new WeakMap<CryptoKey, ImportedKey>();

function nameOf(algorithm: unknown): string {
  const { name } = Object(algorithm) as { name?: unknown }; // any value becomes an object
  return String(typeof algorithm === "string" ? algorithm : name).toUpperCase();
}

/** A copy as Convex passes it on: bytes as a buffer, objects without members that are undefined. */
function plain(value: unknown): Value {
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (ArrayBuffer.isView(value))
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice().buffer;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value as Value; // text, a number, a flag
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(members.map(([name, item]) => [name, plain(item)]));
}
