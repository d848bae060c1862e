// What `kitcn doctor` says of front ends whose .env files name another deployment than the backend's, or none.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import {
  checkFrontEnv,
  type BackendFacts,
  type FrontEnvFacts,
} from "../../../codegen/doctor/check-front-env.js";
import type { Finding } from "../../../codegen/doctor/types.js";
import { loadBackend, loadFrontEnv } from "../../../codegen/doctor/load-front-env.js";
import { findDeployment } from "../../../codegen/env/deployment.js";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp, type CliApp } from "../support/cli.js";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, TURBO } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

const CLOUD: BackendFacts = {
  cloudName: "happy-animal-1",
  url: "https://happy-animal-1.convex.cloud",
  siteUrl: "https://happy-animal-1.convex.site",
  isOnFile: true,
};
const LOCAL: BackendFacts = {
  cloudName: undefined,
  url: "http://127.0.0.1:3210",
  siteUrl: undefined,
  isOnFile: true,
};

function front(
  url: string | undefined,
  site: string | undefined,
  more: Partial<FrontEnvFacts> = {},
): FrontEnvFacts {
  const at = (line: number, value: string | undefined) =>
    value === undefined ? undefined : { value, file: "apps/web/.env.local", line };
  return {
    url: "VITE_CONVEX_URL",
    site: "VITE_CONVEX_SITE_URL",
    file: "apps/web/.env.local",
    needsSite: true,
    mentioned: new Set(["VITE_CONVEX_URL", "VITE_CONVEX_SITE_URL"]),
    variables: { VITE_CONVEX_URL: at(1, url), VITE_CONVEX_SITE_URL: at(2, site) },
    ...more,
  };
}

const codes = (facts: FrontEnvFacts, backend: BackendFacts) =>
  checkFrontEnv([facts], backend).map(({ code, fix }) => `${code} ${fix}`);

const OTHER = "FRONT_OTHER_DEPLOYMENT Write in apps/web/.env.local:";
const MISSING = "FRONT_ADDRESS_MISSING Write in apps/web/.env.local:";
const URL_LINE = "VITE_CONVEX_URL=https://happy-animal-1.convex.cloud";
const SITE_LINE = "VITE_CONVEX_SITE_URL=https://happy-animal-1.convex.site";

describe("a backend in Convex's cloud", () => {
  test.each([
    ["the same deployment", CLOUD.url, CLOUD.siteUrl, []],
    [
      "the same, with a region",
      "https://happy-animal-1.eu-west-1.convex.cloud",
      "https://happy-animal-1.eu-west-1.convex.site",
      [],
    ],
    [
      "another one",
      "https://old-fox-2.convex.cloud",
      "https://old-fox-2.convex.site",
      [`${OTHER} ${URL_LINE}`, `${OTHER} ${SITE_LINE}`],
    ],
    ["another one's routes", CLOUD.url, "https://old-fox-2.convex.site", [`${OTHER} ${SITE_LINE}`]],
    [
      "a local one",
      "http://127.0.0.1:3210",
      "http://localhost:3211",
      [`${OTHER} ${URL_LINE}`, `${OTHER} ${SITE_LINE}`],
    ],
    ["a domain of one's own", "https://api.example.com", "https://auth.example.com", []],
    ["nothing", undefined, undefined, [`${MISSING} ${URL_LINE}`, `${MISSING} ${SITE_LINE}`]],
    ["no routes", CLOUD.url, undefined, [`${MISSING} ${SITE_LINE}`]],
  ])("%s", (_title, url, site, want) => {
    expect(codes(front(url, site), CLOUD)).toEqual(want);
  });

  test("a front end that takes the routes' address from the other one needs none", () => {
    const facts = front(CLOUD.url, undefined, { needsSite: false });
    expect(codes(facts, CLOUD)).toEqual([]);
    const ofOwn = front("https://api.example.com", undefined, { needsSite: false });
    expect(codes(ofOwn, CLOUD)).toEqual([`${MISSING} ${SITE_LINE}`]);
  });

  test("what no module reads is not missing, nor what a server's build sets", () => {
    expect(codes(front(undefined, undefined, { mentioned: new Set() }), CLOUD)).toEqual([]);
    expect(codes(front(undefined, undefined), { ...CLOUD, isOnFile: false })).toEqual([]);
  });

  test("says where, and that it breaks sign-in only where nothing is there", () => {
    const [stale] = checkFrontEnv([front("https://old-fox-2.convex.cloud", CLOUD.siteUrl)], CLOUD);
    expect(stale).toEqual({
      code: "FRONT_OTHER_DEPLOYMENT",
      level: "warning",
      message:
        "VITE_CONVEX_URL in apps/web/.env.local:1 names another deployment than the backend's, so the front end signs users in there.",
      fix: `Write in apps/web/.env.local: ${URL_LINE}`,
      file: "apps/web/.env.local",
      line: 1,
    });
    const [missing] = checkFrontEnv([front(undefined, CLOUD.siteUrl)], CLOUD);
    expect(missing).toMatchObject({ level: "warning", file: "apps/web/.env.local" });
  });

  test("a value of the shell is set there", () => {
    const variables = {
      VITE_CONVEX_URL: {
        value: "https://old-fox-2.convex.cloud",
        file: undefined,
        line: undefined,
      },
    };
    const facts = front(undefined, undefined, { variables, mentioned: new Set() });
    expect(codes(facts, CLOUD)).toEqual([
      `FRONT_OTHER_DEPLOYMENT Set it in your shell: ${URL_LINE}`,
    ]);
  });
});

describe("a backend on this machine", () => {
  test.each([
    ["the same", "http://localhost:3210", "http://127.0.0.1:3211", []],
    ["another port", "http://127.0.0.1:3999", "http://127.0.0.1:3211", ["VITE_CONVEX_URL"]],
    [
      "the cloud",
      "https://old-fox-2.convex.cloud",
      "https://old-fox-2.convex.site",
      ["VITE_CONVEX_URL", "VITE_CONVEX_SITE_URL"],
    ],
  ])("%s", (_title, url, site, want) => {
    const found = codes(front(url, site), LOCAL);
    expect(found.map((one) => /: (\w+)=/.exec(one)?.[1])).toEqual(want);
  });

  test("the routes of another deployment are told with its address", () => {
    const facts = front("http://127.0.0.1:3210", "http://127.0.0.1:3211");
    const backend = { ...LOCAL, url: "http://127.0.0.1:4210", siteUrl: "http://127.0.0.1:4299" };
    expect(codes(facts, backend)).toEqual([
      `${OTHER} VITE_CONVEX_URL=http://127.0.0.1:4210`,
      `${OTHER} VITE_CONVEX_SITE_URL=http://127.0.0.1:4299`,
    ]);
  });

  test("lines have the addresses of a local deployment", () => {
    expect(codes(front(undefined, undefined), LOCAL)).toEqual([
      `${MISSING} VITE_CONVEX_URL=http://127.0.0.1:3210`,
      `${MISSING} VITE_CONVEX_SITE_URL=http://127.0.0.1:3211`,
    ]);
  });
});

describe("an app's files", () => {
  async function found(app: CliApp, folder = ".") {
    const project = await loadApp(app.path(folder));
    const backend = loadBackend(project, findDeployment(project), {});
    if (!backend) return undefined;
    const findings = checkFrontEnv(loadFrontEnv(openWorkspace(project), {}), backend);
    return findings.map(({ code, fix, line }) => `${code} ${fix}${line ? ` (${line})` : ""}`);
  }

  const MODULE = {
    "lib/convex.ts": "export const url = process.env.NEXT_PUBLIC_CONVEX_URL;\n",
  };

  test("one package: the addresses of a deployment that it left", async () => {
    const env = `# mine
CONVEX_DEPLOYMENT=dev:happy-animal-1 # team: acme

NEXT_PUBLIC_CONVEX_URL=https://old-fox-2.convex.cloud
`;
    const app = cliApp("next", { files: { ".env.local": env, ...MODULE } });
    expect(await found(app)).toEqual([
      "FRONT_OTHER_DEPLOYMENT Write in .env.local: NEXT_PUBLIC_CONVEX_URL=https://happy-animal-1.convex.cloud (4)",
    ]);
    const { stdout } = await app.kitcn("doctor", "--json");
    const { findings } = JSON.parse(stdout) as { findings: Finding[] }; // of --json
    expect(findings).toContainEqual(
      expect.objectContaining({ code: "FRONT_OTHER_DEPLOYMENT", file: ".env.local", line: 4 }),
    );
    app.write(".env.local", env.replace("old-fox-2", "happy-animal-1.eu-west-1"));
    expect(await found(app)).toEqual([]);
    app.write(".env.local", "CONVEX_DEPLOYMENT=dev:happy-animal-1\n");
    expect(await found(app)).toEqual([
      "FRONT_ADDRESS_MISSING Write in .env.local: NEXT_PUBLIC_CONVEX_URL=https://happy-animal-1.convex.cloud",
    ]);
    // A file that counts more.
    app.write(".env.development.local", "NEXT_PUBLIC_CONVEX_URL=https://x.convex.cloud\n");
    expect(await found(app)).toEqual([
      "FRONT_OTHER_DEPLOYMENT Write in .env.development.local: NEXT_PUBLIC_CONVEX_URL=https://happy-animal-1.convex.cloud (1)",
    ]);
  });

  test("several packages: each front end, by the names of its framework", async () => {
    const app = makeRepo(TURBO, {
      files: {
        "packages/backend/.env.local":
          "CONVEX_DEPLOYMENT=dev:happy-animal-1\nCONVEX_URL=https://happy-animal-1.eu.convex.cloud\n",
        "apps/web/.env.local": "NEXT_PUBLIC_CONVEX_URL=https://old-fox-2.convex.cloud\n",
        "apps/admin/.env": "VITE_CONVEX_URL=https://old-fox-2.convex.cloud\n",
      },
    });
    expect(await found(app, "packages/backend")).toEqual(
      expect.arrayContaining([
        "FRONT_OTHER_DEPLOYMENT Write in apps/web/.env.local: NEXT_PUBLIC_CONVEX_URL=https://happy-animal-1.eu.convex.cloud (1)",
        "FRONT_OTHER_DEPLOYMENT Write in apps/admin/.env: VITE_CONVEX_URL=https://happy-animal-1.eu.convex.cloud (1)",
      ]),
    );
  });

  test("variables of another folder are not missing", async () => {
    const app = cliApp("vite", {
      files: {
        ".env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-1\n",
        "vite.config.ts": 'export default { envDir: "../env" };\n',
        "src/x.ts": "export const url = import.meta.env.VITE_CONVEX_URL;\n",
      },
    });
    expect(await found(app)).toEqual([]);
  });

  test.each([
    ["a comment", "// process.env.NEXT_PUBLIC_CONVEX_URL\n/* NEXT_PUBLIC_CONVEX_URL */\n", false],
    ["a sentence", 'throw new Error("Set NEXT_PUBLIC_CONVEX_URL.");\n', false],
    ["a property", "export const url = process.env.NEXT_PUBLIC_CONVEX_URL;\n", true],
    ["a key that is a string", 'export const url = process.env["NEXT_PUBLIC_CONVEX_URL"];\n', true],
    ["a pattern", "export const { NEXT_PUBLIC_CONVEX_URL: url } = process.env;\n", true],
    ["a module that does not parse", "export const = NEXT_PUBLIC_CONVEX_URL;\n", false],
  ])("an address that only %s names", async (_name, text, isMissing) => {
    const app = cliApp("next", {
      files: { ".env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-1\n", "lib/named.ts": text },
    });
    const fix = "Write in .env.local: NEXT_PUBLIC_CONVEX_URL=https://happy-animal-1.convex.cloud";
    expect(await found(app)).toEqual(isMissing ? [`FRONT_ADDRESS_MISSING ${fix}`] : []);
  });

  test("a backend on this machine has the routes that the convex CLI wrote", () => {
    const app = cliApp("next", {
      files: {
        ".env.local": [
          "CONVEX_SELF_HOSTED_URL=http://127.0.0.1:4210",
          "CONVEX_SELF_HOSTED_ADMIN_KEY=x|y",
          "CONVEX_URL=http://127.0.0.1:4210",
          "CONVEX_SITE_URL=http://127.0.0.1:4299",
          "",
        ].join("\n"),
      },
    });
    const project = loadProject(app.root);
    expect(loadBackend(project, findDeployment(project), {})).toMatchObject({
      siteUrl: "http://127.0.0.1:4299",
    });
  });

  test("a local deployment is where its state says", async () => {
    const app = cliApp("next", {
      files: {
        ".env.local":
          "CONVEX_DEPLOYMENT=local:local-acme-web\nNEXT_PUBLIC_CONVEX_URL=http://127.0.0.1:3999\n",
        ".convex/local/default/config.json": '{ "ports": { "cloud": 3210, "site": 3211 } }',
      },
    });
    expect(await found(app)).toEqual([
      "FRONT_OTHER_DEPLOYMENT Write in .env.local: NEXT_PUBLIC_CONVEX_URL=http://127.0.0.1:3210 (2)",
    ]);
  });

  test.each(["prod:happy-animal-1", "preview:happy-animal-1"])(
    "%s is no deployment of development",
    (name) => {
      const app = cliApp("next", { files: { ".env.local": `CONVEX_DEPLOYMENT=${name}\n` } });
      const project = loadProject(app.root);
      expect(loadBackend(project, findDeployment(project), {})).toBeUndefined();
    },
  );
});
