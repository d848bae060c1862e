// Where rewritten code leads visitors in an app without kitcn's page, by the names of its routes.
import { expect, test } from "vitest";
import { detectShell } from "../../../../codegen/shell/detect.js";
import { atPath, findSignInPaths } from "../../../../codegen/sign-in/vendors/paths.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { cliApp } from "../../support/cli.js";

const PAGE = "export default function Page() {\n  return null;\n}\n";

async function pathsOf(fixture: string, path: string) {
  const app = cliApp(fixture, { files: { [path]: PAGE } });
  const ws = openWorkspace(await loadApp(app.root));
  return findSignInPaths(ws, detectShell(ws), { found: [], hasPage: false });
}

test.each([
  ["next", "app/sign-in/page.tsx", "/sign-in"],
  ["next", "app/(site)/login/[[...rest]]/page.tsx", "/login"],
  ["next", "app/auth/page.tsx", "/auth"],
  ["next", "app/auth/route.ts", undefined],
  ["next", "app/[lang]/sign-in/page.tsx", undefined],
  ["next", "app/@modal/sign-in/page.tsx", undefined],
  ["next", "app/sign-in/Form.tsx", undefined],
  ["start", "src/routes/sign-in.tsx", "/sign-in"],
  ["start", "src/routes/_site/login/index.tsx", "/login"],
  ["start", "src/routes/sign-in.$.tsx", "/sign-in"],
  ["start", "src/routes/$lang/sign-in.tsx", undefined],
  ["vite", "src/sign-in.tsx", undefined],
])("%s with %s: %s", async (fixture, path, want) => {
  expect((await pathsOf(fixture, path)).signIn).toBe(want);
});

test("only the page at /auth moves in a sentence, not modules and routes with that name", () => {
  const text =
    "`isAuthenticated()` of lib/auth-server and kitcn/auth, with /auth and /api/auth open";
  expect(atPath(text, { hasPage: false, signIn: "/login", signUp: undefined })).toBe(
    text.replace("with /auth", "with /login"),
  );
});
