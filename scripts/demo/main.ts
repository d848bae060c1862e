// The main job, live: an app without auth, `kitcn add auth --yes`, a push, a signed-in user, a page.
// Writes only below .tmp/demo. `--once` runs the steps and exits.
import { startDeployment } from "../../test/deployment/index.js";
import { makeApp, runInApp, type DemoApp } from "./app.js";
import { servePage } from "./page.js";
import { signUpInAndOut } from "./steps.js";
import { step } from "./step.js";

const PAGE_PORT = 3000;
const once = process.argv.includes("--once");

const app = await step("make an app from examples/notes, with the packed kitcn installed", makeApp);
const deployment = await step("start the embedded deployment", async () => {
  const started = await startDeployment();
  return { result: started, detail: started.url };
});

try {
  await setUp(app);
  const siteUrl = `http://localhost:${PAGE_PORT}`;
  await signUpInAndOut({ origin: siteUrl, authUrl: deployment.siteUrl, cloudUrl: deployment.url });
  console.log("\nAll steps passed.");
  if (!once) await stayOpen();
} finally {
  await deployment.stop();
}

// --- internal ---

async function setUp(demoApp: DemoApp): Promise<void> {
  const env = deployment.cliEnv;
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

async function stayOpen(): Promise<void> {
  const page = await servePage({
    app,
    port: PAGE_PORT,
    cloudUrl: deployment.url,
    siteUrl: deployment.siteUrl,
  });
  console.log(`\nOpen http://localhost:${PAGE_PORT}/auth and sign up. Ctrl-C ends the demo.`);
  await new Promise<void>((resolve) => process.once("SIGINT", resolve).once("SIGTERM", resolve));
  await page.close();
}
