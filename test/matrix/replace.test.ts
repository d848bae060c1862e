// Apps of Clerk on Vite, WorkOS AuthKit and Auth0, by their documented setups with their packages of today, move to
// kitcn by one command, as test/e2e/replace.test.ts has it for Clerk on Next.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { AUTH0_VITE } from "../codegen/sign-in/apps/auth0.js";
import { CLERK_VITE } from "../codegen/sign-in/apps/clerk.js";
import { WORKOS_NEXT, WORKOS_VITE } from "../codegen/sign-in/apps/workos.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
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
