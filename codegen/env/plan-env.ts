// Decides which variables a deployment gets. Pure, but for the new secret, which its caller passes in.
import { CodegenError } from "../errors.js";
import { isLocalUrl } from "./deployment.js";

/**
 * `fill`: only what is not set there. `sync`: the file wins. `production`: only what is not set there, and
 * nothing of a development machine.
 */
export type EnvMode = "fill" | "sync" | "production";

export type EnvInput = {
  readonly mode: EnvMode;
  /** Values of the file, and how messages name it. */
  readonly file: Readonly<Record<string, string>>;
  readonly fileName: string;
  /** Values of the deployment. */
  readonly current: Readonly<Record<string, string>>;
  /** The secret of development, where another file than convex/.env is pushed. */
  readonly developmentSecret?: string | undefined;
  /** Used when neither the file nor the deployment has a secret. */
  readonly newSecret: string;
};

export type EnvPlan = {
  readonly set: Readonly<Record<string, string>>;
  /** Names that the deployment has with another value than the file; they stay. */
  readonly kept: readonly string[];
  readonly unchanged: readonly string[];
  /** Names of the file that are never pushed: empty ones, and those Convex manages. */
  readonly skipped: readonly string[];
  /** True when BETTER_AUTH_SECRET was made here. */
  readonly generatedSecret: boolean;
  /** The deployment's secret becomes another than it was: keys made before cannot be read any more. */
  readonly secretChanges: boolean;
};

/** The variable that encrypts and signs; 32 characters at least. */
export const SECRET_NAME = "BETTER_AUTH_SECRET";
export const MIN_SECRET_LENGTH = 32;

/**
 * Plans one batch.
 *
 * @throws CodegenError `PRODUCTION_LOCALHOST`, `PRODUCTION_DEV_SECRET`
 */
export function planEnv(input: EnvInput): EnvPlan {
  const { mode, current } = input;
  const set: Record<string, string> = {};
  const kept: string[] = [];
  const unchanged: string[] = [];
  const skipped: string[] = [];
  for (const [name, value] of Object.entries(input.file)) {
    if (value === "" || isManaged(name)) skipped.push(name);
    else if (current[name] === value) unchanged.push(name);
    else if (current[name] !== undefined && mode !== "sync") kept.push(name);
    else set[name] = value;
  }
  if (mode === "production") assertProduction(set, input);
  const generatedSecret = !set[SECRET_NAME] && !current[SECRET_NAME];
  if (generatedSecret) set[SECRET_NAME] = input.newSecret;
  return { set, kept, unchanged, skipped, generatedSecret, secretChanges: SECRET_NAME in set };
}

// --- internal ---

/** Set by Convex, or about the CLI itself. */
function isManaged(name: string): boolean {
  return (
    /^CONVEX_(CLOUD_URL|SITE_URL|DEPLOYMENT|DEPLOYMENT_TOKEN|DEPLOY_KEY)$/.test(name) ||
    /^CONVEX_SELF_HOSTED_/.test(name) ||
    /_CONVEX_(SITE_)?URL$/.test(name)
  );
}

function assertProduction(set: Readonly<Record<string, string>>, input: EnvInput): void {
  const local = Object.keys(set).filter((name) =>
    (set[name] ?? "").split(/[\s,]+/).some((part) => part !== "" && isLocalUrl(part)),
  );
  if (local.length > 0)
    throw new CodegenError({
      code: "PRODUCTION_LOCALHOST",
      message: `${listOf(local)} in ${input.fileName} ${local.length === 1 ? "points" : "point"} at this machine; production must not.`,
      hint: `Set the production value: npx convex env set ${local[0]} https://your.site --prod\nOr keep production values in a file: npx kitcn env push --prod --from-file .env.production\nNothing was set.`,
    });
  const secret = set[SECRET_NAME];
  if (secret === undefined) return;
  const reason = badSecret(secret, input);
  if (reason === undefined) return;
  throw new CodegenError({
    code: "PRODUCTION_DEV_SECRET",
    message: `${SECRET_NAME} in ${input.fileName} ${reason}.`,
    hint: `Remove it from the file: kitcn generates a separate secret for production. Nothing was set.`,
  });
}

function badSecret(secret: string, input: EnvInput): string | undefined {
  if (input.developmentSecret === secret) return "is the secret of development";
  if (secret.length < MIN_SECRET_LENGTH) return `is shorter than ${MIN_SECRET_LENGTH} characters`;
  return undefined;
}

function listOf(names: readonly string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
