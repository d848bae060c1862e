// The whole life of an account in each placement; in placement component with a component of the app's own. The packaged
// one is in split, too, and for a whole life in test/matrix.
import { beforeAll, describe } from "vitest";
import { installForLife, LIVES, livesOut } from "../support/account-life.js";
import type { PackedApp } from "../support/packed-app.js";

let installed: PackedApp;

beforeAll(async () => {
  installed = await installForLife("placements");
});

describe.each([LIVES.split, LIVES.own, LIVES.app])("placement $title", (life) =>
  livesOut(() => installed, life),
);
