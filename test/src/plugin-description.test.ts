// `convex()` and `crossDomain()` of kitcn/auth are descriptions; createAuth makes the plugins of them.
import { memoryAdapter } from "better-auth/adapters/memory";
import { betterAuth } from "better-auth/minimal";
import type { BetterAuthPlugin } from "better-auth";
import { getAuthTables } from "better-auth/db";
import { bearer, organization } from "better-auth/plugins";
import { jwt } from "better-auth/plugins/jwt";
import type { AuthConfig, GenericDataModel } from "convex/server";
import { describe, expect, test } from "vitest";
import { bundle } from "../../bench/bundle.js";
import * as light from "../../src/auth/index.js";
import * as built from "../../src/auth/plugins.js";
import type { AuthCtx } from "../../src/auth/types.js";
import { endpointsOf, everyEndpoint, everyPlugin } from "../support/endpoints.js";
import { createHttpApp, SITE } from "./auth/support/http-app.js";

const authConfig: AuthConfig = {
  providers: [
    { type: "customJwt", issuer: SITE, applicationID: "convex", algorithm: "RS256", jwks: "data:" },
  ],
};
const siteUrl = "https://app.example.com";

type PluginsSeen = {
  readonly ids: string[];
  readonly has: boolean;
  readonly convex: BetterAuthPlugin | null;
  readonly crossDomain: BetterAuthPlugin | null;
};

/** An app's plugins, as Better Auth's context shows them. */
async function contextOf(plugins: BetterAuthPlugin[]) {
  const app = createHttpApp({ options: { plugins } });
  const seen: PluginsSeen[] = [];
  await app.t.run(async (ctx) => {
    // The app's data model is known at run time only, and so is what its instance has.
    const auth = app.getAuth(ctx as unknown as AuthCtx<GenericDataModel>) as unknown as {
      $context: Promise<{
        hasPlugin: (id: string) => boolean;
        getPlugin: (id: string) => BetterAuthPlugin | null;
        options: { plugins: BetterAuthPlugin[] };
      }>;
    };
    const { hasPlugin, getPlugin, options } = await auth.$context;
    seen.push({
      ids: options.plugins.map(({ id }) => id),
      has: hasPlugin("convex"),
      convex: getPlugin("convex"),
      crossDomain: getPlugin("cross-domain"),
    });
  });
  return seen[0]!; // the function ran
}

describe("a description", () => {
  test("has the tables of Better Auth's jwt(), as the built plugin has", () => {
    const described = light.convex({ authConfig });
    expect(described.schema).toEqual(jwt().schema);
    expect(built.convex({ authConfig }).schema).toEqual(described.schema);
    const { jwks } = getAuthTables({ plugins: [described] });
    expect(jwks).toEqual(getAuthTables({ plugins: [jwt()] }).jwks);
  });

  test("says with what it was made", () => {
    const options = { authConfig, options: { basePath: "/auth" } };
    expect(light.convex(options)).toMatchObject({ id: "convex", options });
    expect(light.crossDomain({ siteUrl })).toMatchObject({ id: "cross-domain" });
  });

  test("refuses a lifetime that is none, and leaves the keys to the built plugin", async () => {
    const wrong = { authConfig, jwks: "not json" };
    await expect(contextOf([light.convex(wrong)])).rejects.toMatchObject({ code: "INVALID_JWKS" });
    const endless = { authConfig, jwt: { expirationSeconds: Infinity } };
    expect(() => light.convex(endless)).toThrow(
      expect.objectContaining({ code: "INVALID_EXPIRATION" }),
    );
  });

  test.each([
    ["convex", () => light.convex({ authConfig })],
    ["crossDomain", () => light.crossDomain({ siteUrl })],
  ] as const)("of %s does not start Better Auth alone", async (name, make) => {
    const auth = betterAuth({
      baseURL: SITE,
      secret: "test-secret-of-thirty-two-characters!",
      database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
      plugins: [make()],
    });
    await expect(auth.$context).rejects.toMatchObject({
      code: "PLUGIN_DESCRIPTION",
      message: expect.stringContaining(`${name}() of kitcn/auth only describes`),
      hint: expect.stringContaining("kitcn/auth/plugin"),
    });
  });

  test("loads neither better-auth nor zod, and no helper beside it does", async () => {
    const { packages } = await bundle({ entryPoints: ["src/auth/index.ts"] });
    expect(packages.map(({ name }) => name).sort()).toEqual(["convex", "the app"]);
  });
});

describe("createAuth", () => {
  test("builds each plugin in its place", async () => {
    const seen: unknown[] = [];
    const curious = {
      id: "curious",
      init: (ctx) => {
        const other = ctx.getPlugin("convex") as BetterAuthPlugin | null;
        seen.push(ctx.hasPlugin("convex"), Object.keys(other?.endpoints ?? {}));
      },
    } satisfies BetterAuthPlugin;
    const plugins = [
      bearer(),
      light.convex({ authConfig }),
      curious,
      light.crossDomain({ siteUrl }),
      organization(),
    ];
    const { ids, has, convex, crossDomain } = await contextOf(plugins);
    const own = plugins.map(({ id }) => id as string);
    expect(ids.filter((id) => own.includes(id))).toEqual(own);
    expect(has).toBe(true);
    const wanted = Object.keys(built.convex({ authConfig }).endpoints);
    expect(seen).toEqual([true, wanted]);
    expect(Object.keys(convex?.endpoints ?? {})).toEqual(wanted);
    expect(Object.keys(crossDomain?.endpoints ?? {})).toEqual(["exchangeCrossDomainToken"]);
    expect(crossDomain?.init).toBeTypeOf("function");
  });

  test("serves every endpoint that plugins wired by hand serve, and keeps the others for the server", async () => {
    const { plugins = [], ...options } = everyPlugin();
    const described = plugins.map((one) =>
      one.id === "convex" ? light.convex({ authConfig: { providers: [] } }) : one,
    );
    const app = createHttpApp({ options: { ...options, plugins: described } });
    const byHand = everyEndpoint();
    expect(byHand.served.length).toBeGreaterThan(150);
    await app.t.run(async (ctx) => {
      // As in contextOf.
      const { api } = app.getAuth(ctx as unknown as AuthCtx<GenericDataModel>);
      const { served, serverOnly } = endpointsOf(api);
      expect(served).toEqual(byHand.served);
      expect(serverOnly).toEqual(byHand.serverOnly);
    });
  });

  test("leaves a plugin that is built already as it is", async () => {
    const own = built.convex({ authConfig });
    const { convex } = await contextOf([own]);
    expect(convex).toBe(own);
  });

  test("keeps what an app added to a description", async () => {
    const described = light.convex({ authConfig });
    const hook = { matcher: () => false, handler: async () => undefined };
    const started: string[] = [];
    const changed = {
      ...described,
      version: "mine",
      hooks: { before: [hook] },
      init: () => void started.push("mine"),
    };
    const { convex } = await contextOf([changed as BetterAuthPlugin]);
    const plain = built.convex({ authConfig });
    expect(convex?.version).toBe("mine");
    expect(started).toEqual(["mine"]);
    expect(convex?.hooks?.before).toHaveLength(plain.hooks.before.length + 1);
    expect(Object.keys(convex?.endpoints ?? {})).toEqual(Object.keys(plain.endpoints));
  });
});
