// From an app without auth to mails that are sent, by commands alone: the convex CLI pushes what they wrote, with its
// type check. Without a key, links are read from the function's log and opened; with one, the component calls Resend,
// which a server of this test stands in for.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { x } from "tinyexec";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, type CliApp } from "../codegen/support/cli.js";
import { signUp, startKitcn } from "../codegen/support/live-app.js";
import { startEmbedded, type Deployment } from "../deployment/index.js";
import { loadBundle } from "../support/pushed-bundle.js";

const RESEND = "@convex-dev/resend";
const OF_SUITE = ["convex-test", "vitest", "vite"];
const OF_RESEND = ["@convex-dev/rate-limiter", "@convex-dev/workpool", "remeda", "svix"];

type Sent = {
  readonly key: string | undefined;
  readonly mails: readonly Record<string, unknown>[];
};

let deployment: Deployment;
let app: CliApp;
let resend: Server;
const sent: Sent[] = [];

async function kitcn(...args: string[]): Promise<string> {
  const ran = await app.kitcn(...args, "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  return ran.stdout;
}

async function convex(...args: string[]): Promise<void> {
  const main = "node_modules/convex/bin/main.js";
  const ran = await x(process.execPath, [main, ...args], { nodeOptions: { cwd: app.root } });
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 });
}

/** Stands in for https://api.resend.com. */
async function startResend(): Promise<string> {
  resend = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const mails = JSON.parse(body) as Record<string, unknown>[];
      sent.push({ key: request.headers.authorization, mails });
      const data = mails.map((_, at) => ({ id: `resend-${at}` }));
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((done) => resend.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(resend.address() as AddressInfo).port}`;
}

/**
 * The package as it is, except for the address that it calls, and for the reports that its workpool logs: these page
 * through a table, which the stand-in refuses in components.
 */
function placeResend(address: string): void {
  const folder = app.path(`node_modules/${RESEND}`);
  rmSync(folder);
  cpSync(resolve("node_modules", RESEND), folder, { recursive: true });
  const file = `${folder}/dist/component/lib.js`;
  let text = readFileSync(file, "utf8");
  for (const [from, to] of [
    ["https://api.resend.com", address],
    ["maxParallelism: EMAIL_POOL_SIZE", 'maxParallelism: EMAIL_POOL_SIZE, logLevel: "WARN"'],
    ["maxParallelism: CALLBACK_POOL_SIZE", 'maxParallelism: CALLBACK_POOL_SIZE, logLevel: "WARN"'],
  ] as const) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

beforeAll(async () => {
  deployment = await startEmbedded();
  for (const [name, value] of Object.entries(deployment.cliEnv)) vi.stubEnv(name, value);
  const packages = [
    ...PACKAGES,
    "convex-helpers",
    "zod",
    "hono",
    RESEND,
    ...OF_RESEND,
    ...OF_SUITE,
  ];
  app = cliApp("next", { convex: "real", packages });
  const manifest = JSON.parse(app.read("package.json")) as { dependencies: object };
  const dependencies = { ...manifest.dependencies, [RESEND]: "^0.2.8" };
  app.write("package.json", JSON.stringify({ ...manifest, dependencies }, null, 2));
  placeResend(await startResend());
  await kitcn("init", "--no-install");
  await kitcn("add", "auth");
  await kitcn("add", "plugin", "magic-link", "organization");
  await kitcn("add", "email");
  await convex("dev", "--once");
}, 600_000);
afterAll(() => deployment?.stop());
afterAll(() => void resend?.close());
afterAll(() => void vi.unstubAllEnvs());

/** The lines of the log since the last call. */
async function newLines(): Promise<string[]> {
  await deployment.settled();
  const all = deployment.logs();
  const fresh = all.slice(seen);
  seen = all.length;
  return fresh;
}
let seen = 0;

const linkIn = (lines: readonly string[]) =>
  /https?:\/\/[^\s"']+/.exec(lines.join("\n"))?.[0] ?? "";

/** Opens a link as a browser would that follows nothing, on the site of the routes. */
async function open(link: string): Promise<Response> {
  const { pathname, search } = new URL(link);
  return fetch(deployment.siteUrl + pathname + search, { redirect: "manual" });
}

test("a sign-up's mail is in the log, and its link verifies the address", async () => {
  await signUp(deployment.siteUrl, "ada@example.com");
  const lines = await newLines();
  expect(lines.join("\n")).toContain("Mail to ada@example.com: Confirm your email address");
  const response = await open(linkIn(lines));
  expect(response.status).toBe(302);
  const rows = await deployment.rows();
  const users = rows[""]?.user ?? [];
  expect(users).toContainEqual(
    expect.objectContaining({ email: "ada@example.com", emailVerified: true }),
  );
}, 120_000);

test("a link to sign in, a new password and an invitation are in the log, too", async () => {
  const { request } = await signUp(deployment.siteUrl, "owner@example.com");
  await newLines();
  const ask = async (path: string, body: object) => {
    const response = await request(path, body);
    const text = await response.text();
    expect(response.status, `${path}: ${text}`).toBe(200);
    return { answer: JSON.parse(text) as Record<string, unknown>, lines: await newLines() };
  };
  const link = await ask("/sign-in/magic-link", { email: "new@example.com" });
  const signedIn = await open(linkIn(link.lines));
  expect(signedIn.headers.getSetCookie().join()).toContain("session_token=");
  const email = "owner@example.com";
  const reset = await ask("/request-password-reset", { email, redirectTo: "/new-password" });
  expect(linkIn(reset.lines)).toContain("/api/auth/reset-password/");
  const { answer } = await ask("/organization/create", { name: "<Acme>", slug: "acme" });
  const invited = await ask("/organization/invite-member", {
    email: "guest@example.com",
    role: "member",
    organizationId: answer.id,
  });
  expect(invited.lines.join("\n")).toContain("Mail to guest@example.com: Join <Acme>");
  const invitation = invited.answer.id as string;
  expect(linkIn(invited.lines)).toBe(`http://localhost:3000/auth#invitation=${invitation}`);
}, 120_000);

test("doctor names what is missing, as warnings", async () => {
  const ran = await app.kitcn("doctor", "--json");
  const { findings } = JSON.parse(ran.stdout) as { findings: { code: string }[] };
  expect(ran, JSON.stringify(findings)).toMatchObject({ code: 0 });
  expect(findings.map(({ code }) => code)).toEqual(["MISSING_VARIABLE", "MISSING_VARIABLE"]);
}, 120_000);

test("kitcn dev shows the mail, its link on a line of its own", async () => {
  const started = startKitcn(["dev", "--cwd", app.root], deployment.cliEnv);
  let output = "";
  for (const stream of [started.child.stdout, started.child.stderr])
    stream?.on("data", (text: string) => (output += text));
  try {
    const wait = { timeout: 120_000, interval: 100 };
    await vi.waitFor(() => expect(output).toMatch(/functions ready/i), wait);
    await signUp(deployment.siteUrl, "watching@example.com");
    await vi.waitFor(() => {
      expect(output).toMatch(/^convex {2}\| .*Mail to watching@example\.com/m);
      expect(output).toMatch(/^convex {2}\| [^\n]*http:\S+\/verify-email\?token=\S+$/m);
    }, wait);
  } finally {
    started.child.kill("SIGINT");
    await started.ended;
  }
}, 300_000);

test("no function of auth loads the package that sends", async () => {
  const bundle = await loadBundle(app);
  const textOf = (module: string) => [...bundle.closureOf(module).values()].join("\n");
  for (const module of ["http.js", "generated/auth.js", "generated/routes.js"])
    expect(textOf(module), module).not.toContain("svix-id");
  expect(textOf("resend.js")).toContain("svix-id");
}, 300_000);

test("with a key, Resend is called with it and with what the mail says", async () => {
  await convex("env", "set", "RESEND_API_KEY", "re_123");
  await convex("env", "set", "EMAIL_FROM", "Acme <hello@acme.com>");
  await newLines();
  await signUp(deployment.siteUrl, "grace@example.com");
  await vi.waitFor(() => expect(sent).toHaveLength(1), { timeout: 60_000, interval: 250 });
  const [{ key, mails }] = sent as [Sent];
  expect(key).toBe("Bearer re_123");
  expect(mails).toMatchObject([
    {
      from: "Acme <hello@acme.com>",
      to: ["grace@example.com"],
      subject: "Confirm your email address",
    },
  ]);
  const { text, html } = mails[0] as { text: string; html: string };
  const link = linkIn([text]);
  expect(html).toContain(`href="${link.replaceAll("&", "&amp;")}"`);
  expect((await open(link)).status).toBe(302);
  expect((await newLines()).join("\n")).not.toContain("grace@example.com: ");
}, 300_000);

/** A suite of the app, which reads the log, and then what the mutation that sends is given. */
const SUITE = `/// <reference types="vite/client" />
import { convexTest } from "convex-test";
import { register } from "kitcn/test";
import { afterEach, expect, test, vi } from "vitest";
import schema from "./schema";

const modules = import.meta.glob(["./**/*.*s", "!./**/*.test.ts", "!./**/*.d.ts"]);
afterEach(() => vi.restoreAllMocks());

async function signUp(given: typeof modules) {
  const t = convexTest({ schema, modules: given });
  register(t);
  const response = await t.fetch("/api/auth/sign-up/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin: "http://localhost:3000" },
    body: JSON.stringify({ name: "Ada", email: "ada@example.com", password: "correct horse battery" }),
  });
  expect(response.status).toBe(200);
  return t;
}

test("the link is in the log", async () => {
  const log = vi.spyOn(console, "log").mockReturnValue();
  const t = await signUp(modules);
  const link = await vi.waitFor(() => {
    const found = /http\\S+verify-email\\S+/.exec(log.mock.calls.join("\\n"));
    if (!found) throw new Error("There is no link yet.");
    return new URL(found[0]);
  }, 30_000);
  expect((await t.fetch(link.pathname + link.search)).status).toBe(302);
});

test("the whole mail is what another module is given", async () => {
  const sent: { to: string; html: string }[] = [];
  const { internalMutationGeneric: internalMutation } = await import("convex/server");
  const send = internalMutation({ handler: (_ctx, mail: { to: string; html: string }) => void sent.push(mail) });
  await signUp({ ...modules, "./resend.ts": () => Promise.resolve({ send }) });
  await expect.poll(() => sent, { timeout: 30_000 }).toMatchObject([{ to: "ada@example.com" }]);
  expect(sent[0]?.html).toContain("<a href=");
});
`;

const SUITE_CONFIG = `import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    testTimeout: 60_000,
    server: { deps: { inline: ["convex-test"] } },
    env: {
      SITE_URL: "http://localhost:3000",
      CONVEX_SITE_URL: "http://127.0.0.1:3211",
      BETTER_AUTH_SECRET: "for tests only, and long enough",
    },
  },
});
`;

test("the app's own suite finds the link in the log, and the mail in its own module", async () => {
  app.write("vitest.config.ts", SUITE_CONFIG);
  app.write("convex/mail.test.ts", SUITE);
  const ran = await x(process.execPath, ["node_modules/vitest/vitest.mjs", "run"], {
    nodeOptions: { cwd: app.root },
  });
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ exitCode: 0 });
  expect(ran.stdout).toMatch(/Tests\s+2 passed/);
}, 300_000);
