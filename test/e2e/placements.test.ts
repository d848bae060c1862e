// The whole life of an account in placement split, with the packaged component. test/matrix has the other placements;
// every-plugin.test.ts has a component of the app's own.
import { beforeAll, describe } from "vitest";
import { installForLife, LIVES, livesOut } from "../support/account-life.js";
import type { PackedApp } from "../support/packed-app.js";

let installed: PackedApp;

beforeAll(async () => {
  installed = await installForLife("placements");
});

describe(`placement ${LIVES.split.title}`, () => livesOut(() => installed, LIVES.split));
