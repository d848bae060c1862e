// What each operation costs on a deployment: function runs and documents read, exact.
// A run is a query or mutation that the HTTP action calls; runs inside those are counted as nested.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDeployment, type Counters, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { installApp, type PackedApp } from "../support/packed-app.js";

const ORIGIN = "http://localhost:3000";
const user = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
const isReal = Boolean(process.env.CONVEX_SELF_HOSTED_URL);

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  app = await installApp({ from: "examples/notes", name: "counts" });
  deployment = await startDeployment();
  const added = await app.run(["kitcn", "add", "auth", "--yes"], deployment.cliEnv);
  expect(added, added.stdout + added.stderr).toMatchObject({ code: 0 });
  const pushed = await app.run(["convex", "deploy", "--yes"], deployment.cliEnv);
  expect(pushed, pushed.stdout + pushed.stderr).toMatchObject({ code: 0 });
});
afterAll(() => deployment?.stop());

// Only the stand-in counts.
test.runIf(!isReal)("function runs and documents read of each operation", async () => {
  const jar = createCookieJar(ORIGIN);
  const costs: Record<string, string> = {};
  const measure = async (name: string, path: string, body?: object) => {
    await deployment.resetCounters();
    const response = await jar.fetch(`${deployment.siteUrl}/api/auth${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    await response.text();
    costs[name] = costOf(await deployment.counters());
  };
  await measure("sign-up", "/sign-up/email", user);
  await measure("get-session", "/get-session");
  await measure("token", "/convex/token");
  await measure("list-sessions", "/list-sessions");
  await measure("sign-out", "/sign-out", {});
  await measure("sign-in, wrong password", "/sign-in/email", {
    ...user,
    password: "wrong password",
  });
  await measure("sign-in", "/sign-in/email", user);
  expect(costs).toMatchInlineSnapshot(`
    {
      "get-session": "1 runs (0 nested), 2 documents",
      "list-sessions": "1 runs (0 nested), 3 documents",
      "sign-in": "2 runs (0 nested), 2 documents",
      "sign-in, wrong password": "1 runs (0 nested), 2 documents",
      "sign-out": "1 runs (0 nested), 6 documents",
      "sign-up": "2 runs (0 nested), 0 documents",
      "token": "1 runs (0 nested), 2 documents",
    }
  `);
});

function costOf({ queries, mutations, nested, documentsRead }: Counters): string {
  return `${queries + mutations - nested} runs (${nested} nested), ${documentsRead} documents`;
}
