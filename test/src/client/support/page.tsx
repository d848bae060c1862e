// A page with kitcn's provider over the real clients of Better Auth and Convex; both servers are stand-ins, and time is
// faked. Keeps every text that was ever on the screen.
import { StrictMode, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, vi } from "vitest";
import { ConvexAuthProvider } from "../../../../src/client/provider.js";
import { createAuthServer, createClient, type Session } from "./auth-server.js";
import { createSyncServer } from "./sync-server.js";

const roots: Root[] = [];

/** React renders by this; not faked, since it was read before. */
const realImmediate = setImmediate;

/** Fakes time for the tests of a file, and takes their pages down. */
export function fakeTimeForPages(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    localStorage.clear();
  });
  afterEach(async () => {
    for (const root of roots.splice(0)) root.unmount();
    await pass(1_000);
    vi.useRealTimers();
  });
}

/** Lets time pass in small steps. No `act`: it would hold back the renders in between. */
export async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5) {
    await vi.advanceTimersByTimeAsync(5);
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => realImmediate(resolve));
  }
}

export function openPage(input: {
  readonly session: Session | null;
  readonly initialToken?: string;
  readonly setUp?: (
    server: ReturnType<typeof createAuthServer>,
    sync: ReturnType<typeof createSyncServer>,
  ) => void;
  readonly children: ReactNode;
}) {
  const server = createAuthServer(input.session);
  const sync = createSyncServer();
  input.setUp?.(server, sync);
  const authClient = createClient(server);
  const container = document.createElement("div");
  document.body.append(container);
  const seen: string[] = [];
  const note = () => {
    const text = container.textContent ?? "";
    if (seen.at(-1) !== text) seen.push(text);
  };
  const changes = { childList: true, subtree: true, characterData: true };
  new MutationObserver(note).observe(container, changes);
  const root = createRoot(container, { onCaughtError: () => {} });
  roots.push(root);
  root.render(
    <StrictMode>
      <ConvexAuthProvider
        client={sync.client}
        authClient={authClient}
        initialToken={input.initialToken}
      >
        {input.children}
      </ConvexAuthProvider>
    </StrictMode>,
  );
  return {
    server,
    sync,
    authClient,
    seen,
    text: () => container.textContent,
    /** Signs in as somebody else, or out, as another tab would. */
    async become(session: Session | null) {
      server.session = session;
      authClient.$store.notify("$sessionSignal");
      await pass(1_000);
    },
  };
}
