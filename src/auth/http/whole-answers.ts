// Calls of `auth.api` whose stores failed: Better Auth makes an empty list of the error, or a refusal of a valid key, so
// it is thrown again. Must not know HTTP: requests have their run for that.
import type { AdapterStores } from "../../adapter/adapter.js";
import { isKitcnError } from "../../errors/error.js";
import { withBackground } from "../../request/background.js";
import { isExpected } from "../../request/failures.js";
import { scopeStorage } from "../../request/scope.js";
import { notingErrors, type StoreCall } from "../../store/map-store.js";

/** Stores that remember such an error, and endpoints that throw it where they would have answered all the same. */
export function wholeAnswers(stores: AdapterStores): {
  readonly stores: AdapterStores;
  /** The same for an error that no store has thrown. */
  readonly note: (error: unknown) => void;
  readonly throwing: <Api extends object>(api: Api) => Api;
} {
  const failuresOfAll: unknown[] = [];
  const note = (error: unknown, { method }: Partial<StoreCall> = {}) => {
    const { code } = isKitcnError(error) ? error.data : {};
    // A query drops nothing that has expired, which changes no answer.
    const isSpared = method === "deleteMany" && code === "READ_ONLY";
    const isUnanswered = !isExpected(error) || code === "TRIGGER_CANCELLED";
    if (isUnanswered && !isSpared)
      (calls ? innermost(stores)?.failures : failuresOfAll)?.push(error);
  };
  const checked =
    (endpoint: Endpoint): Endpoint =>
    async (...args) => {
      // One call must not fail by what another one met meanwhile; without such a storage it may.
      const failures = calls ? [] : failuresOfAll;
      const before = failures.length;
      const work = () => endpoint(...args);
      const call = { stores, failures, outer: calls?.getStore() };
      const answer = await (calls ? calls.run(call, work) : work());
      if (failures.length > before) throw failures[before];
      return answer;
    };
  return {
    stores: {
      app: notingErrors(stores.app, note),
      component: notingErrors(stores.component, note),
    },
    note,
    // What a call has started in the background must not fail it.
    throwing: (api) =>
      mapEndpoints(api, (endpoint) => {
        const call = checked(endpoint);
        return (...args) => withBackground(async () => call(...args));
      }),
  };
}

// --- internal ---

type Endpoint = (...args: unknown[]) => unknown;

/** A call of `auth.api` that goes on, of the instance that was given these stores. */
type Call = {
  readonly stores: AdapterStores;
  readonly failures: unknown[];
  /** A hook of this one has made it, on the same instance or on another. */
  readonly outer: Call | undefined;
};

const calls = scopeStorage<Call>();

function innermost(stores: AdapterStores): Call | undefined {
  let call = calls?.getStore();
  while (call && call.stores !== stores) call = call.outer;
  return call;
}

/** The same endpoints, which keep what else they are: Better Auth's have a path and options. */
function mapEndpoints<Api extends object>(api: Api, wrap: (endpoint: Endpoint) => Endpoint): Api {
  const wrapped = Object.entries(api).map(([name, endpoint]: [string, unknown]) => [
    name,
    typeof endpoint === "function"
      ? Object.assign(wrap(endpoint as Endpoint), endpoint) // endpoints are functions of one input
      : endpoint,
  ]);
  return Object.fromEntries(wrapped) as Api; // the same names
}
