// Apps of Clerk on Vite, WorkOS AuthKit and Auth0, by their documented setups with their packages of today, move to
// kitcn by one command, as replace-clerk.test.ts has it for Clerk on Next; and the page for them, done to the letter.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AUTH0_VITE } from "../codegen/sign-in/apps/auth0.js";
import { CLERK_NEXT, CLERK_VITE } from "../codegen/sign-in/apps/clerk.js";
import { WORKOS_NEXT, WORKOS_VITE } from "../codegen/sign-in/apps/workos.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { kitcnCommandsOf } from "../docs/support/commands.js";
import { PASSWORD, writeExport } from "../support/import/exports.js";
import {
  expectWorking,
  NEXT,
  NEXT_ORIGIN,
  openMoving,
  PACKAGE,
  packagesOf,
  VITE,
  VITE_ORIGIN,
  withoutTypes,
  type Moving,
} from "../support/moving.js";

vi.setConfig({ hookTimeout: 600_000 });

let moving: Moving;
let deployment: Deployment | undefined;

beforeAll(async () => {
  moving = await openMoving("replace-matrix");
});
afterAll(() => deployment?.stop());

type Kind = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly packages: Record<string, string>;
  readonly origin: string;
};

const KINDS: readonly Kind[] = [
  {
    name: "clerk-vite",
    files: { ...VITE, ...CLERK_VITE },
    packages: { "@clerk/clerk-react": "^5.61.0" },
    origin: VITE_ORIGIN,
  },
  {
    name: "workos-next",
    files: { ...NEXT, ...WORKOS_NEXT },
    packages: { "@workos-inc/authkit-nextjs": "^4.3.0", next: "^16.0.0" },
    origin: NEXT_ORIGIN,
  },
  {
    name: "workos-vite",
    files: { ...VITE, ...WORKOS_VITE },
    packages: { "@workos-inc/authkit-react": "^0.16.0" },
    origin: VITE_ORIGIN,
  },
  {
    name: "auth0-vite",
    files: { ...VITE, ...AUTH0_VITE },
    packages: { "@auth0/auth0-react": "^2.27.0" },
    origin: VITE_ORIGIN,
  },
];

test.each(KINDS)("$name", async ({ name, files, packages, origin }) => {
  await deployment?.stop();
  deployment = await startDeployment();
  const app = await moving.appOf(name, {
    ...withoutTypes(files),
    "package.json": PACKAGE(packages),
  });
  const ran = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  expect((await packagesOf(app)).filter((one) => one in packages && one !== "next")).toEqual([]);
  await expectWorking(app, deployment, origin);
  const again = await moving.kitcn(app, ["add", "auth", "--replace", "--yes"], deployment);
  expect(again.stdout).toContain("everything is in place");
});

test("the commands of docs/from-clerk.md: the code, the users, and the ids in the app's rows", async () => {
  await deployment?.stop();
  deployment = await startDeployment();
  const app = await moving.appOf("clerk-page", {
    ...NEXT,
    ...withoutTypes(CLERK_NEXT),
    "package.json": PACKAGE({ "@clerk/nextjs": "^7.9.0", next: "^16.0.0" }),
    "convex/.env": `SITE_URL=${NEXT_ORIGIN}\n`,
  });
  const { paths, emailOf } = await writeExport("clerk", join(app.dir, ".export"), 20);
  const users = paths.filter((path) => path.includes("users"));
  for (const args of kitcnCommandsOf(".", "docs/from-clerk.md")) {
    const given = args.flatMap((arg) =>
      arg === "users.csv" ? users : arg === "users.json" ? [] : [arg],
    );
    const ran = await moving.kitcn(app, given, deployment);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  }
  expect((await deployment.rows())[""]?.user).toHaveLength(20);
  const signedIn = await fetch(`${deployment.siteUrl}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: NEXT_ORIGIN },
    body: JSON.stringify({ email: emailOf(7), password: PASSWORD }),
  });
  expect(signedIn.status, await signedIn.text()).toBe(200);
});
