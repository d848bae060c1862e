// An app's side of changes in a component: it runs its triggers itself, and has the component load and make the changes.
// Only plain data crosses; received-changes.ts is the other side. Must not run triggers.
import type { Changer, Loaded, ReadyChange, Writes } from "./change.js";
import type { FindingOperation } from "./operation.js";
import { definedColumns } from "./rows.js";

/** What is sent to the function `write` of a component beside store operations. */
export type ChangeCall =
  | { readonly kind: "load"; readonly input: FindingOperation }
  | { readonly kind: "isGone"; readonly input: string }
  | { readonly kind: "apply"; readonly input: readonly SentChange[] };

/** Undefined does not cross, so the columns that it removes are named. */
export type SentChange = ReadyChange & { readonly removed?: readonly string[] };

/** The app's side: `send` calls the component and returns what it answers. */
export function sentWrites(send: (call: ChangeCall) => Promise<unknown>): Writes {
  // The component answers with what the method of that name returns.
  return {
    load: (input) => send({ kind: "load", input }) as Promise<Loaded>,
    isGone: (input) => send({ kind: "isGone", input }) as Promise<boolean>,
    apply: (changes) =>
      send({ kind: "apply", input: changes.map(sentChange) }) as ReturnType<Changer["apply"]>,
  };
}

// --- internal ---

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

function idsOf({ _id, _creationTime }: { _id: string; _creationTime: number }) {
  return { _id, _creationTime };
}
