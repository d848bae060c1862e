// Requests that a generator draws, against the app with every plugin: each is answered, none with an unexplained 5xx,
// and without a session none writes anything but what its endpoint is for. FUZZ_REQUESTS and FUZZ_SEED choose others.
import { afterAll, beforeAll, test } from "vitest";
import type { AuthApp } from "./support/auth-app.js";
import { assertHarmless, startFuzzedApp } from "./support/fuzz-run.js";

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 2000);
const SEED = Number(process.env.FUZZ_SEED ?? 20_261);

let app: AuthApp;

beforeAll(async () => {
  app = await startFuzzedApp();
}, 600_000);
afterAll(() => app?.stop());

test(`${REQUESTS} requests of seed ${SEED} are answered, and write only what they are for`, async () => {
  await assertHarmless(app, { requests: REQUESTS, seed: SEED });
}, 1_800_000);
