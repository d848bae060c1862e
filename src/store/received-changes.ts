// A component's side of changes: performs what change-calls.ts sends. Must not run triggers, which the app does.
import type { ChangeCall, SentChange } from "./change-calls.js";
import type { Applied, ReadyChange, Writes } from "./change.js";
import { namingLimits } from "./limits.js";

/**
 * Performs a call of sentWrites; undefined for every other call. The documents must be read again before they are
 * changed, since only their ids are sent.
 */
export function performChange(
  writes: Writes,
  call: ChangeCall | { readonly kind: string },
): Promise<unknown> | undefined {
  if (!isChangeCall(call)) return undefined;
  switch (call.kind) {
    case "load":
      return namingLimits(call.input.input.model, () => writes.load(call.input));
    case "isGone":
      return writes.isGone(call.input);
    case "apply": {
      const changes = call.input.map(receivedChange);
      const model = changes[0]?.change.model ?? "";
      return namingLimits<readonly (Applied | null)[]>(model, () => writes.apply(changes));
    }
  }
}

// --- internal ---

function isChangeCall(call: { readonly kind: string }): call is ChangeCall {
  return call.kind === "load" || call.kind === "isGone" || call.kind === "apply";
}

function receivedChange({ removed = [], added, ...one }: SentChange): ReadyChange {
  const gone = Object.fromEntries(removed.map((column) => [column, undefined]));
  return { ...one, added: { ...added, ...gone } };
}
