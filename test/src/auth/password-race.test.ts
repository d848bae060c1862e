// A sign-in with the old password whose check takes until the password was changed. Better Auth over a database of its
// own is the yardstick: it looks at the account once, before the check.
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

type Fetch = (path: string, init: RequestInit) => Promise<Response>;

const NEW = "another horse battery";

/** A check of passwords that can be held back. */
function heldChecks() {
  let held: Promise<void> | undefined;
  let reached: (() => void) | undefined;
  const options = {
    emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password: string) => password,
        verify: async ({ hash, password }: { hash: string; password: string }) => {
          const waiting = held;
          held = undefined;
          reached?.();
          await waiting;
          return hash === password;
        },
      },
    },
  };
  /** Holds the next check; resolves when it was reached. */
  const holdNext = () => {
    let release: () => void = () => {};
    held = new Promise((resolve) => (release = resolve));
    const whenReached = new Promise<void>((resolve) => (reached = resolve));
    return { release: () => release(), whenReached };
  };
  return { options, holdNext };
}

/** How the sign-in is answered, and whether its session is good once the password is another one. */
async function race(
  fetch: Fetch,
  { holdNext }: ReturnType<typeof heldChecks>,
  isChangedMeanwhile: boolean,
) {
  const send = (path: string, body: object | undefined, cookie = "") =>
    fetch(`/api/auth${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json", origin: SITE, cookie },
      ...(body && { body: JSON.stringify(body) }),
    });
  const cookieOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
  const owner = cookieOf(await send("/sign-up/email", credentials));
  const change = async () => {
    const body = {
      currentPassword: credentials.password,
      newPassword: NEW,
      revokeOtherSessions: true,
    };
    expect((await send("/change-password", body, owner)).status).toBe(200);
  };
  const { release, whenReached } = holdNext();
  const signIn = send("/sign-in/email", credentials);
  await whenReached;
  if (isChangedMeanwhile) await change();
  release();
  const answer = await signIn;
  if (!isChangedMeanwhile) await change();
  const session = await send("/get-session", undefined, cookieOf(answer));
  const { status } = await send("/sign-in/email", credentials);
  return {
    signIn: answer.status,
    isSignedIn: (await session.json()) !== null,
    oldPassword: status,
  };
}

test.each([
  ["during the check", true],
  ["after the sign-in", false],
])("a password that changes %s leaves no more sessions than in Better Auth", async (_when, at) => {
  const theirs = heldChecks();
  const rows = { user: [], session: [], account: [], verification: [] };
  const auth = betterAuth({
    ...theirs.options,
    baseURL: SITE,
    secret: "a secret for tests only, long enough",
    database: memoryAdapter(rows),
    telemetry: { enabled: false },
  });
  const ours = heldChecks();
  const { fetch } = createHttpApp({ options: ours.options });
  const want = await race((path, init) => auth.handler(new Request(SITE + path, init)), theirs, at);
  expect(want.oldPassword).toBe(401);
  expect(await race(fetch, ours, at)).toEqual(want);
});
