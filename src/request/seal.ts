// Seals what must not be read by whoever sees it: a mutation can only undo its writes by throwing, and Convex logs
// what is thrown. Arguments of scheduled functions are shown in the dashboard. Must not know what is sealed.
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";

/** AES-256-GCM needs a key of this many bytes. */
export const SEAL_KEY_BYTES = 32;

/**
 * Encrypts a value with AES-256-GCM. The result begins with the initialization vector.
 *
 * @example
 * const sealed = await seal(outcome, key);
 */
export async function seal(value: Value, key: ArrayBuffer): Promise<ArrayBuffer> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const text = new TextEncoder().encode(JSON.stringify(convexToJson(value)));
  const secret = await importKey(key);
  const encrypted = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, text);
  const sealed = new Uint8Array(IV_BYTES + encrypted.byteLength);
  sealed.set(iv);
  sealed.set(new Uint8Array(encrypted), IV_BYTES);
  return sealed.buffer;
}

/**
 * Decrypts what `seal` made.
 *
 * @throws what AES-GCM throws for another key or a changed text
 */
export async function unseal(sealed: ArrayBuffer, key: ArrayBuffer): Promise<Value> {
  const bytes = new Uint8Array(sealed);
  const iv = bytes.slice(0, IV_BYTES);
  const secret = await importKey(key);
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, secret, bytes.slice(IV_BYTES));
  return jsonToConvex(JSON.parse(new TextDecoder().decode(text)) as JSONValue); // written by seal
}

/** A key made of a text secret, for one purpose only. */
export async function keyFromSecret(secret: string, purpose: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${purpose}\0${secret}`));
}

// --- internal ---

const IV_BYTES = 12;

function importKey(key: ArrayBuffer): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}
