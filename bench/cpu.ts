// The CPU time that a sign-up takes of the function that needs most, as the stand-in counts it: with the evaluation of
// its modules and with what it calls. A time, so it means something only beside another one of the same run.
import { createBrowser } from "./operations.js";
import { push, type BenchApp } from "./apps.js";

/** In ms. `first`: with code that nothing has compiled yet. `later`: the median of those that follow. */
export type CpuTime = { readonly first: number; readonly later: number };

const LATER = 7;

/** Pushes the app again, so that its code is new to the deployment. `group` keeps the addresses apart. */
export async function measureCpu(app: BenchApp, group: string): Promise<CpuTime> {
  await push(app);
  const times: number[] = [];
  for (let at = 0; at <= LATER; at++) {
    await app.deployment.resetCounters();
    const email = `${group}-${at}@example.com`;
    const body = { name: group, email, password: "correct horse battery" };
    await createBrowser(app)("/sign-up/email", body);
    times.push((await app.deployment.counters()).mostCpuMs);
  }
  const [first = NaN, ...later] = times;
  return { first, later: later.sort((one, other) => one - other)[(LATER - 1) / 2] ?? NaN };
}
