// The way to a deployment: over HTTP with what is at hand, else by the convex CLI; and what may be shown of failures.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { ConvexCli } from "../../../codegen/env/convex-cli.js";
import { findDeployment } from "../../../codegen/env/deployment.js";
import { CodegenError } from "../../../codegen/errors.js";
import { isTooMuch } from "../../../codegen/import/limits.js";
import { openTransport } from "../../../codegen/import/transport.js";

type Answer = { readonly status: number; readonly body: object | string };

const asked: { authorization: string | undefined; body: Record<string, unknown> }[] = [];
let answers: Answer[] = [];
let server: Server;
let url: string;
const root = mkdtempSync(join(tmpdir(), "kitcn-transport-"));
const project = { root, functionsDir: join(root, "convex"), packageJson: {} };

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      asked.push({ authorization: request.headers.authorization, body });
      const { status, body: answer } = answers.shift() ?? { status: 500, body: "no answer" };
      response.writeHead(status).end(typeof answer === "string" ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  asked.length = 0;
});

const noCli: ConvexCli = {
  listEnv: () => Promise.reject(new Error("not asked")),
  setEnv: () => Promise.reject(new Error("not asked")),
  push: () => Promise.reject(new Error("not asked")),
  run: () => Promise.reject(new Error("not asked")),
};

const OTHERS = {
  CONVEX_DEPLOY_KEY: "",
  CONVEX_DEPLOYMENT_TOKEN: "",
  CONVEX_SELF_HOSTED_URL: "",
  CONVEX_SELF_HOSTED_ADMIN_KEY: "",
  CONVEX_DEPLOYMENT: "",
};

function open(env: Readonly<Record<string, string>>, cli: ConvexCli = noCli) {
  for (const [name, value] of Object.entries({ ...OTHERS, ...env })) vi.stubEnv(name, value);
  return openTransport({ project, deployment: findDeployment(project), cli });
}

const selfHosted = () =>
  open({ CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: "admin|key" });

const failureOf = async (body: object, status = 560) => {
  answers = [{ status, body }];
  const failure: unknown = await selfHosted()
    .call("importBatch", {})
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CodegenError);
  return failure as CodegenError;
};

test("a self-hosted deployment is asked over HTTP, and again where it was only busy", async () => {
  answers = [
    { status: 503, body: "busy" },
    { status: 200, body: { status: "success", value: { position: 3 } } },
  ];
  expect(await selfHosted().call("importState", { source: "csv" })).toEqual({ position: 3 });
  expect(asked).toHaveLength(2);
  expect(asked[1]).toEqual({
    authorization: "Convex admin|key",
    body: {
      path: "generated/import:importState",
      format: "convex_encoded_json",
      args: [{ source: "csv" }],
    },
  });
});

test("a local backend's key is beside the app", async () => {
  const folder = join(root, ".convex/local/default");
  mkdirSync(folder, { recursive: true });
  const { port } = new URL(url);
  const config = { ports: { cloud: Number(port), site: 1 }, adminKey: "local|key" };
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  answers = [{ status: 200, body: { status: "success", value: null } }];
  await open({ CONVEX_DEPLOYMENT: "anonymous:agent" }).call("importState", {});
  expect(asked[0]?.authorization).toBe("Convex local|key");
});

test("an error of kitcn comes with its code; others without the document they quote", async () => {
  const errorData = { kitcn: true, code: "IMPORT_OUT_OF_STEP", message: "Later.", hint: "Again." };
  expect(await failureOf({ status: "error", errorMessage: "Uncaught", errorData })).toMatchObject({
    code: "IMPORT_OUT_OF_STEP",
    message: "Later.",
    hint: "Again.",
  });
  const errorMessage = `Failed to insert or update a document in table "account" because it does not match the schema: Object is missing the required field "x". Object: {password: "$2b$10$secret", a: {b: 1}}`;
  const { code, message } = await failureOf({ status: "error", errorMessage });
  expect(code).toBe("IMPORT_FAILED");
  expect(message).toContain("missing the required field");
  expect(message).not.toMatch(/secret|\$2b/);
});

test("functions that are not there, and a key that does not open it", async () => {
  const errorMessage = "Could not find function for 'generated/import:importBatch'.";
  expect(await failureOf({ status: "error", errorMessage })).toMatchObject({
    code: "IMPORT_NOT_DEPLOYED",
  });
  expect(await failureOf({ code: "BadAdminKey" }, 403)).toMatchObject({
    code: "DEPLOYMENT_REFUSED",
  });
});

test("a deployment in the cloud is asked by the convex CLI, which takes less at once", async () => {
  const calls: string[] = [];
  const run: ConvexCli["run"] = async (name) => {
    calls.push(name);
    if (calls.length === 1) return { position: 1 };
    throw new CodegenError({
      code: "CONVEX_CLI_FAILED",
      message: `failed: Uncaught ConvexError: {"kitcn":true,"code":"IMPORT_OUT_OF_STEP","message":"Later.","hint":"Again."}\n    at handler`,
      hint: "",
    });
  };
  const transport = open({ CONVEX_DEPLOYMENT: "dev:happy-animal-1" }, { ...noCli, run });
  expect(transport.maxBytes).toBeLessThan(128 * 1024);
  expect(await transport.call("importState", {})).toEqual({ position: 1 });
  await expect(transport.call("importState", {})).rejects.toMatchObject({
    code: "IMPORT_OUT_OF_STEP",
    message: "Later.",
  });
});

test.each(["E2BIG", "ENAMETOOLONG"])(
  "an argument that the operating system does not take is too much for one call: %s",
  async (code) => {
    const run = () => Promise.reject(Object.assign(new Error(`spawn ${code}`), { code }));
    const transport = open({ CONVEX_DEPLOYMENT: "dev:happy-animal-1" }, { ...noCli, run });
    const error: unknown = await transport.call("importBatch", {}).catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: "IMPORT_FAILED",
      hint: expect.stringContaining("CONVEX_DEPLOY_KEY"),
    });
    expect(isTooMuch(error)).toBe(true);
  },
);

test("a deploy key is used over HTTP only where the app knows the address of its deployment", () => {
  const CONVEX_DEPLOY_KEY = "dev:happy-animal-1|secret";
  const direct = open({ CONVEX_DEPLOY_KEY, CONVEX_URL: "https://happy-animal-1.convex.cloud" });
  expect(direct.maxBytes).toBeGreaterThan(128 * 1024);
  const other = open({ CONVEX_DEPLOY_KEY, CONVEX_URL: "https://other-animal-2.convex.cloud" });
  expect(other.maxBytes).toBeLessThan(128 * 1024);
});
