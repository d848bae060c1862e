// createEnv where variables are set, where they are not, in auth.config.ts, and during codegen.
import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { z } from "zod";
import { isKitcnError } from "../../../src/errors/error.js";
import { createEnv } from "../../../src/server/index.js";

const server = {
  SITE_URL: z.url(),
  AUTH_SECRET: z.string().min(32),
  PORT: z.coerce.number().int().default(3000),
  STAGE: z.enum(["dev", "prod"]).optional(),
  JWKS: z.string().optional(),
};

const good = { SITE_URL: "https://x.test", AUTH_SECRET: "s".repeat(32) };

/** As Convex's `process.env` in auth.config.ts: unset reads throw, and nothing can be listed. */
const authConfigEnv = (values: Record<string, string>) =>
  new Proxy({} as Record<string, string | undefined>, {
    get(_target, name) {
      const value = Object.entries(values).find(([key]) => key === name)?.[1];
      if (value === undefined) throw new Error(`Environment variable ${String(name)} is not set`);
      return value;
    },
    has: () => false,
    ownKeys: () => [],
  });

const messageOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isKitcnError(error)) return `${error.data.code}: ${error.data.message}`;
    throw error;
  }
  return "no error";
};

const hintOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isKitcnError(error)) return error.data.hint;
    throw error;
  }
  return "no error";
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe("getEnv", () => {
  test.each([
    { given: good, want: { ...good, PORT: 3000 } },
    { given: { ...good, PORT: "80", STAGE: "dev" }, want: { ...good, PORT: 80, STAGE: "dev" } },
    { given: { ...good, PORT: "", STAGE: "", OTHER: "1" }, want: { ...good, PORT: 3000 } },
  ])("reads $given", ({ given, want }) => {
    expect(createEnv({ server, runtimeEnv: given })()).toEqual(want);
  });

  test.each([
    { given: {}, want: "INVALID_ENV: Missing environment variables: SITE_URL, AUTH_SECRET." },
    {
      given: { SITE_URL: "", PORT: "x", STAGE: "prod" },
      want: "INVALID_ENV: Missing environment variables: SITE_URL, AUTH_SECRET. Invalid environment variables: PORT (Invalid input: expected number, received NaN).",
    },
  ])("lists all that is wrong with $given", ({ given, want }) => {
    expect(messageOf(() => createEnv({ server, runtimeEnv: given })().SITE_URL)).toBe(want);
  });

  test("a module that reads another variable loads before the missing ones are set", () => {
    const env = createEnv({ server, runtimeEnv: {} })();
    expect([env.JWKS, env.PORT]).toEqual([undefined, 3000]);
    expect(messageOf(() => ({ ...env }))).toContain("SITE_URL, AUTH_SECRET");
  });

  test("never shows a value", () => {
    const runtimeEnv = { ...good, AUTH_SECRET: "hunter2" };
    const message = messageOf(createEnv({ server, runtimeEnv }));
    expect(message).toContain("AUTH_SECRET");
    expect(message).not.toContain("hunter2");
  });

  test("prints the command for both deployments, since no variable tells which one refuses", () => {
    const refused = hintOf(() => createEnv({ server, runtimeEnv: {} })().SITE_URL);
    expect(refused).toContain("`npx kitcn env push`");
    expect(refused).toContain("`npx kitcn env push --prod --from-file .env.production`");
  });

  test("sees process.env as it is at the call", () => {
    const getEnv = createEnv({ server: { KITCN_TEST_NAME: z.string() } });
    expect(messageOf(() => getEnv().KITCN_TEST_NAME)).toContain("KITCN_TEST_NAME");
    vi.stubEnv("KITCN_TEST_NAME", "ada");
    expect(getEnv().KITCN_TEST_NAME).toBe("ada");
    vi.stubEnv("KITCN_TEST_NAME", "bob");
    expect(getEnv().KITCN_TEST_NAME).toBe("bob");
  });

  test("reads in auth.config.ts, set or not", () => {
    vi.stubGlobal("process", { env: authConfigEnv({ SITE_URL: "https://x.test" }) });
    const env = createEnv({ server })();
    expect(env).toEqual({ SITE_URL: "https://x.test", PORT: 3000 });
    vi.stubGlobal("process", { env: authConfigEnv({ ...good, JWKS: "{}" }) });
    expect(createEnv({ server })()).toEqual({ ...good, PORT: 3000, JWKS: "{}" });
  });

  test("still refuses a wrong value in auth.config.ts", () => {
    vi.stubGlobal("process", { env: authConfigEnv({ SITE_URL: "nope" }) });
    expect(messageOf(createEnv({ server }))).toContain("SITE_URL (Invalid URL)");
  });

  test("during codegen gives values that fit", () => {
    vi.stubEnv("KITCN_CODEGEN", "1");
    const getEnv = createEnv({
      server: { ...server, MAIL: z.email(), KIND: z.enum(["a", "b"]), COUNT: z.coerce.number() },
      runtimeEnv: {},
    });
    const env = getEnv();
    expect(new URL(env.SITE_URL).protocol).toBe("http:");
    expect(env.AUTH_SECRET.length).toBeGreaterThanOrEqual(32);
    expect(env).toMatchObject({ KIND: "a", COUNT: 1, PORT: 3000 });
    expect(env.MAIL).toContain("@");
    expect(env.JWKS).toBeUndefined();
  });

  test("is typed by the schemas", () => {
    const getEnv = createEnv({ server, runtimeEnv: good });
    expectTypeOf(getEnv().PORT).toEqualTypeOf<number>();
    expectTypeOf(getEnv().STAGE).toEqualTypeOf<"dev" | "prod" | undefined>();
    // @ts-expect-error not declared
    void getEnv().OTHER;
  });
});
