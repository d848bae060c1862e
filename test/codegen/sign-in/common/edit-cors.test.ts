// Routes of `@convex-dev/better-auth` with options: who could call them from another origin still can, and what is not
// carried over is named.
import { expect, test } from "vitest";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

const auth = (options: string) => `import { createClient } from "@convex-dev/better-auth";
import { crossDomain } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";

export const authComponent = createClient(components.betterAuth);

const siteUrl = process.env.SITE_URL!;
const others = ["https://b.com"];
export const createAuth = (ctx) => betterAuth({ database: authComponent.adapter(ctx), ${options} });
`;

async function http(options: string, call: string) {
  const ws = openWorkspace(project);
  ws.stage(app.path("convex/auth.ts"), auth(options));
  ws.stage(
    app.path("convex/http.ts"),
    `import { httpRouter } from "convex/server";
import { authComponent, createAuth } from "./auth";

const http = httpRouter();
const options = { cors: { allowedOrigins: ["https://a.com"] } };
authComponent.${call};
export default http;
`,
  );
  const survey = await surveyApp(ws, { hasPage: true, replaces: true, hasTables: true });
  const text = survey.moved.read(app.path("convex/http.ts")) ?? "";
  const given = /authRoutes(?:, \{ cors: \{ allowedOrigins: (.*) \} \})?\);/.exec(text);
  return {
    origins: given ? (given[1] ?? "none") : "not edited",
    notes: survey.notes.map((one) => /\d+: (\w+) is/.exec(one)?.[1]),
    left: survey.left.map(({ file, line, becomes }) => `${file}:${line} ${becomes}`),
  };
}

const TRUSTED = 'trustedOrigins: [siteUrl, ...others, "app://"]';

test.each([
  ["", "registerRoutes(http, createAuth)", "none", []],
  [TRUSTED, "registerRoutes(http, createAuth)", "none", []],
  ["", "registerRoutes(http, createAuth, options)", '["https://a.com"]', []],
  [
    "",
    'registerRoutes(http, createAuth, { cors: { allowedOrigins: ["https://a.com"] } })',
    '["https://a.com"]',
    [],
  ],
  [
    TRUSTED,
    "registerRoutes(http, createAuth, { cors: true })",
    '() => [process.env.SITE_URL!, "https://b.com", "app://"]',
    [],
  ],
  [
    "trustedOrigins: others",
    "registerRoutes(http, createAuth, options)",
    '["https://b.com", "https://a.com"]',
    [],
  ],
  [
    "plugins: [crossDomain({ siteUrl })]",
    "registerRoutes(http, createAuth, { cors: true })",
    "() => [process.env.SITE_URL!]",
    [],
  ],
  [
    "trustedOrigins: async () => load()",
    'registerRoutes(http, createAuth, { cors: { allowedHeaders: ["x"] } })',
    "[]",
    ["allowedHeaders", "trustedOrigins"],
  ],
  [
    TRUSTED,
    'registerRoutesLazy(http, createAuth, { basePath: "/api/auth", trustedOrigins: ["https://c.com"], cors: true })',
    '["https://c.com"]',
    ["basePath"],
  ],
])("with %s, %s lets in %s", async (options, call, origins, notes) => {
  expect(await http(options, call)).toEqual({ origins, notes, left: [] });
});

test("options that are computed are refused, with what to write", async () => {
  const { origins, left } = await http("", "registerRoutes(http, createAuth, load())");
  expect(origins).toBe("not edited");
  expect(left).toContainEqual(
    expect.stringMatching(/^convex\/http\.ts:6 has options in a form that kitcn cannot read/),
  );
});
