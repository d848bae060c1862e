// A Vite app on localhost, its auth routes on 127.0.0.1: another site, as in production.
import { describeAuthPage, describeRedirects, describeSecondStep } from "./suites/auth-page.js";
import { describeFirstResult } from "./suites/first-result.js";
import { describeFailures, describeRequests } from "./suites/failures.js";
import { describeSessions } from "./suites/sessions.js";
import { VITE } from "./support/frameworks.js";
import { useWorld } from "./support/world.js";

const commands = [["add", "plugin", "two-factor", "organization", "magic-link"]];
const world = useWorld({ from: { fixture: "vite" }, commands, ...VITE });

describeFirstResult(world);
describeRequests(world);
describeSessions("vite", world);
describeAuthPage("vite", world);
describeSecondStep("vite", world);
describeRedirects(world);
describeFailures(world);
