// How many bytes of code Convex evaluates before a function of a module runs, in the bundle that the app's own
// convex CLI makes. Convex does so in a fresh context for every run.
import { loadBundle } from "../test/support/pushed-bundle.js";
import type { BenchApp } from "./apps.js";

/** Bytes by what the module is for. */
export type Evaluated = Readonly<Record<string, number>>;

/** Measures the modules that both apps have. */
export async function measureEvaluated({ dir, deployment }: BenchApp): Promise<Evaluated> {
  const bundle = await loadBundle({ root: dir, env: deployment.cliEnv });
  return Object.fromEntries(
    Object.entries(MODULES).map(([what, entry]) => [what, bundle.bytesOf(entry)]),
  );
}

// --- internal ---

const MODULES = {
  "a query with the current user": "current.js",
  "a query with auth.api.getSession": "counted.js",
  "http.ts, until the action serves": "http.js",
};
