// Brings a deployment's variables to what auth needs: values, secret, JWKS; in as few CLI calls as possible.
// Sequences only: planEnv decides, the convex CLI does. Never prints. Killed at any step, the deployment has
// what it had or what it should have, and the next run finishes.
import { randomBytes } from "node:crypto";
import type { TokenSigner } from "../../src/auth/keys/deployment-keys.js";
import { CodegenError } from "../errors.js";
import { functionsNotPushed, keysNotText, noKeysToRotate } from "../errors/keys.js";
import type { ConvexCli } from "./convex-cli.js";
import { runEndSessions, type EndedSessions } from "./end-sessions.js";
import { assertJwks, hasSameKeys, withoutExpired } from "./jwks.js";
import { JWKS_NAME, planEnv, type EnvInput, type EnvPlan } from "./plan-env.js";
import { SECRET_NAME } from "./secret.js";

export type EnvPushInput = Omit<EnvInput, "current" | "newSecret"> & {
  readonly cli: ConvexCli;
  /** Pushes the functions before keys are asked for. */
  readonly pushFunctions?: "always" | "when-keys-are-missing";
  /** How long another process, a running `convex dev`, may take to push them, in ms. Default: 0. */
  readonly waitForFunctionsMs?: number;
  /** Done when that process has pushed them. Default: they are asked for until they are there. */
  readonly pushed?: Promise<void>;
  readonly rotate?: Rotation | undefined;
  /** Who signs tokens, with these variables of the deployment. Asked where keys are wanted. Default: "jwks". */
  readonly signer?: (env: Readonly<Record<string, string>>) => Promise<TokenSigner>;
  readonly dryRun?: boolean;
  /** Told before each call that takes a while. */
  readonly onStep?: (title: string) => void;
  /** Told before the first call that may change the deployment. */
  readonly onChange?: () => void;
};

/** A new signing key. `grace`: the old one stays for one token lifetime; `endSessions`: everybody signs in again. */
export type Rotation = { readonly grace: boolean; readonly endSessions: boolean };

export type EnvPushReport = {
  /** Names, never values. */
  readonly set: readonly string[];
  readonly kept: readonly string[];
  readonly unchanged: readonly string[];
  readonly skipped: readonly string[];
  /** Those of the skipped that the file names without a value. */
  readonly withoutValue: readonly string[];
  /** The file that was pushed. */
  readonly file: string;
  /** Secrets of production that are those of development. */
  readonly shared: readonly string[];
  readonly generatedSecret: boolean;
  /** `pruned`: keys whose grace is over were taken out. `unneeded`: the deployment signs tokens itself. */
  readonly jwks: "unchanged" | "stored" | "rotated" | "pruned" | "unneeded";
  /** What became of sessions; undefined where they were not asked to end. */
  readonly sessions?: EndedSessions | undefined;
  readonly pushed: boolean;
  readonly dryRun: boolean;
};

/**
 * Sets variables, makes the secret and the keys where they are missing, and stores the JWKS.
 *
 * @throws CodegenError `FUNCTIONS_NOT_PUSHED`, `INVALID_JWKS`, `NO_KEYS_TO_ROTATE`, `SESSIONS_NOT_ENDED`, and those of
 * planEnv and of the convex CLI
 */
export async function pushEnv(input: EnvPushInput): Promise<EnvPushReport> {
  const { cli, onStep = () => {} } = input;
  onStep("read the deployment's variables");
  const current = await cli.listEnv();
  const plan = planEnv({ ...input, current, newSecret: newSecret() });
  const { action, pruned } = await signed(jwksAction(plan, current, input), plan, current, input);
  const needsKeys = action === "stored" || action === "rotated";
  const pushes =
    input.pushFunctions === "always" || (input.pushFunctions !== undefined && needsKeys);
  let report = reportOf(plan, {
    file: input.fileName,
    jwks: action,
    pushed: pushes,
    dryRun: input.dryRun === true,
  });
  if (input.dryRun) return report;
  input.onChange?.();

  const batch = { ...plan.set, ...(pruned !== undefined && { [JWKS_NAME]: pruned }) };
  // A key is encrypted with the secret, so the secret has to be there first. Else all goes in one batch.
  const together = needsKeys && !plan.secretChanges && !pushes;
  if (!together) await set(batch, input);
  if (pushes) {
    onStep("push the functions");
    await cli.push();
  }
  if (needsKeys) {
    const text = await keysOr(() => set(batch, input), {
      together,
      isNew: action === "rotated",
      input,
    });
    await set({ ...(together ? batch : {}), [JWKS_NAME]: text }, input);
    // Another order of BETTER_AUTH_SECRETS opens the key that was there.
    if (!input.rotate && hasSameKeys(text, current[JWKS_NAME] ?? "[]"))
      report = { ...report, jwks: "stored" };
    await matchSecret(plan, input);
  }
  if (!input.rotate?.endSessions) return report;
  // Last: whoever signs in again meets the new key.
  return { ...report, sessions: await runEndSessions(cli, { onStep }) };
}

// --- internal ---

const SECRET_BYTES = 32;

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString("base64url");
}

type JwksAction = { readonly action: EnvPushReport["jwks"]; readonly pruned?: string };

/** The same, unless it needs keys and the deployment signs: then there are none to fetch or to make. */
async function signed(
  wanted: JwksAction,
  plan: EnvPlan,
  current: Readonly<Record<string, string>>,
  { signer, rotate }: EnvPushInput,
): Promise<JwksAction> {
  const isWanted = wanted.action === "stored" || wanted.action === "rotated";
  if (!isWanted || (await signer?.({ ...current, ...plan.set })) !== "deployment") return wanted;
  if (rotate && !rotate.endSessions) throw noKeysToRotate();
  return { action: "unneeded" };
}

function jwksAction(
  plan: EnvPlan,
  current: Readonly<Record<string, string>>,
  { rotate }: EnvPushInput,
): JwksAction {
  if (rotate) return { action: "rotated" };
  const own = plan.set[JWKS_NAME];
  if (own) {
    // The user's own value goes with the batch.
    assertJwks(own);
    return { action: "unchanged" };
  }
  const stored = current[JWKS_NAME];
  if (!stored) return { action: "stored" };
  if (plan.secretChanges) return { action: "rotated" };
  const pruned = withoutExpired(stored, Date.now());
  return pruned === undefined ? { action: "unchanged" } : { action: "pruned", pruned };
}

async function set(values: Readonly<Record<string, string>>, input: EnvPushInput): Promise<void> {
  if (Object.keys(values).length === 0) return;
  input.onStep?.("set the deployment's variables");
  await input.cli.setEnv(values);
}

/**
 * Two first pushes at the same time each make a secret, and the later one's stays. The keys that are stored last have
 * to be made with that one: whoever finds another secret than its own fetches them again.
 */
async function matchSecret(plan: EnvPlan, input: EnvPushInput): Promise<void> {
  // A local deployment, which alone is only filled, is one person's.
  if (!plan.generatedSecret || input.mode === "fill") return;
  const { [SECRET_NAME]: secret } = await input.cli.listEnv();
  if (secret === plan.set[SECRET_NAME]) return;
  await set({ [JWKS_NAME]: await fetchKeys({ together: false, isNew: false, input }) }, input);
}

type KeysStep = {
  /** The other variables are not set yet. */
  readonly together: boolean;
  readonly isNew: boolean;
  readonly input: EnvPushInput;
};

/** The keys; where there are none to have, the other variables are set all the same before it is said. */
async function keysOr(setOthers: () => Promise<void>, step: KeysStep): Promise<string> {
  try {
    return await fetchKeys(step);
  } catch (error) {
    if (step.together) await setOthers();
    throw error;
  }
}

async function fetchKeys({ isNew, input }: KeysStep): Promise<string> {
  input.onStep?.(isNew ? "make a new signing key" : "fetch the signing keys");
  const until = Date.now() + (input.waitForFunctionsMs ?? 0);
  // Who asks for a function that is not there yet finds an error in the log.
  if (input.pushed) await Promise.race([input.pushed, pause(input.waitForFunctionsMs ?? 0)]);
  // After a change of the secret the deployment makes a new key by itself: it cannot read the old one.
  const text = await runKeys(input.cli, { until, rotate: input.rotate });
  assertJwks(text);
  return text;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}

async function runKeys(
  cli: ConvexCli,
  { rotate, until }: { rotate: Rotation | undefined; until: number },
): Promise<string> {
  const name = `generated/auth:${rotate ? "rotateKeys" : "latestJwks"}`;
  try {
    const value = await cli.run(name, rotate ? { grace: rotate.grace } : {});
    if (typeof value === "string") return value;
  } catch (error) {
    if (
      !(error instanceof CodegenError) ||
      !/Could not find (public )?function/.test(error.message)
    )
      throw error;
    if (Date.now() < until) return runKeys(cli, { until, rotate });
    throw functionsNotPushed({ name, cause: error });
  }
  throw keysNotText({ name });
}

/** JWKS has a line of its own in reports. */
function reportOf(
  plan: EnvPlan,
  rest: Pick<EnvPushReport, "file" | "jwks" | "pushed" | "dryRun">,
): EnvPushReport {
  const { kept, unchanged, skipped, withoutValue, shared, generatedSecret } = plan;
  const names = Object.keys(plan.set).filter((name) => name !== JWKS_NAME || plan.set[name]);
  return { set: names, kept, unchanged, skipped, withoutValue, shared, generatedSecret, ...rest };
}
