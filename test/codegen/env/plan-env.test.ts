// Which variables a deployment gets, in each mode.
import { describe, expect, test } from "vitest";
import { planEnv, type EnvInput, type EnvPlan } from "../../../codegen/env/plan-env.js";

const NEW = "new-secret-new-secret-new-secret-new";
const plan = (input: Partial<EnvInput>) =>
  planEnv({
    mode: "sync",
    file: {},
    fileName: "convex/.env",
    current: {},
    newSecret: NEW,
    ...input,
  });

describe.each(["production", "preview"] as const)("%s", (mode) => {
  const current = { BETTER_AUTH_SECRET: "s" };

  test.each([
    { origins: "https://a.b,exp://, exp://192.168.1.10:8081", want: "https://a.b" },
    { origins: "exp://", want: undefined },
    { origins: "EXPS://evil.example", want: undefined },
  ])("does not trust Expo Go: $origins", ({ origins, want }) => {
    const { set } = plan({ mode, current, file: { BETTER_AUTH_TRUSTED_ORIGINS: origins } });
    expect(set.BETTER_AUTH_TRUSTED_ORIGINS).toBe(want);
  });

  test("refuses Expo Go under any other name", () => {
    expect(() => plan({ mode, current, file: { APPS: "notes://,exp://10.0.0.1" } })).toThrow(
      "APPS in convex/.env points at this machine",
    );
  });
});

describe("planEnv", () => {
  const cases: { name: string; given: Partial<EnvInput>; want: Partial<EnvPlan> }[] = [
    {
      name: "fill sets what is missing and makes a secret",
      given: { mode: "fill", file: { A: "1", B: "2" }, current: { A: "9" } },
      want: { set: { B: "2", BETTER_AUTH_SECRET: NEW }, kept: ["A"], generatedSecret: true },
    },
    {
      name: "sync lets the file win",
      given: { mode: "sync", file: { A: "1" }, current: { A: "9", BETTER_AUTH_SECRET: "s" } },
      want: { set: { A: "1" }, kept: [], secretChanges: false },
    },
    {
      name: "sync with another secret changes it",
      given: {
        mode: "sync",
        file: { BETTER_AUTH_SECRET: "other" },
        current: { BETTER_AUTH_SECRET: "s" },
      },
      want: { set: { BETTER_AUTH_SECRET: "other" }, secretChanges: true, generatedSecret: false },
    },
    {
      name: "production overrides nothing",
      given: {
        mode: "production",
        file: { SITE_URL: "http://localhost:3000", NEW_ONE: "x" },
        current: { SITE_URL: "https://a.b", BETTER_AUTH_SECRET: "s" },
      },
      want: { set: { NEW_ONE: "x" }, kept: ["SITE_URL"] },
    },
    {
      name: "empty and managed names are skipped",
      given: {
        file: { A: "", CONVEX_SITE_URL: "x", CONVEX_DEPLOY_KEY: "y", NEXT_PUBLIC_CONVEX_URL: "z" },
        current: { BETTER_AUTH_SECRET: "s" },
      },
      want: {
        set: {},
        skipped: ["A", "CONVEX_SITE_URL", "CONVEX_DEPLOY_KEY", "NEXT_PUBLIC_CONVEX_URL"],
        withoutValue: ["A"],
      },
    },
    {
      name: "production replaces where it was asked to",
      given: {
        mode: "production",
        overwrite: true,
        file: { RESEND: "new" },
        current: { RESEND: "old", BETTER_AUTH_SECRET: "s" },
      },
      want: { set: { RESEND: "new" }, kept: [] },
    },
    {
      name: "a change of the secret empties JWKS in the same batch",
      given: {
        file: { BETTER_AUTH_SECRET: "other" },
        current: { BETTER_AUTH_SECRET: "s", JWKS: "[]" },
      },
      want: { set: { BETTER_AUTH_SECRET: "other", JWKS: "" }, secretChanges: true },
    },
    {
      name: "but keeps a JWKS that comes with it",
      given: {
        file: { BETTER_AUTH_SECRET: "other", JWKS: "mine" },
        current: { BETTER_AUTH_SECRET: "s", JWKS: "[]" },
      },
      want: { set: { BETTER_AUTH_SECRET: "other", JWKS: "mine" } },
    },
    ...["BETTER_AUTH_SECRETS", "AUTH_SECRET"].map((name) => ({
      name: `${name} is a secret too: none is made`,
      given: { file: {}, current: { [name]: "1:x" } },
      want: { set: {}, generatedSecret: false },
    })),
    {
      name: "a secret that production shares with development already is told, and stays",
      given: {
        mode: "production",
        file: { BETTER_AUTH_SECRET: "s" },
        current: { BETTER_AUTH_SECRET: "s", JWKS: "own" },
        development: [{ where: "there", values: { AUTH_SECRET: "s", JWKS: "another" } }],
      },
      want: { set: {}, unchanged: ["BETTER_AUTH_SECRET"], shared: ["BETTER_AUTH_SECRET"] },
    },
    {
      name: "equal values are no change",
      given: { file: { A: "1" }, current: { A: "1", BETTER_AUTH_SECRET: "s" } },
      want: { set: {}, unchanged: ["A"] },
    },
  ];
  test.each(cases)("$name", ({ given, want }) => {
    expect(plan(given)).toMatchObject(want);
  });

  const refused: { file: Record<string, string>; code: string }[] = [
    { file: { SITE_URL: "http://localhost:3000" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: "https://a.b,http://127.0.0.1:1" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: "http://[::1]:3000/x" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: "http://app.localhost" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: '["https://a.b","http://localhost:1"]' }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: "localhost:3000" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: '["localhost:3000", "a.example.com"]' }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: "see http://localhost:3000 for it" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: "localhost:3000,app" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: "localhost:3000 # dev" }, code: "PRODUCTION_LOCALHOST" },
    { file: { A: '{"origins":["localhost:3000"]}' }, code: "PRODUCTION_LOCALHOST" },
    { file: { BETTER_AUTH_SECRET: "short" }, code: "PRODUCTION_DEV_SECRET" },
    { file: { BETTER_AUTH_SECRET: "ab".repeat(40) }, code: "PRODUCTION_DEV_SECRET" },
    { file: { BETTER_AUTH_SECRETS: "2:short,1:x" }, code: "PRODUCTION_DEV_SECRET" },
    {
      file: { BETTER_AUTH_SECRET: "better-auth-secret-12345678901234567890" },
      code: "PRODUCTION_DEV_SECRET",
    },
    { file: { JWKS: "development-jwks" }, code: "PRODUCTION_DEV_SECRET" },
    {
      file: { BETTER_AUTH_SECRET: "development-development-development" },
      code: "PRODUCTION_DEV_SECRET",
    },
  ];
  test.each(refused)("production refuses $file", ({ file, code }) => {
    const development = {
      BETTER_AUTH_SECRET: "development-development-development",
      JWKS: "development-jwks",
    };
    const sources = [{ where: "convex/.env", values: development }];
    const run = () => plan({ mode: "production", file, development: sources });
    expect(run).toThrow(expect.objectContaining({ code, hint: expect.stringMatching(/./) }));
    expect(run).not.toThrow(/development-/);
  });

  test.each(["production", "preview"] as const)("%s refuses a local value that it has", (mode) => {
    const file = { SITE_URL: "http://localhost:3000" };
    const run = () => plan({ mode, file, current: { ...file, BETTER_AUTH_SECRET: "s" } });
    expect(run).toThrow(expect.objectContaining({ code: "PRODUCTION_LOCALHOST" }));
    const development = plan({ file, current: { ...file, BETTER_AUTH_SECRET: "s" } });
    expect(development.unchanged).toEqual(["SITE_URL"]);
  });

  test("production takes real values", () => {
    const file = {
      SITE_URL: "https://localhost.example.com",
      NAME: "a localhostess",
      NOTE: "not for localhost, please",
    };
    expect(plan({ mode: "production", file }).set).toMatchObject(file);
  });
});
