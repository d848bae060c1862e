// A plugin of another package that needs the global Buffer, which Convex's runtime does not have: codegen finds it and
// wires what provides it. Packed kitcn, the real convex CLI, over HTTP.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { installApp, snapshotOf, writeFiles, type PackedApp } from "../support/packed-app.js";

let app: PackedApp;
let deployment: Deployment;

beforeAll(async () => {
  app = await installApp({ from: "examples/notes", name: "buffer" });
  deployment = await startDeployment();
  await succeeds(["kitcn", "add", "auth", "--yes"]);
  await writeFiles(app, PLUGIN);
}, 600_000);
afterAll(() => deployment?.stop());

const succeeds = async (command: readonly string[]) => {
  const ran = await app.run(command, deployment.cliEnv);
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  return ran.stdout;
};

const PLUGIN = {
  "node_modules/better-auth-parcel/package.json": JSON.stringify({
    name: "better-auth-parcel",
    version: "1.0.0",
    type: "module",
    exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
  }),
  "node_modules/better-auth-parcel/index.d.ts": `export declare function parcel(): { id: "parcel" };
`,
  "node_modules/better-auth-parcel/index.js": `import { createAuthEndpoint } from "better-auth/api";
import * as z from "zod";

export function parcel() {
  return {
    id: "parcel",
    endpoints: {
      pack: createAuthEndpoint("/parcel/pack", { method: "POST", body: z.object({ text: z.string() }) }, async (ctx) => {
        const bytes = Buffer.concat([Buffer.from(ctx.body.text, "utf8"), Buffer.from("ff", "hex")]);
        return ctx.json({
          base64: bytes.toString("base64"),
          base64url: bytes.toString("base64url"),
          length: Buffer.byteLength(ctx.body.text),
        });
      }),
      unpack: createAuthEndpoint("/parcel/unpack", { method: "GET", query: z.object({ text: z.string() }) }, async (ctx) => {
        const bytes = Buffer.from(ctx.query.text, "base64url");
        return ctx.json({ hex: bytes.toString("hex"), isBuffer: Buffer.isBuffer(bytes) });
      }),
    },
  };
}
`,
};

const own = (text: string) => text.replace(/plugins: \[/, "plugins: [parcel(), ");

test("without such a plugin, nothing provides a Buffer", async () => {
  expect((await snapshotOf(app))["convex/generated/auth.ts"]).not.toContain("buffer");
});

test("codegen names the package, and an endpoint that uses Buffer works", async () => {
  const { "convex/auth.ts": auth = "" } = await snapshotOf(app);
  await writeFiles(app, {
    "convex/auth.ts": `import { parcel } from "better-auth-parcel";\n${own(auth)}`,
  });
  const said = await succeeds(["kitcn", "codegen"]);
  expect(said).toMatch(/better-auth-parcel uses the global Buffer/);
  const { "convex/generated/auth.ts": generated = "" } = await snapshotOf(app);
  expect(generated).toMatch(/^(\/\/.*\n)*import "kitcn\/auth\/buffer";/);
  await succeeds(["kitcn", "add", "auth", "--schema", "--check"]);

  await succeeds(["convex", "deploy", "--yes"]);
  const base = `${deployment.siteUrl}/api/auth/parcel`;
  const packed = await fetch(`${base}/pack`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "für alle?>" }),
  });
  const bytes = Buffer.concat([Buffer.from("für alle?>"), Buffer.from("ff", "hex")]);
  expect(packed.status, await packed.clone().text()).toBe(200);
  expect(await packed.json()).toEqual({
    base64: bytes.toString("base64"),
    base64url: bytes.toString("base64url"),
    length: 11,
  });
  const unpacked = await fetch(`${base}/unpack?text=${bytes.toString("base64url")}`);
  expect(await unpacked.json()).toEqual({ hex: bytes.toString("hex"), isBuffer: true });
}, 600_000);

test("code that uses it while it is loaded: with the line that codegen gives, the app is pushed", async () => {
  const path = "node_modules/better-auth-parcel/index.js";
  await writeFiles(app, {
    [path]: `const MARK = Buffer.from("x");\n${PLUGIN[path]}\nexport const mark = () => MARK;\n`,
  });
  const said = await succeeds(["kitcn", "codegen"]);
  const line = /add `(import .*)` as the first line of auth\.ts/.exec(said)?.[1];
  expect(line).toBe('import "kitcn/auth/buffer";');
  const { "convex/auth.ts": auth = "" } = await snapshotOf(app);
  await writeFiles(app, { "convex/auth.ts": `${line}\n${auth}` });
  expect(await succeeds(["kitcn", "codegen"])).not.toContain("first line");
  await succeeds(["convex", "deploy", "--yes"]);
}, 600_000);
