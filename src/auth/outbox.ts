// The outbox: what a request sends is scheduled by the mutation that commits it, and called by an action later. The
// arguments are sealed, since Convex stores them and shows them in the dashboard.
import { createAuthEndpoint } from "better-auth/api";
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { callbackFailed, callbackGone, callbackSealed } from "../errors/auth.js";
import { decodeArguments, isEndpointContext } from "../request/arguments.js";
import { withCalls } from "../request/background.js";
import type { Callback } from "../request/callbacks.js";
import { patchForCalls } from "../request/effects.js";
import type { DeferredCallback } from "../request/run.js";
import { keyFromSecret, seal, unseal } from "../request/seal.js";
import { internalReference } from "./references.js";

/** The argument of `authDeferred`. */
export type SealedCallback = { path: string[]; sealed: ArrayBuffer };

/** Schedules callbacks, in order. In a mutation they run if and only if it commits. */
export async function scheduleCallbacks<DataModel extends GenericDataModel>({
  ctx,
  module,
  secret,
  callbacks,
}: {
  /** Of a mutation or of an action. */
  readonly ctx: Pick<GenericMutationCtx<DataModel>, "scheduler">;
  readonly module: string;
  readonly secret: string;
  readonly callbacks: readonly DeferredCallback[];
}): Promise<void> {
  if (callbacks.length === 0) return;
  const key = await keyFromSecret(secret, PURPOSE);
  const reference = internalReference<"action", SealedCallback, null>(`${module}:authDeferred`);
  for (const { path, args } of callbacks)
    await ctx.scheduler.runAfter(0, reference, { path: [...path], sealed: await seal(args, key) });
}

/**
 * Calls a callback that waited in the outbox.
 *
 * @throws KitcnError `DEFERRED_CALLBACK_GONE`, `DEFERRED_CALLBACK_SEALED`, `DEFERRED_CALLBACK_FAILED`
 */
export async function callSealed({
  call: { path, sealed },
  secrets,
  find,
  context,
}: {
  readonly call: SealedCallback;
  readonly secrets: readonly string[];
  readonly find: (path: readonly string[]) => Callback | undefined;
  readonly context: () => Promise<unknown>;
}): Promise<void> {
  const args = await openAny(sealed, { secrets, name: path.join(".") });
  await callDeferred({ callback: { path, args }, find, context });
}

/** Calls a callback with the arguments it was deferred with. @throws as `callSealed` */
export async function callDeferred({
  callback: { path, args },
  find,
  context,
}: {
  readonly callback: DeferredCallback;
  readonly find: (path: readonly string[]) => Callback | undefined;
  readonly context: () => Promise<unknown>;
}): Promise<void> {
  const name = path.join(".");
  // Hooks that `init` of a plugin adds are known once it has run.
  const callback = find(path) ?? (await context(), find(path));
  if (!callback) throw callbackGone({ callback: name });
  try {
    const given = await decodeArguments(args, { context });
    // `void sendEmail(...)` is usual in such a callback, so that no answer waits for it.
    patchForCalls();
    await withCalls(() => callWith(callback, given));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw callbackFailed({ callback: name, reason });
  }
}

// --- internal ---

const PURPOSE = "kitcn outbox";

/** As Better Auth calls it: an endpoint context has its methods, and is the one that Better Auth calls current. */
async function callWith(callback: Callback, args: readonly unknown[]): Promise<void> {
  const parts = args.find(isEndpointContext);
  if (!parts) return void (await callback(...args));
  const endpoint = createAuthEndpoint.serverOnly({ method: "POST" }, async (ctx) => {
    await callback(...args.map((one) => (one === parts ? ctx : one)));
  });
  await endpoint(parts as Parameters<typeof endpoint>[0]); // parts of the context of some endpoint
}

async function openAny(
  sealed: ArrayBuffer,
  { secrets, name }: { secrets: readonly string[]; name: string },
): Promise<string> {
  for (const secret of secrets) {
    const key = await keyFromSecret(secret, PURPOSE);
    const args = await unseal(sealed, key).catch(() => undefined);
    if (typeof args === "string") return args;
  }
  throw callbackSealed({ callback: name });
}
