// `kitcn import` where the tables have other names, or live in a component of the app's own; the matrix has the packaged one.
import { vi } from "vitest";
import { IMPORTS, importsInto } from "../support/import/in-placement.js";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

importsInto([IMPORTS.app, IMPORTS.own]);
