// Claims of a service's token that functions read: kitcn's token has its own, so each line is named.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

const CLERK = {
  "convex/auth.config.ts":
    'export default { providers: [{ domain: process.env.CLERK_DOMAIN!, applicationID: "convex" }] };\n',
  "src/App.tsx": `import { useAuth } from "@clerk/clerk-react";
import { ConvexProviderWithClerk } from "convex/react-clerk";
export default function App() {
  return <ConvexProviderWithClerk useAuth={useAuth} client={client} />;
}
`,
};

/** The lines below each note, by how it begins. */
async function linesOf(files: Readonly<Record<string, string>>) {
  const ws = openWorkspace(project);
  for (const [name, text] of Object.entries({ ...CLERK, ...files })) ws.stage(app.path(name), text);
  const { notes } = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  const below = (head: string) =>
    notes
      .filter((one) => one.startsWith(head))
      .flatMap((one) => one.split("\n").filter((line) => line.startsWith("  ")));
  return { ids: below("These lines read the user's id"), claims: below("These lines read claims") };
}

test("ids and claims are named where a helper of the app gives the identity", async () => {
  const { ids, claims } = await linesOf({
    "convex/identity.ts": `import type { QueryCtx } from "./_generated/server";

export const verify = async (ctx: QueryCtx) => {
  const identity = await ctx.auth.getUserIdentity();
  if (!identity) throw new Error("Sign in");
  return identity;
};

export async function named(ctx: QueryCtx) {
  return await verify(ctx);
}
`,
    "convex/projects.ts": `import { mutation, query } from "./_generated/server";
import { named, verify as known } from "./identity";

export const create = mutation(async (ctx) => {
  const who = await known(ctx);
  await ctx.db.insert("projects", { ownerId: who.subject, picture: who.pictureUrl });
});

export const mail = query(async (ctx) => {
  const mail = { subject: "Hello" };
  const { given_name } = await named(ctx);
  return [mail.subject, given_name, (await ctx.db.query("projects").collect()).map((who) => who.title)];
});

export const mine = query(async (ctx) => ctx.identity.subject);
`,
  });
  expect(ids).toEqual([
    "  convex/projects.ts:6  identity.subject, kept in projects.ownerId",
    "  convex/projects.ts:15  identity.subject",
    "  npx kitcn import clerk <export of Clerk's users> --yes",
    "  npx kitcn import --rewrite projects.ownerId",
  ]);
  expect(claims).toEqual([
    "  convex/projects.ts:6  identity.pictureUrl",
    "  convex/projects.ts:11  identity.given_name",
  ]);
});

test("an argument with the same member is no identity, and a text made with an id is none", async () => {
  const { ids } = await linesOf({
    "convex/projects.ts": `import { mutation } from "./_generated/server";

const insert = (ctx, identity) => ctx.db.insert("members", { userId: identity.subject });

export const create = mutation(async (ctx, args) => {
  const who = await ctx.auth.getUserIdentity();
  await insert(ctx, who);
  await ctx.db.insert("projects", {
    subject: args.subject,
    ownerId: args.ownerId ?? who.subject,
    email: \`\${who.subject}@example.com\`,
  });
});
`,
  });
  expect(ids).toEqual([
    "  convex/projects.ts:3  identity.subject, kept in members.userId",
    "  convex/projects.ts:10  identity.subject, kept in projects.ownerId",
    "  convex/projects.ts:11  identity.subject",
    "  npx kitcn import clerk <export of Clerk's users> --yes",
    "  npx kitcn import --rewrite members.userId",
    "  npx kitcn import --rewrite projects.ownerId",
  ]);
});

test("a parameter with the name of an identity elsewhere is none", async () => {
  const { claims } = await linesOf({
    "convex/presence.ts": `import { query } from "./_generated/server";

export const me = query(async (ctx) => {
  const user = await ctx.auth.getUserIdentity();
  return user?.pictureUrl;
});

export const all = query(async (ctx) => {
  const users = await ctx.db.query("presence").collect();
  return users.filter((user) => user.lastActive > 0);
});
`,
  });
  expect(claims).toEqual(["  convex/presence.ts:5  identity.pictureUrl"]);
});

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
