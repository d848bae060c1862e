// Prod deployments and deploy keys, through the unmodified convex CLI.
import { ConvexHttpClient } from "convex/browser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp, DEPLOY, query, type App } from "./app.js";
import { startProject, type Project } from "./provision.js";

const where = query("app:where");

let app: App;
let project: Project;
const convex: App["convex"] = (env, ...args) => app.convex(env, ...args);

beforeAll(async () => {
  app = await createApp({
    "convex/app.ts": `import { query } from "./_generated/server";
export const where = query({ args: {}, handler: () => process.env.STAGE ?? "unset" });`,
  });
  project = await startProject();
});
afterAll(() => project?.stop());

test("--prod and plain commands act on two deployments", async () => {
  const { developerEnv } = project;
  for (const [flags, value] of [
    [[], "development"],
    [["--prod"], "production"],
  ] as const) {
    const set = await convex(developerEnv, "env", "set", ...flags, "STAGE", value);
    expect(set, set.text).toMatchObject({ code: 0 });
  }
  expect((await convex(developerEnv, "env", "get", "STAGE")).stdout).toBe("development");
  expect((await convex(developerEnv, "env", "get", "--prod", "STAGE")).stdout).toBe("production");
});

test("dev --once pushes to dev, deploy to prod", async () => {
  const { developerEnv, dev, prod } = project;
  const developed = await convex(developerEnv, "dev", "--once", "--typecheck", "disable");
  expect(developed, developed.text).toMatchObject({ code: 0 });
  expect(await new ConvexHttpClient(dev.url).query(where, {})).toBe("development");
  await expect(new ConvexHttpClient(prod.url).query(where, {})).rejects.toThrow("Could not find");
  const deployed = await convex(developerEnv, ...DEPLOY);
  expect(deployed, deployed.text).toMatchObject({ code: 0 });
  expect(await new ConvexHttpClient(prod.url).query(where, {})).toBe("production");
});

test("a deploy key acts on its own deployment", async () => {
  const { ciEnv, prod } = project;
  const set = await convex(ciEnv, "env", "set", "STAGE", "from CI");
  expect(set, set.text).toMatchObject({ code: 0 });
  const deployed = await convex(ciEnv, ...DEPLOY);
  expect(deployed, deployed.text).toMatchObject({ code: 0 });
  expect(await new ConvexHttpClient(prod.url).query(where, {})).toBe("from CI");
});

test("a key or token of somebody else is refused", async () => {
  const { ciEnv, developerEnv } = project;
  const key = ciEnv.CONVEX_DEPLOY_KEY!.replace(/\|.*/, "|nothing");
  expect((await convex({ ...ciEnv, CONVEX_DEPLOY_KEY: key }, "env", "list")).code).not.toBe(0);
  const stranger = { ...developerEnv, CONVEX_OVERRIDE_ACCESS_TOKEN: "nothing" };
  expect((await convex(stranger, "env", "list", "--prod")).code).not.toBe(0);
});

test("a preview deploy key makes previews by name, finds them again, and opens nothing else", async () => {
  const { previewEnv, previews, prod } = project;
  const deploy = [...DEPLOY.filter((word) => word !== "--yes")];
  const made = await convex(previewEnv, ...deploy, "--preview-name", "one");
  expect(made, made.text).toMatchObject({ code: 0 });
  const first = previews().get("one")!.url;
  const named = ["--preview-name", "one"];
  const set = await convex(previewEnv, "env", ...named, "set", "STAGE", "preview");
  expect(set, set.text).toMatchObject({ code: 0 });
  expect(await new ConvexHttpClient(first).query(where, {})).toBe("preview");
  const again = await convex(previewEnv, ...deploy, ...named);
  expect(again, again.text).toMatchObject({ code: 0 });
  expect(previews().get("one")!.url).toBe(first);
  const anew = await convex(previewEnv, ...deploy, "--preview-create", "one");
  expect(anew, anew.text).toMatchObject({ code: 0 });
  const second = previews().get("one")!.url;
  expect(second).not.toBe(first);
  expect(await new ConvexHttpClient(second).query(where, {})).toBe("unset");
  for (const args of [["--preview-name", "two", "list"], ["--prod", "list"], ["list"]])
    expect((await convex(previewEnv, "env", ...args)).code, args.join(" ")).not.toBe(0);
  expect(await new ConvexHttpClient(prod.url).query(where, {})).toBe("from CI");
});
