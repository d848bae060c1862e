// Every plugin and every social provider that kitcn knows, added by one command each: the convex CLI type-checks and
// pushes the app, and its auth answers without one variable set. A provider is refused by name.
import { x } from "tinyexec";
import { afterAll, expect, test, vi } from "vitest";
import { PROVIDERS } from "../../codegen/catalog/providers.js";
import { ADDABLE, appWithAuth, succeeded } from "../codegen/grow/support.js";
import { signUp, visitor } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";

let deployment: Deployment | undefined;
afterAll(() => deployment?.stop());
afterAll(() => void vi.unstubAllEnvs());

test.each(["next", "vite"])(
  "all of them at once in the app %s",
  { timeout: 600_000 },
  async (name) => {
    await deployment?.stop();
    vi.unstubAllEnvs();
    deployment = await startDeployment();
    for (const [key, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(key, value);
    const app = await appWithAuth(name, {
      convex: "real",
      packages: ["convex-helpers", "zod", "hono"],
    });
    // Nobody signs up past a captcha without its page, or a list of leaks that is out of reach: these come last.
    const last = ["captcha", "have-i-been-pwned"];
    const names = ADDABLE.map((one) => one.name).filter((one) => !last.includes(one));
    succeeded(await app.kitcn("add", "plugin", ...names, "--yes"));
    const providers = PROVIDERS.map((one) => one.name);
    succeeded(await app.kitcn("add", "social", ...providers, "--yes"));
    const push = async () => {
      const main = "node_modules/convex/bin/main.js";
      const ran = await x(process.execPath, [main, "dev", "--once"], {
        nodeOptions: { cwd: app.root },
      });
      expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 });
    };
    await push();
    const origin = name === "next" ? "http://localhost:3000" : "http://localhost:5173";
    const { token } = await signUp(deployment.siteUrl, "ada@example.com", origin);
    expect(await token()).toMatch(/^ey/);
    const request = visitor(deployment.siteUrl, origin);
    for (const provider of providers) {
      const response = await request("/sign-in/social", { provider });
      expect(await response.json(), provider).toMatchObject({ code: "PROVIDER_NOT_CONFIGURED" });
    }
    succeeded(await app.kitcn("add", "plugin", ...last, "--yes"));
    await push();
    const answer = await fetch(`${deployment.siteUrl}/api/auth/ok`);
    expect(await answer.json()).toEqual({ ok: true });
  },
);
