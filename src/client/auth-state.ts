// Who is signed in, for one provider: joins Better Auth's session with the token Convex needs.
// Must not touch React or Convex. Signs out only on an authoritative answer.
import { invalidAuthClient } from "../errors/client.js";
import { onForeground } from "./app-focus.js";
import { refetchSession, type ConvexAuthClient, type SessionAtom } from "./auth-client.js";
import { close, LOADING, onSession, revive, seed } from "./machine.js";
import type { AuthSnapshot, Machine } from "./machine.js";
import { createRetry } from "./retry.js";
import { watchTabs } from "./tabs.js";

export type { AuthSnapshot } from "./machine.js";

export type AuthState = {
  getSnapshot(): AuthSnapshot;
  /** The first subscriber starts the work, the last one to leave ends it. */
  subscribe(listener: () => void): () => void;
  /** Tries again after Convex refused a token, or the token endpoint a session. */
  revive(): void;
  /** Asks for the session again. */
  recheck(): Promise<void>;
};

type AuthStateInput = {
  authClient: ConvexAuthClient;
  initialToken?: string | null | undefined;
};

/**
 * The auth state behind `ConvexAuthProvider` and `connectAuth`. Does nothing before `subscribe`.
 *
 * @example
 * const state = createAuthState({ authClient, initialToken });
 */
export function createAuthState(input: AuthStateInput): AuthState {
  const listeners = new Set<() => void>();
  const emit = () => {
    for (const listener of listeners) listener();
  };
  let machine = createMachine(input, emit);
  let stop: (() => void) | undefined;

  return {
    getSnapshot: () => machine.snapshot,
    subscribe(listener) {
      listeners.add(listener);
      stop ??= start(machine);
      return () => {
        listeners.delete(listener);
        // React's strict mode leaves and comes back at once: that must not drop a request.
        setTimeout(() => {
          if (listeners.size > 0 || !stop) return;
          stop();
          stop = undefined;
          machine = createMachine(input, emit);
        }, 0);
      };
    },
    revive: () => revive(machine),
    recheck: () => refetchSession(machine.atom),
  };
}

// --- internal ---

function createMachine({ authClient, initialToken }: AuthStateInput, emit: () => void): Machine {
  const atom = sessionAtom(authClient);
  const machine: Machine = {
    authClient,
    atom,
    emit,
    retry: createRetry(() => void refetchSession(atom)),
    tabs: undefined,
    login: undefined,
    refused: undefined,
    snapshot: LOADING,
  };
  if (initialToken) seed(machine, initialToken);
  return machine;
}

/** Listens to the session, to other tabs and to the foreground, until the returned function is called. */
function start(machine: Machine): () => void {
  const refetch = () => void refetchSession(machine.atom);
  const tabs = watchTabs({ onChange: refetch });
  machine.tabs = tabs;
  // A phone's app may have slept for days, and has no tabs that tell it of a change.
  const leaveForeground = onForeground(refetch);
  const leaveAtom = machine.atom.subscribe((value) => onSession(machine, value));
  return () => {
    leaveAtom();
    leaveForeground();
    tabs.leave();
    close(machine);
  };
}

function sessionAtom({ $store }: ConvexAuthClient): SessionAtom {
  const { session } = $store.atoms;
  if (session) return session;
  throw invalidAuthClient();
}
