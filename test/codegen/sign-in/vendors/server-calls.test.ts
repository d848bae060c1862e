// What Clerk gives Next's server, where only whether somebody is signed in counts.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("next");
const project = await loadApp(app.root);

test.each([
  ['userId && redirect("/dashboard");', true],
  ['userId || redirect("/sign-in");', true],
  ["const name = userId && names.get(userId);", false],
])("after `const { userId } = await auth()`, %s: %s", async (line, isMoved) => {
  const ws = openWorkspace(project);
  ws.stage(
    app.path("app/layout.tsx"),
    `import { ClerkProvider, useAuth } from "@clerk/nextjs";
import { ConvexProviderWithClerk } from "convex/react-clerk";

export default function Layout({ children }) {
  return (
    <html>
      <body>
        <ClerkProvider>
          <ConvexProviderWithClerk client={convex} useAuth={useAuth}>{children}</ConvexProviderWithClerk>
        </ClerkProvider>
      </body>
    </html>
  );
}
`,
  );
  ws.stage(
    app.path("convex/auth.config.ts"),
    'export default { providers: [{ domain: process.env.CLERK_DOMAIN!, applicationID: "convex" }] };\n',
  );
  ws.stage(
    app.path("app/page.tsx"),
    `import { auth } from "@clerk/nextjs/server";
import { redirect } from "next/navigation";

export default async function Page() {
  const { userId } = await auth();
  ${line}
  return <p>Home</p>;
}
`,
  );
  const { moved, yours } = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  const page = moved.read(app.path("app/page.tsx")) ?? "";
  expect(page.includes("const userId = await isAuthenticated();")).toBe(isMoved);
  expect(yours.some(({ name }) => name === "auth")).toBe(!isMoved);
});

test("a call that stays in a route says that it throws where Clerk's middleware is gone", async () => {
  const ws = openWorkspace(project);
  ws.stage(
    app.path("middleware.ts"),
    'import { clerkMiddleware } from "@clerk/nextjs/server";\n\nexport default clerkMiddleware();\n',
  );
  ws.stage(
    app.path("convex/auth.config.ts"),
    'export default { providers: [{ domain: process.env.CLERK_DOMAIN!, applicationID: "convex" }] };\n',
  );
  ws.stage(
    app.path("app/api/me/route.ts"),
    `import { currentUser } from "@clerk/nextjs/server";

export async function GET() {
  return Response.json(await currentUser());
}
`,
  );
  const { yours } = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  expect(yours.map(({ file, line, becomes }) => `${file}:${line} ${becomes}`)).toEqual([
    expect.stringMatching(/^app\/api\/me\/route\.ts:4 stays; use instead: .* Until then it throws/),
  ]);
});
