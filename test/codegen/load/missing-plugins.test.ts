// Plugins that need another one: named while auth.ts is read, before every request fails.
import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt, organization, twoFactor } from "better-auth/plugins";
import { describe, expect, test, vi } from "vitest";
import { findMissingPlugins } from "../../../codegen/load/missing-plugins.js";
import { MATRIX } from "../../support/plugin-matrix.js";
import { makeApp } from "../support/app.js";

const provider = (more = {}) =>
  oauthProvider({ loginPage: "/in", consentPage: "/consent", ...more });

describe("which plugins lack another one", () => {
  const needing = (step: object) => ({ id: "acme", ...step });
  type Context = { getPlugin: (id: string) => unknown; hasPlugin: (id: string) => boolean };
  const throwing = (ctx: Context) => {
    if (!ctx.getPlugin("two-factor")) throw new Error("acme() needs twoFactor().");
  };
  const lacks = (message: string) => [{ plugin: "acme", needs: "two-factor", message }];
  const sentence = "acme() needs twoFactor().";
  const cases: [string, readonly unknown[], readonly unknown[]][] = [
    [
      "oauthProvider() without jwt()",
      [provider()],
      [{ plugin: "oauth-provider", needs: "jwt", message: "jwt_config" }],
    ],
    ["with it, in any order", [provider(), jwt()], []],
    ["told to do without", [provider({ disableJwtPlugin: true })], []],
    ["in init", [needing({ init: throwing })], lacks(sentence)],
    [
      "in an async one",
      [needing({ init: async (ctx: Context) => throwing(ctx) })],
      lacks(sentence),
    ],
    [
      "by onRequest",
      [needing({ onRequest: (_: Request, ctx: Context) => throwing(ctx) })],
      lacks(sentence),
    ],
    [
      "by hasPlugin",
      [
        needing({
          init(ctx: Context) {
            if (!ctx.hasPlugin("two-factor")) throw new Error(sentence);
          },
        }),
      ],
      lacks(sentence),
    ],
    ["that is there", [needing({ init: throwing }), twoFactor()], []],
    [
      "one that it can do without",
      [
        needing({
          init(ctx: Context) {
            if (!ctx.hasPlugin("two-factor")) return {};
            throw new Error("unreached");
          },
        }),
      ],
      [],
    ],
    [
      "that fails for another reason",
      [
        needing({
          init(ctx: Context) {
            ctx.getPlugin("two-factor");
            throw new Error("no licence");
          },
        }),
      ],
      [],
    ],
  ];
  test.each(cases)("%s", async (_title, plugins, want) => {
    expect(await findMissingPlugins({ plugins })).toEqual(want);
  });

  test("nothing is fetched and nothing is waited for", async () => {
    const fetched = vi.spyOn(globalThis, "fetch");
    const steps = [
      { id: "a", init: () => fetch("https://a.invalid") },
      { id: "b", init: () => new Promise(() => {}) },
      { id: "c", init: (ctx: { adapter: { create: () => unknown } }) => ctx.adapter.create() },
    ];
    expect(await findMissingPlugins({ plugins: steps })).toEqual([]);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  test("none of all other plugins of Better Auth", async () => {
    for (const [name, options] of Object.entries(MATRIX)) {
      const found = await findMissingPlugins(options);
      expect(
        found.map(({ plugin }) => plugin),
        name,
      ).toEqual(name === "oauthProvider" ? ["oauth-provider"] : []);
    }
    expect(await findMissingPlugins({ plugins: [organization()] })).toEqual([]);
  });
});

test("the run says which, and how to add it", async () => {
  const auth = (plugins: string) => `import { oauthProvider } from "@better-auth/oauth-provider";
import { jwt } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({
  plugins: [oauthProvider({ loginPage: "/in", consentPage: "/consent" })${plugins}],
}));
`;
  const about = async (plugins: string) => {
    const { notes } = await makeApp({ "convex/auth.ts": auth(plugins) }).plan();
    return notes.filter((note) => note.includes("jwt"));
  };
  expect(await about("")).toEqual([
    'The plugin "oauth-provider" needs the plugin "jwt", which auth.ts does not list: every request fails with "jwt_config". Add `jwt()` to `plugins` in auth.ts, run `npx kitcn add auth --schema --yes`, then push.',
  ]);
  expect(await about(", jwt()")).toEqual([]);
});
