// Changes across a function call: an app runs its triggers itself, and has a component load and make the changes.
// Both sides are here, so that they fit each other; only plain data crosses. Must not run triggers.
import type { Applied, Changer, Loaded, ReadyChange, Writes } from "./change.js";
import { namingLimits } from "./limits.js";
import type { WriteOperation } from "./operation.js";
import { definedColumns } from "./rows.js";

/** What is sent to the function `write` of a component beside store operations. */
export type ChangeCall =
  | { readonly kind: "load"; readonly input: WriteOperation }
  | { readonly kind: "isGone"; readonly input: string }
  | { readonly kind: "apply"; readonly input: readonly SentChange[] };

/** The app's side: `send` calls the component and returns what it answers. */
export function sentWrites(send: (call: ChangeCall) => Promise<unknown>): Writes {
  // runChangeCall answers with what the method of that name returns.
  return {
    load: (input) => send({ kind: "load", input }) as Promise<Loaded>,
    isGone: (input) => send({ kind: "isGone", input }) as Promise<boolean>,
    apply: (changes) =>
      send({ kind: "apply", input: changes.map(sentChange) }) as ReturnType<Changer["apply"]>,
  };
}

/** True for a call that sentWrites makes. */
export function isChangeCall(call: { readonly kind: string }): call is ChangeCall {
  return call.kind === "load" || call.kind === "isGone" || call.kind === "apply";
}

/** The component's side. Its documents must be read again before they are changed: only their ids are sent. */
export function runChangeCall(writes: Writes, call: ChangeCall): Promise<unknown> {
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

/** Undefined does not cross, so the columns that it removes are named. */
type SentChange = ReadyChange & { readonly removed?: readonly string[] };

function sentChange({ change, added, isHeard }: ReadyChange): SentChange {
  const removed = Object.keys(added ?? {}).filter((column) => added?.[column] === undefined);
  return {
    change:
      change.operation === "create" ? change : { ...change, document: idsOf(change.document) },
    isHeard,
    ...(added && { added: definedColumns(added) }),
    ...(removed.length > 0 && { removed }),
  };
}

function receivedChange({ removed = [], added, ...one }: SentChange): ReadyChange {
  const gone = Object.fromEntries(removed.map((column) => [column, undefined]));
  return { ...one, added: { ...added, ...gone } };
}

function idsOf({ _id, _creationTime }: { _id: string; _creationTime: number }) {
  return { _id, _creationTime };
}
