// `kitcn import` into the packaged component: see test/e2e/import-placements.test.ts for the other placements.
import { IMPORTS, importsInto } from "../support/import/in-placement.js";

importsInto([IMPORTS.packaged]);
