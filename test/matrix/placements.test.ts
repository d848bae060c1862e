// The whole life of an account in the packaged component alone, in a component of the app's own and in the app: see
// test/e2e/placements.test.ts for placement split.
import { beforeAll, describe } from "vitest";
import { installForLife, LIVES, livesOut } from "../support/account-life.js";
import type { PackedApp } from "../support/packed-app.js";

let installed: PackedApp;

beforeAll(async () => {
  installed = await installForLife("placements-matrix");
}, 600_000);

describe.each([LIVES.packaged, LIVES.own, LIVES.app])("placement $title", (life) =>
  livesOut(() => installed, life),
);
