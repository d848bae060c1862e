// Tables of an app's own with names of Better Auth's, in an app of `@convex-dev/better-auth`: they are never taken over.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

async function leftOf(options: string, tables: string) {
  const ws = openWorkspace(project);
  ws.stage(
    app.path("convex/auth.ts"),
    `import { createClient } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import { organization } from "better-auth/plugins";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);
export const createAuth = (ctx) => betterAuth({ database: authComponent.adapter(ctx), ${options} });
`,
  );
  ws.stage(
    app.path("convex/schema.ts"),
    `import { defineSchema, defineTable } from "convex/server";
export default defineSchema({
${tables}
});
`,
  );
  const survey = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  return survey.left.map(({ file, line, becomes }) => `${file}:${line} ${becomes}`);
}

const own = (edit: string) => expect.stringContaining(`Write \`${edit}\` into the options of `);

test.each([
  [
    "",
    "user: defineTable({}), session: defineTable({}).index('a', ['b'])",
    [own('user: { modelName: "auth_user" }'), own('session: { modelName: "auth_session" }')],
  ],
  ['user: { modelName: "auth_user" }', "user: defineTable({})", []],
  [
    'user: { modelName: "people" }',
    "people: defineTable({})",
    [own('user: { modelName: "auth_user" }')],
  ],
  ["", "users: defineTable({}), member: defineTable({})", []],
  [
    "plugins: [organization()]",
    "member: defineTable({})",
    [own('schema: { member: { modelName: "auth_member" } }')],
  ],
])("with the options {%s}, the tables %s", async (options, tables, want) => {
  expect(await leftOf(options, tables)).toEqual(want);
});
