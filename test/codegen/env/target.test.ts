// Which deployment a command acts on, and what a build on a hosting platform says of itself.
import { describe, expect, test } from "vitest";
import { branchOfBuild, siteOfBuild } from "../../../codegen/env/build-host.js";
import type { Deployment } from "../../../codegen/env/deployment.js";
import { planTarget, type TargetRequest } from "../../../codegen/env/target.js";

const cloud = {
  kind: "cloud",
  isProduction: false,
  isPreview: false,
  byDeployKey: false,
  isPreviewKey: false,
} as const;
const previewKey = { ...cloud, isPreview: true, byDeployKey: true, isPreviewKey: true };
const prodKey = { ...cloud, isProduction: true, byDeployKey: true };
const local = { kind: "local", name: "local:x", urls: [] } as const;
const selfHosted = { kind: "self-hosted", url: "https://c.example.com", isLocal: false } as const;
const none = { kind: "none" } as const;

const VERCEL = { VERCEL: "1", VERCEL_GIT_COMMIT_REF: "feature/a" };
const PREVIEW = { prod: false, previewName: "mine" };

describe("planTarget", () => {
  type Given = { request?: Partial<TargetRequest>; deployment: Deployment; env?: object };
  test.each<[string, Given, { kind: string; flags: string[] }]>([
    ["development", { deployment: cloud }, { kind: "development", flags: [] }],
    ["a local one", { deployment: local }, { kind: "development", flags: [] }],
    [
      "--prod",
      { deployment: cloud, request: { prod: true } },
      { kind: "production", flags: ["--prod"] },
    ],
    [
      "--prod without a deployment",
      { deployment: none, request: { prod: true } },
      { kind: "production", flags: ["--prod"] },
    ],
    ["production's key", { deployment: prodKey }, { kind: "production", flags: [] }],
    [
      "--prod for a self-hosted one",
      { deployment: selfHosted, request: { prod: true } },
      { kind: "production", flags: [] },
    ],
    [
      "a preview by name, for who is logged in",
      { deployment: cloud, request: PREVIEW },
      { kind: "preview", flags: ["--preview-name", "mine"] },
    ],
    [
      "a preview by name, with the key of all previews",
      { deployment: previewKey, request: PREVIEW, env: VERCEL },
      { kind: "preview", flags: ["--preview-name", "mine"] },
    ],
    [
      "the preview of the build's branch",
      { deployment: previewKey, env: VERCEL },
      { kind: "preview", flags: ["--preview-name", "feature/a"] },
    ],
    [
      "the key of one preview",
      { deployment: { ...cloud, isPreview: true, byDeployKey: true } },
      { kind: "preview", flags: [] },
    ],
  ])("%s", (_title, { request, deployment, env = {} }, want) => {
    expect(planTarget({ prod: false, ...request }, deployment, { ...env })).toEqual(want);
  });

  test.each<[string, Given, string]>([
    ["nothing configured", { deployment: none }, "NO_DEPLOYMENT"],
    ["a preview of nothing", { deployment: none, request: PREVIEW }, "NO_DEPLOYMENT"],
    [
      "--prod with another key",
      { deployment: previewKey, request: { prod: true } },
      "WRONG_DEPLOY_KEY",
    ],
    [
      "a preview with production's key",
      { deployment: prodKey, request: PREVIEW },
      "WRONG_DEPLOY_KEY",
    ],
    ["a preview of a self-hosted one", { deployment: selfHosted, request: PREVIEW }, "NO_PREVIEWS"],
    ["a preview of a local one", { deployment: local, request: PREVIEW }, "NO_PREVIEWS"],
    ["the key of all previews, outside of a build", { deployment: previewKey }, "NO_PREVIEW_NAME"],
    [
      "a build of no branch",
      { deployment: previewKey, env: { CI: "1", GITHUB_HEAD_REF: "" } },
      "NO_PREVIEW_NAME",
    ],
  ])("%s is refused", (_title, { request, deployment, env = {} }, code) => {
    const plan = () => planTarget({ prod: false, ...request }, deployment, { ...env });
    expect(plan).toThrow(expect.objectContaining({ code }));
  });
});

test.each<[string, Record<string, string>, [string | undefined, string | undefined]]>([
  ["no build", { VERCEL_BRANCH_URL: "a.vercel.app" }, [undefined, undefined]],
  [
    "Vercel, whose branch has an address",
    {
      ...VERCEL,
      VERCEL_BRANCH_URL: "app-git-a-team.vercel.app",
      VERCEL_URL: "app-1-team.vercel.app",
    },
    ["feature/a", "https://app-git-a-team.vercel.app"],
  ],
  [
    "Vercel without one",
    { ...VERCEL, VERCEL_BRANCH_URL: "", VERCEL_URL: "app-1-team.vercel.app" },
    ["feature/a", "https://app-1-team.vercel.app"],
  ],
  [
    "Netlify",
    { NETLIFY: "true", HEAD: "b", DEPLOY_PRIME_URL: "https://deploy-preview-1--app.netlify.app" },
    ["b", "https://deploy-preview-1--app.netlify.app"],
  ],
  [
    "Cloudflare Pages",
    { CF_PAGES: "1", CF_PAGES_BRANCH: "c", CF_PAGES_URL: "https://1f.app.pages.dev/" },
    ["c", "https://1f.app.pages.dev"],
  ],
  ["Cloudflare Workers", { WORKERS_CI: "1", WORKERS_CI_BRANCH: "d" }, ["d", undefined]],
  ["GitHub", { CI: "true", GITHUB_HEAD_REF: "e" }, ["e", undefined]],
  ["GitLab", { CI: "true", CI_COMMIT_REF_NAME: "f" }, ["f", undefined]],
])("of %s", (_title, env, want) => {
  expect([branchOfBuild(env), siteOfBuild(env)]).toEqual(want);
});
