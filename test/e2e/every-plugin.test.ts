// Every plugin of better-auth and its packages in one app, and what users do with them: packed kitcn, the real
// convex CLI, over HTTP, in placement component. The flows of placement split are called with more of them by
// endpoints.test.ts; the matrix has split with triggers, and app.
import { beforeAll, describe } from "vitest";
import { FLOWS, installEveryPlugin, SOURCES } from "../support/every-plugin-app.js";
import { everyPluginIn } from "../support/every-plugin-suite.js";
import type { PackedApp } from "../support/packed-app.js";

let installed: PackedApp;

beforeAll(async () => {
  installed = await installEveryPlugin("every-plugin");
}, 600_000);

describe("placement component, ids are UUIDs", () =>
  everyPluginIn(() => installed, {
    placement: "component",
    files: SOURCES.uuidsAndTriggers,
    flows: FLOWS,
  }));
