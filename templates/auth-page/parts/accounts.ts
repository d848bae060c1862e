// The accounts with which the user signs in. One request answers all parts that ask at the same time.
import { authClient } from "../auth-client.js";
import { useLoaded } from "./Section.js";

let loading: ReturnType<typeof request> | undefined;

/** Loads the accounts. To be given to `useLoaded`. */
export function loadAccounts(): ReturnType<typeof request> {
  loading ??= request().finally(() => (loading = undefined));
  return loading;
}

/** Whether the user has a password; null until the server has answered. */
export function useHasPassword() {
  const { data, problem } = useLoaded(loadAccounts);
  const hasPassword = data?.some(({ providerId }) => providerId === "credential") ?? null;
  return { hasPassword, problem };
}

function request() {
  return authClient.listAccounts();
}
