// The table of social providers against the installed Better Auth: a new provider, an option that became required, and
// options that are not enough to begin a sign-in fail here.
import { socialProviderList, socialProviders } from "better-auth/social-providers";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { PROVIDERS } from "../../../codegen/catalog/providers.js";
import { readVariables, variablesIn } from "../../../codegen/grow/code.js";
import { missingOptions } from "../../../src/auth/http/provider-credentials.js";
import { makeApp } from "../support/app.js";

const IDS = PROVIDERS.map(({ name }) => name);

/** Members that this test uses, of whichever provider. */
type Provider = {
  readonly id: string;
  readonly options: object;
  readonly createAuthorizationURL: (input: object) => URL | Promise<URL>;
};

/** A provider as Better Auth makes it of the table's options, with these variables. */
function make(name: string, env: Readonly<Record<string, string>>): Provider {
  const entry = PROVIDERS.find((one) => one.name === name)!;
  const code = readVariables(entry.options, { object: "env" });
  // The code of an entry is that of an object.
  const options = new Function("env", `return (${code});`)(env) as object;
  const makers = socialProviders as unknown as Record<string, (options: object) => Provider>; // by any name
  return makers[name]!(options);
}

test("every provider of the installed Better Auth is in the table, once", () => {
  expect([...IDS].sort()).toEqual([...socialProviderList].sort());
  const names = PROVIDERS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

describe("the options of", () => {
  test.each(IDS)("%s begin a sign-in, and let an app start without a variable", async (name) => {
    const empty = make(name, {});
    expect(empty.id).toBe(name);
    // At sign-in each of them is named: see src/auth/provider-credentials.ts.
    const missing = missingOptions(empty.options, { needsSecret: true });
    const entry = PROVIDERS.find((one) => one.name === name)!;
    const variables = variablesIn(entry.options);
    expect(missing).toHaveLength(variables.length);
    const env = Object.fromEntries(variables.map((one) => [one, `of-${one.toLowerCase()}`]));
    const redirectURI = `https://app.example.com/api/auth/callback/${name}`;
    const url = await make(name, env).createAuthorizationURL({
      state: "state",
      codeVerifier: "v".repeat(43),
      redirectURI,
    });
    const [id] = variables;
    expect(url.href).toContain(`of-${id!.toLowerCase()}`);
    expect(url.href).toContain(encodeURIComponent(redirectURI));
    const prefix = /^(.+)_CLIENT_(ID|KEY)$/.exec(id!)?.[1];
    expect(variables.every((one) => one.startsWith(`${prefix}_`))).toBe(true);
    expect(entry.register).toMatch(/^https:\/\//);
  });

  test("all of them pass the compiler, with every one that is required", () => {
    const members = PROVIDERS.map(({ name, options }) => {
      const code = readVariables(options, { object: "process.env" });
      return `  ${name}: ${code},`;
    });
    const app = makeApp({
      "all.ts": `import type { SocialProviders } from "better-auth/social-providers";
declare const process: { env: Record<string, string | undefined> };
export const all = {
${members.join("\n")}
} satisfies SocialProviders;
`,
    });
    const file = app.path("all.ts");
    const program = ts.createProgram([file], {
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      skipLibCheck: true,
      strict: true,
      noEmit: true,
      types: [],
    });
    const problems = ts.getPreEmitDiagnostics(program);
    const text = ({ messageText }: ts.Diagnostic) =>
      ts.flattenDiagnosticMessageText(messageText, "\n");
    expect(problems.map(text)).toEqual([]);

    // What no type asks for and every sign-in needs: the two halves of the credentials.
    for (const { name, options } of PROVIDERS) {
      expect(options, name).toMatch(/client(Id|Key): env\(/);
      expect(options, name).toMatch(/clientSecret: env\(/);
    }
  }, 120_000);
});
