// A page of kitcn's in a DOM: the server behind it, and what a person finds, types and clicks. Asserts nothing.
import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import { bearer } from "better-auth/plugins";
import { vi } from "vitest";

export type Failure = "network" | "unset provider" | 429 | 500 | undefined;

/** Better Auth's handler over tables in memory, and a fetch for its client. Whoever signs in has the session. */
export function createServer({
  options = {},
  plugins = [],
}: { options?: BetterAuthOptions; plugins?: BetterAuthPlugin[] } = {}) {
  const rows = {
    ...{ user: [], session: [], account: [], verification: [] },
    ...{ organization: [], member: [], invitation: [] },
  };
  const auth = betterAuth({
    baseURL: "http://localhost:3000",
    secret: "test-secret-of-thirty-two-characters!",
    database: memoryAdapter(rows),
    logger: { disabled: true },
    rateLimit: { enabled: false },
    plugins: [bearer(), ...plugins],
    emailAndPassword: { enabled: true },
    socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
    ...options,
  });
  let bearerToken = "";
  const server = { failure: undefined as Failure, hold: undefined as Promise<void> | undefined };
  const send: typeof fetch = async (input, init) => {
    await server.hold;
    if (server.failure === "network") throw new TypeError("Failed to fetch");
    if (server.failure === "unset provider")
      return Response.json({ code: "PROVIDER_NOT_CONFIGURED", message: "No id." }, { status: 500 });
    if (server.failure) return Response.json({}, { status: server.failure });
    // A DOM's own fetch classes hide cookies, so the session travels as a bearer.
    const headers = new Headers(init?.headers);
    headers.set("origin", "http://localhost:3000");
    if (bearerToken) headers.set("authorization", `Bearer ${bearerToken}`);
    const response = await auth.handler(
      new Request(String(input), { ...init, headers, signal: null }),
    );
    bearerToken = response.headers.get("set-auth-token") ?? bearerToken;
    if (String(input).endsWith("/sign-out")) bearerToken = "";
    return response;
  };
  return { auth, server, send };
}

export const find = <E extends Element>(selector: string) => document.querySelector<E>(selector);
export const button = (name: string) =>
  [...document.querySelectorAll("button")].find(({ textContent }) => textContent === name);
export const settled = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
export const rendered = () => new Promise((resolve) => setTimeout(resolve));

/** The stores of Better Auth's client let go of a page a second after it closes. Vitest takes the DOM away with the file. */
export const letGo = () => new Promise((resolve) => setTimeout(resolve, 1_100));

export async function type(name: string, value: string): Promise<void> {
  const input = find<HTMLInputElement>(`input[name=${name}]`)!;
  // React remembers what it set itself: the DOM's own setter makes it look.
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
  set?.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await rendered();
}

export async function click(name: string): Promise<void> {
  button(name)!.click();
  await rendered();
}

export async function submit(): Promise<void> {
  find("form")!.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await rendered();
}
