// An app of Convex Auth without TypeScript: what `add auth --replace` writes into its modules is JavaScript, and bundles.
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp } from "../../support/cli.js";
import { COMPILED, expectSecondRunEmpty, withoutDeployment } from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const FILES: Record<string, string> = {
  "convex/auth.js": `import GitHub from "@auth/core/providers/github";
import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";

export const { auth, signIn, signOut, store } = convexAuth({
  providers: [
    GitHub,
    Password({
      validatePasswordRequirements: (password) => {
        if (password.length < 12) throw new Error("Too short");
      },
    }),
  ],
});
`,
  "convex/auth.config.js": `export default {
  providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }],
};
`,
  "convex/http.js": `import { httpRouter } from "convex/server";
import { auth } from "./auth";

const http = httpRouter();
auth.addHttpRoutes(http);
export default http;
`,
  "src/Form.jsx": `import { useAuthActions } from "@convex-dev/auth/react";

export function Form() {
  const { signIn } = useAuthActions();
  return <button onClick={() => void signIn("github")}>Sign in</button>;
}
`,
};

test("an app without TypeScript moves", async () => {
  const app = cliApp("vite-js", { ...COMPILED, files: FILES });
  app.write("src/main.jsx", `import "./Form";\n${app.read("src/main.jsx")}`);
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const auth = app.read("convex/auth.js");
  expect(auth).toContain("clientSecret: process.env.AUTH_GITHUB_SECRET,");
  expect(auth).toContain("const given =");
  expect(auth).not.toMatch(/convex-dev|: unknown|!,/);
  const { errors, warnings } = await build({
    entryPoints: [
      "convex/auth.js",
      "convex/http.js",
      "src/lib/auth-actions.js",
      "src/Form.jsx",
    ].map(app.path),
    bundle: true,
    write: false,
    outdir: "out",
    format: "esm",
    packages: "external",
    logLevel: "silent",
  });
  expect([...errors, ...warnings]).toEqual([]);
  await expectSecondRunEmpty(app, "--replace");
});
