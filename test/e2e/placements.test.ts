// The whole life of an account in placement split, with the packaged component, and in a component of the app's own.
// test/matrix has the packaged component alone, and placement app.
import { beforeAll, describe } from "vitest";
import { installForLife, LIVES, livesOut } from "../support/account-life.js";
import type { PackedApp } from "../support/packed-app.js";

let installed: PackedApp;

beforeAll(async () => {
  installed = await installForLife("placements");
});

describe.each([LIVES.split, LIVES.own])("placement $title", (life) =>
  livesOut(() => installed, life),
);
