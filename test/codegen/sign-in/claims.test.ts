// Claims of a service's token that functions read: kitcn's token has its own, so each line is named.
import { expect, test } from "vitest";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp } from "../support/cli.js";

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

test("each claim is named, and what both tokens have is not", async () => {
  const ws = openWorkspace(project);
  ws.stage(
    app.path("convex/auth.config.ts"),
    'export default { providers: [{ domain: process.env.CLERK_DOMAIN!, applicationID: "convex" }] };\n',
  );
  ws.stage(
    app.path("src/App.tsx"),
    `import { useAuth } from "@clerk/clerk-react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
export default function App() {
  return <ConvexProviderWithClerk useAuth={useAuth} client={client} />;
}
`,
  );
  ws.stage(
    app.path("convex/me.ts"),
    `import { query } from "./_generated/server";

export const me = query(async (ctx) => {
  const identity = await ctx.auth.getUserIdentity();
  if (!identity) throw new Error("Sign in");
  const { nickname } = (await ctx.auth.getUserIdentity())!;
  return [identity.pictureUrl!, identity["org_id"], identity.email, identity.subject, nickname];
});
`,
  );
  const { notes } = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  const [note] = notes.filter((one) => one.startsWith("These lines read claims"));
  expect(note?.split("\n").filter((line) => line.startsWith("  "))).toEqual([
    "  convex/me.ts:6  identity.nickname",
    "  convex/me.ts:7  identity.pictureUrl",
    "  convex/me.ts:7  identity.org_id",
  ]);
  expect(note).toContain("convex({ jwt: { definePayload } })");
});
