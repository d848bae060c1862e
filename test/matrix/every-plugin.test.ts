// The app with every plugin, with triggers, in placements split and app: test/e2e/every-plugin.test.ts has it in placement
// component, and test/e2e/endpoints.test.ts in split without triggers.
import { beforeAll, describe } from "vitest";
import { FLOWS, installEveryPlugin, SOURCES } from "../support/every-plugin-app.js";
import { everyPluginIn } from "../support/every-plugin-suite.js";
import type { PackedApp } from "../support/packed-app.js";

let installed: PackedApp;

beforeAll(async () => {
  installed = await installEveryPlugin("every-plugin-matrix");
}, 600_000);

describe("placement split, ids are Convex's own", () =>
  everyPluginIn(() => installed, { placement: "split", files: SOURCES.triggers, flows: FLOWS }));

describe("placement app", () =>
  everyPluginIn(() => installed, { placement: "app", files: SOURCES.triggers, flows: [] }));
