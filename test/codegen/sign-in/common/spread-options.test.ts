// Options of Better Auth that come from elsewhere by `...`: a run neither overrides one of them, nor takes over what it
// does not know.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

async function moved(before: string, options: string) {
  const ws = openWorkspace(project);
  const text = `import { createClient } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);

${before}
export const createAuth = (ctx) => betterAuth({ ${options} });
`;
  ws.stage(app.path("convex/auth.ts"), text);
  const survey = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  return {
    text: survey.moved.read(app.path("convex/auth.ts")) ?? "",
    left: survey.left.map(({ line, name, becomes }) => `${line} ${name} ${becomes}`),
  };
}

const DATABASE = "database: authComponent.adapter(ctx)";

test.each([
  ["a limit", "const base = { rateLimit: { enabled: false } };", `...base, ${DATABASE}`, false],
  [
    "a limit of a choice",
    "const base = { ...(process.env.TEST ? { rateLimit: { enabled: false } } : {}) };",
    `...base, ${DATABASE}`,
    false,
  ],
  ["a name", 'const base = { appName: "Notes" };', `...base, ${DATABASE}`, true],
])("%s that the module says stays as it is", async (_what, before, options, addsLimit) => {
  const { text, left } = await moved(before, options);
  expect(left).toEqual([]);
  expect(text).toContain("...base");
  expect(text).not.toContain("authComponent");
  expect(text.includes('storage: "database"')).toBe(addsLimit);
});

test.each([
  ["a function", `const base = (ctx) => ({ ${DATABASE} });`, "...base(ctx)"],
  ["another module", 'import { base } from "./base";', `...base, ${DATABASE}`],
])("options of %s are refused, with what to write", async (_what, before, options) => {
  const { left } = await moved(before, options);
  expect(left).toEqual([
    expect.stringContaining("5 createClient stays as long as betterAuth() does"),
    expect.stringMatching(/^8 betterAuth takes options from elsewhere by `\.\.\.`/),
  ]);
});
