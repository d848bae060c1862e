// An app that npm installs by links: see test/e2e/strict-install.test.ts for pnpm.
import { test } from "vitest";
import { assertWorks, LINKING } from "../support/strict-install.js";

test("npm that links: add auth, types, push, sign-up", () => assertWorks(LINKING));
