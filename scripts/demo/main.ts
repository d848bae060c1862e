// The main job, live: a new app without auth, `kitcn add auth --yes`, a push, a signed-in user; then the app's production
// build with a panel beside it, and a plugin for each Enter. Writes only below .tmp/demo. `--once` runs the steps and exits.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildApp, startServer } from "../../test/browser/support/app.js";
import { VITE } from "../../test/browser/support/frameworks.js";
import { startDeployment } from "../../test/deployment/index.js";
import { makeApp, runInApp, type DemoApp } from "./app.js";
import { feedPanel, tablesOf } from "./facts.js";
import { growOnEnter, type Growth } from "./grow.js";
import { signUpInAndOut, type Cost } from "./steps.js";
import { step } from "./step.js";

const PAGE_PORT = Number(process.env.PORT ?? 3000);
const origin = `http://localhost:${PAGE_PORT}`;
const once = process.argv.includes("--once");

const app = await step("kitcn init -t vite, with the packed kitcn installed", makeApp);
const deployment = await step("start the embedded deployment", async () => {
  const started = await startDeployment();
  return { result: started, detail: started.url };
});

try {
  await setUp(app);
  // Only the embedded deployment counts and shows its runs.
  const isEmbedded = process.env.CONVEX_SELF_HOSTED_URL === undefined;
  const costs = await signUpInAndOut({
    origin,
    authUrl: deployment.siteUrl,
    cloudUrl: deployment.url,
    counters: isEmbedded ? deployment.counters : undefined,
  });
  console.log("\nAll steps passed.");
  if (!once) await stayOpen(costs, isEmbedded);
} finally {
  await deployment.stop();
}

// --- internal ---

async function setUp(demoApp: DemoApp): Promise<void> {
  const { url: convexUrl, siteUrl: convexSiteUrl, cliEnv: env } = deployment;
  await writeEnv(".env.local", VITE.env({ convexUrl, convexSiteUrl, origin }));
  await writeEnv("convex/.env", { SITE_URL: origin });
  await step("npx kitcn add auth --yes", () =>
    runInApp(demoApp, { command: ["kitcn", "add", "auth", "--yes"], env }),
  );
  await step("npx convex deploy", () =>
    runInApp(demoApp, { command: ["convex", "deploy", "--yes"], env }),
  );
  await step("npx kitcn add auth --schema --check", () =>
    runInApp(demoApp, { command: ["kitcn", "add", "auth", "--schema", "--check"], env }),
  );
}

function writeEnv(file: string, values: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  return writeFile(join(app.dir, file), lines.join(""));
}

async function stayOpen(costs: readonly Cost[], isEmbedded: boolean): Promise<void> {
  await step("npm run build", () => buildApp(app));
  const server = await startServer({ app, args: VITE.serve(PAGE_PORT), origin });
  let growth: Growth = { tables: await tablesOf(app), added: [] };
  const feed = isEmbedded ? feedPanel(deployment, () => ({ costs, ...growth })) : undefined;
  console.log(`\nOpen ${origin}/auth and sign up. Ctrl-C ends the demo.`);
  const onChange = (next: Growth) => (growth = next);
  const growing = growOnEnter({ app, env: deployment.cliEnv, onChange });
  await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  growing.end();
  feed?.end();
  await server.end();
}
