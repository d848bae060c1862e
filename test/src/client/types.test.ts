// What the types promise: checked by tsc, run for the few things that also happen.
import { createAuthClient as createReactClient } from "better-auth/react";
import { createAuthClient as createVanillaClient } from "better-auth/client";
import {
  adminClient,
  inferAdditionalFields,
  organizationClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import type { ComponentProps } from "react";
import { expect, expectTypeOf, test, vi } from "vitest";
import {
  convexClient,
  crossDomainClient,
  type ConvexAuthProvider,
} from "../../../src/client/index.js";

type AuthClientProp = ComponentProps<typeof ConvexAuthProvider>["authClient"];

const baseURL = "http://127.0.0.1:3211";

test("the provider accepts Better Auth's clients, whatever their plugins", () => {
  const react = createReactClient({
    baseURL,
    plugins: [
      convexClient(),
      crossDomainClient(),
      organizationClient({ teams: { enabled: true } }),
      adminClient(),
      twoFactorClient(),
      usernameClient(),
      inferAdditionalFields({ user: { plan: { type: "string" } } }),
    ],
  });
  const vanilla = createVanillaClient({ baseURL, plugins: [convexClient()] });
  const accepted: AuthClientProp[] = [react, vanilla];
  expect(accepted).toHaveLength(2);

  type Session = NonNullable<ReturnType<(typeof react)["useSession"]>["data"]>;
  expectTypeOf<Session["user"]["username"]>().toEqualTypeOf<string | null | undefined>();
  expectTypeOf<Session["user"]["plan"]>().toEqualTypeOf<string>();
  expectTypeOf<Session["session"]["activeOrganizationId"]>().not.toBeAny();
  // @ts-expect-error no plugin has such a field
  type _Unknown = Session["user"]["nickname"];
});

test("a client without convexClient() is a type error", () => {
  // @ts-expect-error the convex plugin is missing
  const refused: AuthClientProp = createReactClient({ baseURL });
  expect(refused).toBeDefined();
});

test("convex.token() is typed, and asks by GET", async () => {
  const send = vi.fn(async (_url: unknown, init?: RequestInit) => {
    expect(init?.method).toBe("GET");
    return Response.json({ token: "a.b.c" });
  });
  const client = createReactClient({
    baseURL,
    plugins: [convexClient()],
    fetchOptions: { customFetchImpl: send },
  });
  const { data } = await client.convex.token();
  expectTypeOf(data?.token).toEqualTypeOf<string | undefined>();
  expect(data).toEqual({ token: "a.b.c" });
  expect(String(send.mock.calls[0]?.[0])).toBe(`${baseURL}/api/auth/convex/token`);
});

test("refetching on focus is off unless the app asks for it", () => {
  const options = { baseURL, plugins: [convexClient()] };
  createReactClient(options);
  expect(options).toMatchObject({ sessionOptions: { refetchOnWindowFocus: false } });
  const wanted = {
    ...options,
    sessionOptions: { refetchOnWindowFocus: true, refetchInterval: 60 },
  };
  createReactClient(wanted);
  expect(wanted.sessionOptions).toEqual({ refetchOnWindowFocus: true, refetchInterval: 60 });
});
