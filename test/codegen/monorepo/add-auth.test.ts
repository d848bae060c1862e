// `kitcn add auth` in a repository of several packages: the backend and each front end, from wherever it is started.
import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withoutDeployment } from "../support/front-end.js";
import { makeRepo, TURBO, type TestRepo } from "../support/repo.js";

beforeEach(withoutDeployment);
afterEach(() => vi.unstubAllEnvs());

async function added(folder: string, repo = makeRepo(TURBO)): Promise<TestRepo> {
  const ran = await repo.kitcnIn(folder, "add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return repo;
}

test("writes the same from the root, the backend and a front end, and a second run from elsewhere writes nothing", async () => {
  const repo = await added("");
  const first = repo.snapshot();
  // One after the other: each run has the terminal to itself.
  const others = [await added("packages/backend"), await added("apps/admin")];
  for (const other of others) expect(other.snapshot()).toEqual(first);
  expect(Object.keys(first).filter((name) => !name.includes("/generated/"))).toEqual(
    expect.arrayContaining([
      "apps/admin/.env.local",
      "apps/admin/src/auth/AuthPage.tsx",
      "apps/admin/src/lib/auth-client.ts",
      "apps/web/.env.local",
      "apps/web/app/api/auth/[...all]/route.ts",
      "apps/web/app/auth/page.tsx",
      "apps/web/lib/auth-client.ts",
      "packages/backend/convex/.env",
      "packages/backend/convex/auth.ts",
    ]),
  );
  const again = await repo.kitcnIn("apps/web", "add", "auth", "--yes");
  expect(again.stdout).toContain("nothing was written");
  for (const [folder, ...args] of [
    ["apps/web", "add", "auth", "--check"],
    ["", "add", "auth", "--schema", "--check"],
    ["apps/admin", "codegen", "--check"],
  ])
    expect(await repo.kitcnIn(folder ?? "", ...args)).toMatchObject({ code: 0 });
  expect(repo.snapshot()).toEqual(first);
});

test("the pages of every front end follow the backend's auth.ts", async () => {
  const repo = await added("");
  const ran = await repo.kitcnIn("packages/backend", "add", "social", "github", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  for (const folder of ["apps/admin/src", "apps/web/app"]) {
    expect(repo.read(`${folder}/auth/AuthPage.tsx`)).toContain("<SocialButtons />");
    expect(repo.read(`${folder}/auth/parts/SocialButtons.tsx`)).toMatch(/id: ["']github["']/);
  }
  expect(ran.stdout).not.toContain("it added no buttons");
  const lock = repo.read("packages/backend/convex/plugins.lock.json");
  expect(lock).toContain("../../../apps/web/app/auth/parts/SocialButtons.tsx");
});

test("each front end has its own variables; the backend trusts all of their origins", async () => {
  const repo = await added("");
  expect(repo.read("apps/web/.env.local")).toContain(
    "NEXT_PUBLIC_CONVEX_URL=http://127.0.0.1:3210",
  );
  expect(repo.read("apps/admin/.env.local")).toContain(
    "VITE_CONVEX_SITE_URL=http://127.0.0.1:3211",
  );
  expect(repo.has("packages/backend/.env.local")).toBe(false);
  const env = repo.read("packages/backend/convex/.env");
  expect(env).toContain("SITE_URL=http://localhost:3000\n");
  expect(env).toContain("BETTER_AUTH_TRUSTED_ORIGINS=http://localhost:5173\n");
  // Vite's is on another site than the routes.
  expect(repo.read("packages/backend/convex/auth.ts")).toContain("crossDomain({");
  expect(repo.read("packages/backend/convex/http.ts").replace(/\s+/g, " ")).toContain(
    '...( process.env.BETTER_AUTH_TRUSTED_ORIGINS ?? "http://localhost:5173" ).split(",")',
  );
  expect(repo.read("apps/admin/src/lib/auth-client.ts")).toContain("crossDomainClient()");
  expect(repo.read("apps/web/lib/auth-client.ts")).not.toContain("crossDomain");
});

test("takes the addresses of the deployment that the backend has, or that the front end names", async () => {
  const repo = makeRepo(TURBO, {
    files: {
      "packages/backend/.env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-1\n",
      "apps/web/.env": "NEXT_PUBLIC_CONVEX_URL=https://tall-fox-2.convex.cloud\n",
    },
  });
  await added("apps/web", repo);
  expect(repo.read("apps/admin/.env.local")).toMatch(
    /VITE_CONVEX_URL=https:\/\/happy-animal-1\.convex\.cloud\nVITE_CONVEX_SITE_URL=https:\/\/happy-animal-1\.convex\.site\n/,
  );
  expect(repo.read("apps/web/.env.local")).toMatch(
    /^#.*\nNEXT_PUBLIC_CONVEX_SITE_URL=https:\/\/tall-fox-2\.convex\.site\n$/,
  );
});

test("takes both addresses of the backend's own deployment, not of one under another name", async () => {
  const repo = makeRepo(TURBO, {
    files: {
      "packages/backend/.env": "PROD_CONVEX_URL=https://live-owl-3.convex.cloud\n",
      "packages/backend/.env.local": "CONVEX_URL=https://happy-animal-1.convex.cloud\n",
    },
  });
  await added("", repo);
  expect(repo.read("apps/admin/.env.local")).toMatch(
    /VITE_CONVEX_URL=https:\/\/happy-animal-1\.convex\.cloud\nVITE_CONVEX_SITE_URL=https:\/\/happy-animal-1\.convex\.site\n/,
  );
});

test("takes the address of the routes that the backend's file has, not the next port", async () => {
  const repo = makeRepo(TURBO, {
    files: {
      "packages/backend/.env.local": [
        "CONVEX_SELF_HOSTED_URL=http://127.0.0.1:4210",
        "VITE_CONVEX_URL=http://127.0.0.1:4210/",
        "VITE_CONVEX_SITE_URL=http://127.0.0.1:4299",
        "",
      ].join("\n"),
      "apps/web/.env.local": "NEXT_PUBLIC_CONVEX_URL=http://127.0.0.1:4210\n",
    },
  });
  await added("", repo);
  expect(repo.read("apps/admin/.env.local")).toContain(
    "VITE_CONVEX_SITE_URL=http://127.0.0.1:4299\n",
  );
  expect(repo.read("apps/web/.env.local")).toContain(
    "NEXT_PUBLIC_CONVEX_SITE_URL=http://127.0.0.1:4299\n",
  );
});

test.each([
  "https://example.convex.cloud",
  "https://your-deployment.convex.cloud",
  "https://<deployment>.convex.cloud",
])("does not keep a sample address that a template has in .env: %s", async (sample) => {
  const repo = makeRepo(TURBO, {
    files: {
      "packages/backend/.env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-1\n",
      "apps/web/.env": `NEXT_PUBLIC_CONVEX_URL=${sample}\n`,
    },
  });
  await added("apps/web", repo);
  expect(repo.read("apps/web/.env.local")).toMatch(
    /NEXT_PUBLIC_CONVEX_URL=https:\/\/happy-animal-1\.convex\.cloud\nNEXT_PUBLIC_CONVEX_SITE_URL=https:\/\/happy-animal-1\.convex\.site\n/,
  );
});

test("says which front end has the address of another deployment than the backend's", async () => {
  const repo = makeRepo(TURBO, {
    files: {
      "packages/backend/.env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-1\n",
      "apps/web/.env": "NEXT_PUBLIC_CONVEX_URL=https://tall-fox-2.convex.cloud\n",
    },
  });
  const { stdout } = await repo.kitcnIn("", "add", "auth", "--yes");
  expect(stdout).toContain(
    "apps/web: NEXT_PUBLIC_CONVEX_URL is https://tall-fox-2.convex.cloud, but the backend's deployment is https://happy-animal-1.convex.cloud.",
  );
  expect(stdout).not.toContain("apps/admin: VITE_CONVEX_URL is");
});

describe("a provider in a package that the front ends share", () => {
  const PROVIDERS = `"use client";
import { ConvexProvider, ConvexReactClient } from "convex/react";
import type { ReactNode } from "react";

const convex = new ConvexReactClient("https://a.convex.cloud");

export function Providers({ children }: { children: ReactNode }) {
  return <ConvexProvider client={convex}>{children}</ConvexProvider>;
}
`;
  const LAYOUT = `import { Providers } from "@acme/ui/Providers";

export default function Layout({ children }: { children: React.ReactNode }) {
  return (
    <html>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
`;
  const shared = (providers: string) => {
    const ui = { app: "plain", name: "@acme/ui" };
    const web = { ...TURBO["apps/web"]!, dependencies: { "@acme/backend": "*", "@acme/ui": "*" } };
    const repo = makeRepo(
      { ...TURBO, "packages/ui": ui, "apps/web": web },
      {
        files: {
          "apps/web/app/layout.tsx": LAYOUT,
          "packages/ui/Providers.tsx": providers,
        },
      },
    );
    rmSync(repo.path("packages/ui/convex"), { recursive: true });
    return repo;
  };

  test("is refused with its line, and the edit that the message asks for works", async () => {
    const repo = shared(PROVIDERS);
    const before = repo.snapshot();
    const ran = await repo.kitcnIn("", "add", "auth", "--yes");
    expect(ran, ran.stdout).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain(
      "packages/ui/Providers.tsx:8: apps/web uses the <ConvexProvider> of another package",
    );
    expect(ran.stderr).toContain("Take <ConvexProvider> out of this file");
    expect(repo.snapshot()).toEqual(before);

    repo.write(
      "packages/ui/Providers.tsx",
      PROVIDERS.replace("<ConvexProvider client={convex}>", "<>")
        .replace("</ConvexProvider>", "</>")
        .replace("ConvexProvider, ", ""),
    );
    const second = await repo.kitcnIn("", "add", "auth", "--yes");
    expect(second, second.stderr).toMatchObject({ code: 0 });
    expect(repo.read("apps/web/app/layout.tsx")).toContain("<ConvexClientProvider>");
    expect(repo.read("packages/ui/Providers.tsx")).not.toContain("auth-client");
  });

  test("stays where it has an auth client already", async () => {
    const own = PROVIDERS.replaceAll("ConvexProvider", "ConvexAuthProvider")
      .replace("client={convex}", "client={convex} authClient={authClient}")
      .replace(
        'import { ConvexAuthProvider, ConvexReactClient } from "convex/react";',
        'import { ConvexReactClient } from "convex/react";\nimport { ConvexAuthProvider } from "kitcn/auth/client";\nimport { authClient } from "./auth-client";',
      );
    const repo = shared(own);
    const ran = await repo.kitcnIn("", "add", "auth", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(repo.read("packages/ui/Providers.tsx")).toBe(own);
  });

  test("is not edited by --replace either: what a service has there is listed", async () => {
    const clerk = PROVIDERS.replaceAll("ConvexProvider", "ConvexProviderWithClerk")
      .replace("client={convex}", "client={convex} useAuth={useAuth}")
      .replace(
        'import { ConvexProviderWithClerk, ConvexReactClient } from "convex/react";',
        'import { useAuth } from "@clerk/nextjs";\nimport { ConvexReactClient } from "convex/react";\nimport { ConvexProviderWithClerk } from "convex/react-clerk";',
      );
    const repo = shared(clerk);
    const ran = await repo.kitcnIn("", "add", "auth", "--replace", "--yes");
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toContain(
      "packages/ui/Providers.tsx:10  ConvexProviderWithClerk of Clerk: is in a package that front ends share. Take it out",
    );
    expect(repo.read("packages/ui/Providers.tsx")).toBe(clerk);
  });
});

test("writes nothing anywhere where one front end is refused", async () => {
  const repo = makeRepo(TURBO, {
    files: { "apps/web/lib/auth-client.ts": "export const other = 1;\n" },
  });
  const before = repo.snapshot();
  const ran = await repo.kitcnIn("apps/admin", "add", "auth", "--yes");
  expect(ran).toMatchObject({ code: 1, stdout: "" });
  expect(ran.stderr).toContain("apps/web/lib/auth-client.ts");
  expect(repo.snapshot()).toEqual(before);
});

test("names what is left to do: an origin that a list lacks, two front ends at one URL", async () => {
  const repo = makeRepo(
    {
      ...TURBO,
      "apps/docs": { app: "next", name: "docs", dependencies: { "@acme/backend": "*" } },
    },
    {
      files: { "packages/backend/convex/.env": "BETTER_AUTH_TRUSTED_ORIGINS=https://x.example\n" },
    },
  );
  const ran = await repo.kitcnIn("", "add", "auth", "--yes");
  expect(ran.stdout).toContain(
    "Add http://localhost:5173 to BETTER_AUTH_TRUSTED_ORIGINS in packages/backend/convex/.env",
  );
  expect(ran.stdout).toContain("apps/web and apps/docs are both served at http://localhost:3000");
});

test("another library that signs users in is found in each front end", async () => {
  const clerk =
    'import { ClerkProvider } from "@clerk/nextjs";\nexport default function L({ children }: { children: React.ReactNode }) {\n  return <ClerkProvider>{children}</ClerkProvider>;\n}\n';
  const repo = makeRepo(TURBO, { files: { "apps/web/app/layout.tsx": clerk } });
  const ran = await repo.kitcnIn("packages/backend", "add", "auth", "--dry-run");
  expect(ran.stdout + ran.stderr).toMatch(
    /apps\/web\/app\/layout\.tsx:\d+\s+ClerkProvider of Clerk/,
  );
});
