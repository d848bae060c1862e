// A TanStack Start app in production: its own server forwards the auth routes and renders on it.
import { describeRedirects } from "./suites/auth-page.js";
import { describeFirstResult } from "./suites/first-result.js";
import { describeServer } from "./suites/server.js";
import { describeSessions } from "./suites/sessions.js";
import { VITE } from "./support/frameworks.js";
import { useWorld } from "./support/world.js";

const world = useWorld({ from: { fixture: "start" }, ...VITE });

describeFirstResult(world);
describeServer(world);
describeSessions("start", world);
describeRedirects(world);
