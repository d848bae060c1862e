// Brings a deployment's variables to what auth needs: values, secret, JWKS; in as few CLI calls as possible.
// Sequences only: planEnv decides, the convex CLI does. Never prints.
import { randomBytes } from "node:crypto";
import { CodegenError } from "../errors.js";
import type { ConvexCli } from "./convex-cli.js";
import { assertJwks } from "./jwks.js";
import { planEnv, type EnvInput, type EnvPlan } from "./plan-env.js";

export const JWKS_NAME = "JWKS";

export type EnvPushInput = Omit<EnvInput, "current" | "newSecret"> & {
  readonly cli: ConvexCli;
  /** Pushes the functions before keys are asked for. */
  readonly pushFunctions?: "always" | "when-keys-are-missing";
  /** How long another process, a running `convex dev`, may take to push them, in ms. Default: 0. */
  readonly waitForFunctionsMs?: number;
  readonly rotate?: { readonly grace: boolean } | undefined;
  readonly dryRun?: boolean;
  /** Told before each call that takes a while. */
  readonly onStep?: (title: string) => void;
};

export type EnvPushReport = {
  /** Names, never values. */
  readonly set: readonly string[];
  readonly kept: readonly string[];
  readonly unchanged: readonly string[];
  readonly skipped: readonly string[];
  readonly generatedSecret: boolean;
  readonly jwks: "unchanged" | "stored" | "rotated";
  readonly pushed: boolean;
  readonly dryRun: boolean;
};

/**
 * Sets variables, makes the secret and the keys where they are missing, and stores the JWKS.
 *
 * @throws CodegenError `CONVEX_CLI_FAILED`, `FUNCTIONS_NOT_PUSHED`, `INVALID_JWKS`, and those of planEnv
 */
export async function pushEnv(input: EnvPushInput): Promise<EnvPushReport> {
  const { cli, onStep = () => {} } = input;
  onStep("read the deployment's variables");
  const current = await cli.listEnv();
  const plan = planEnv({ ...input, current, newSecret: newSecret() });
  const jwks = jwksAction(plan, current, input);
  const pushes =
    input.pushFunctions === "always" || (input.pushFunctions !== undefined && jwks !== "unchanged");
  const report = reportOf(plan, { jwks, pushed: pushes, dryRun: input.dryRun === true });
  if (input.dryRun) return report;

  // A key is encrypted with the secret, so the secret has to be there first. Else all goes in one batch.
  const together = jwks !== "unchanged" && !plan.secretChanges && !pushes;
  if (!together) await set(plan.set, input);
  if (pushes) {
    onStep("push the functions");
    await cli.push();
  }
  if (jwks !== "unchanged") {
    const text = await keysOr(() => set(plan.set, input), { together, jwks, plan, input });
    await set({ ...(together ? plan.set : {}), [JWKS_NAME]: text }, input);
  }
  return report;
}

// --- internal ---

const SECRET_BYTES = 32;

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

function jwksAction(
  plan: EnvPlan,
  current: Readonly<Record<string, string>>,
  { rotate }: EnvPushInput,
): EnvPushReport["jwks"] {
  if (rotate) return "rotated";
  // The user's own value goes with the batch.
  const own = plan.set[JWKS_NAME];
  if (own !== undefined) assertJwks(own);
  if (own !== undefined) return "unchanged";
  if (!current[JWKS_NAME]) return "stored";
  return plan.secretChanges ? "rotated" : "unchanged";
}

async function set(values: Readonly<Record<string, string>>, input: EnvPushInput): Promise<void> {
  if (Object.keys(values).length === 0) return;
  input.onStep?.("set the deployment's variables");
  await input.cli.setEnv(values);
}

/** The keys; where there are none to have, the other variables are set all the same before it is said. */
async function keysOr(
  setOthers: () => Promise<void>,
  step: { together: boolean; jwks: EnvPushReport["jwks"]; plan: EnvPlan; input: EnvPushInput },
): Promise<string> {
  try {
    return await fetchKeys(step);
  } catch (error) {
    if (step.together) await setOthers();
    throw error;
  }
}

async function fetchKeys({
  jwks,
  plan,
  input,
}: {
  jwks: EnvPushReport["jwks"];
  plan: EnvPlan;
  input: EnvPushInput;
}): Promise<string> {
  input.onStep?.(jwks === "rotated" ? "make a new signing key" : "fetch the signing keys");
  // Keys from before the secret was there cannot be read with it.
  const isNew = jwks === "rotated" || plan.secretChanges;
  const grace = input.rotate?.grace ?? false;
  const until = Date.now() + (input.waitForFunctionsMs ?? 0);
  const text = await runKeys(input.cli, { until, ...(isNew && { rotate: { grace } }) });
  assertJwks(text);
  return text;
}

async function runKeys(
  cli: ConvexCli,
  { rotate, until }: { rotate?: { grace: boolean }; until: number },
): Promise<string> {
  const name = `generated/auth:${rotate ? "rotateKeys" : "latestJwks"}`;
  try {
    const value = await cli.run(name, rotate ?? {});
    if (typeof value === "string") return value;
  } catch (error) {
    if (
      !(error instanceof CodegenError) ||
      !/Could not find (public )?function/.test(error.message)
    )
      throw error;
    if (Date.now() < until) return runKeys(cli, { until, ...(rotate && { rotate }) });
    throw new CodegenError({
      code: "FUNCTIONS_NOT_PUSHED",
      message: `The deployment has no ${name}, so there is no JWKS to store yet. Other variables were set.`,
      hint: "Push your functions (`npx convex dev`, or `npx convex deploy` for production), then run the command again.",
      cause: error,
    });
  }
  throw new CodegenError({
    code: "INVALID_JWKS",
    message: `${name} returned no text.`,
    hint: "Refresh generated/auth.ts with `npx kitcn codegen`, push it, then run the command again.",
  });
}

function reportOf(
  plan: EnvPlan,
  rest: Pick<EnvPushReport, "jwks" | "pushed" | "dryRun">,
): EnvPushReport {
  const { kept, unchanged, skipped, generatedSecret } = plan;
  return { set: Object.keys(plan.set), kept, unchanged, skipped, generatedSecret, ...rest };
}
