// What apps of Convex Auth still call of it after the edits: each place is listed with what to write.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("vite-convex");

/** The files that the last run left. */
const kept = new Set<string>();

async function yours(files: Readonly<Record<string, string>>) {
  const all = {
    "convex/auth.ts": `import GitHub from "@auth/core/providers/github";
import { convexAuth } from "@convex-dev/auth/server";

export const { auth, signIn, signOut, store } = convexAuth({ providers: [GitHub] });
`,
    ...files,
  };
  for (const [name, text] of Object.entries(all)) app.write(name, text);
  const ws = openWorkspace(await loadApp(app.root));
  const survey = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  expect(survey.left).toEqual([]);
  for (const path of Object.keys(all))
    if (survey.moved.has(app.path(path))) kept.add(path);
    else kept.delete(path);
  return survey.yours.map(({ file, line, name, becomes }) => `${file}:${line} ${name} ${becomes}`);
}

const page = (lines: string) => `import { useAuthActions } from "@convex-dev/auth/react";

export default function App() {
  const { signIn } = useAuthActions();
  const onPress = async () => {
    ${lines}
  };
  return <button onClick={() => void onPress()}>Sign in</button>;
}
`;

test.each([
  ["taken apart", 'const { redirect } = await signIn("github", { redirectTo: "/" });', 6],
  [
    "in two steps",
    'const made = await signIn("github");\n    if (made.redirect) open(made.redirect);',
    7,
  ],
  ["at once", 'open((await signIn("github")).redirect!.toString());', 6],
])("the redirect of a sign-in on a phone, %s, is listed", async (_what, lines, line) => {
  const all = await yours({ "src/App.tsx": page(lines) });
  expect(all[0]).toMatch(
    new RegExp(`^src/App.tsx:${line} redirect of signIn\\(\\) is not there any more: on a phone`),
  );
});

test("a sign-in whose answer nobody reads is not listed", async () => {
  expect(await yours({ "src/App.tsx": page('await signIn("github");') })).toEqual([]);
});

test("a token for servers of the app, and calls on the old tables, are listed", async () => {
  const all = await yours({
    "src/App.tsx": `import { useAuthToken } from "@convex-dev/auth/react";

export default function App() {
  const token = useAuthToken();
  return <p>{token}</p>;
}
`,
    "convex/accounts.ts": `import { createAccount } from "@convex-dev/auth/server";
import { action } from "./_generated/server";

export const invite = action(async (ctx) => {
  await createAccount(ctx, { provider: "password", account: { id: "a" }, profile: {} });
});
`,
  });
  expect(all).toEqual([
    expect.stringMatching(
      /^convex\/accounts\.ts:5 createAccount stays, but works on Convex Auth's tables/,
    ),
    expect.stringMatching(
      /^src\/App\.tsx:4 useAuthToken stays; use instead: .*authClient\.convex\.token\(\)/,
    ),
  ]);
});

test("look-ups in the table of users that has no new ones are listed", async () => {
  const users = `import { query } from "./_generated/server";

export const all = query(async (ctx) => await ctx.db.query("users").collect());
export const posts = query(async (ctx) => await ctx.db.query("posts").collect());
`;
  const schema = `import { authTables } from "@convex-dev/auth/server";
import { defineSchema } from "convex/server";

export default defineSchema({ ...authTables });
`;
  const all = await yours({ "convex/users.ts": users, "convex/schema.ts": schema });
  expect(all.filter((one) => one.includes("users.ts"))).toEqual([
    expect.stringMatching(
      /^convex\/users\.ts:3 query\("users"\) stays, and finds no user who signs/,
    ),
  ]);
});

test.each([
  ["alone in its module goes with it", "", []],
  [
    "beside other code stays, and is listed",
    "export const LENGTH = 8;\n",
    ["convex/Mine.ts:4 Password stays, but nothing uses it: delete it, with its import."],
  ],
])("a provider %s", async (_what, more, want) => {
  const all = await yours({
    "convex/Mine.ts": `import { Password } from "@convex-dev/auth/providers/Password";

// Mine.
export const Mine = Password({ profile: (given) => ({ email: given.email as string }) });
${more}`,
    "convex/auth.ts": `import { convexAuth } from "@convex-dev/auth/server";
import { Mine } from "./Mine";

export const { auth, signIn, signOut, store } = convexAuth({ providers: [Mine] });
`,
  });
  expect(all.filter((one) => one.includes("Mine.ts"))).toEqual(want);
  expect(kept.has("convex/Mine.ts")).toBe(want.length > 0);
});
