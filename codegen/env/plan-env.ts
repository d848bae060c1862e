// Decides which variables a deployment gets. Pure, but for the new secret, which its caller passes in.
import { TRUSTED_ORIGINS } from "../../src/better-auth/variables.js";
import { developmentSecret, previewLocalhost, productionLocalhost } from "../errors/env.js";
import { isLocalUrl } from "./deployment.js";
import {
  findInDevelopment,
  hasSecret,
  SECRET_NAME,
  SECRET_NAMES,
  secretsOf,
  weaknessOf,
  type Development,
} from "./secret.js";

/**
 * `fill`: only what is not set there. `sync`: the file wins. `production`, `preview`: only what is not set there, and
 * nothing of a development machine.
 */
export type EnvMode = "fill" | "sync" | "production" | "preview";

export type EnvInput = {
  readonly mode: EnvMode;
  /** Values of the file, and how messages name it. */
  readonly file: Readonly<Record<string, string>>;
  readonly fileName: string;
  /** Values that follow from where the command runs: they replace what is set, and give way to the file. */
  readonly derived?: Readonly<Record<string, string>>;
  /** Values of the deployment. */
  readonly current: Readonly<Record<string, string>>;
  /** What development uses, where another deployment is pushed to: its secrets must not travel. */
  readonly development?: readonly Development[];
  /** In production and in a preview, replaces what is set there. */
  readonly overwrite?: boolean;
  /** Used when neither the file nor the deployment has a secret. */
  readonly newSecret: string;
};

export type EnvPlan = {
  /** One batch. */
  readonly set: Readonly<Record<string, string>>;
  /** Names that the deployment has with another value than the file; they stay. */
  readonly kept: readonly string[];
  readonly unchanged: readonly string[];
  /** Names of the file that are never pushed: empty ones, and those Convex manages. */
  readonly skipped: readonly string[];
  /** Those of the skipped that the file names without a value. */
  readonly withoutValue: readonly string[];
  /** Secrets that production has already, and development too. */
  readonly shared: readonly string[];
  /** True when BETTER_AUTH_SECRET was made here. */
  readonly generatedSecret: boolean;
  /** Secrets become others than they were: keys made before cannot be read any more. */
  readonly secretChanges: boolean;
};

/** The variable with the static JWKS. */
export const JWKS_NAME = "JWKS";

/**
 * Plans one batch. Where the secret changes, the batch also empties JWKS, whose key only the old secret
 * opens: between this batch and the next, keys come from the database.
 *
 * @throws CodegenError `PRODUCTION_LOCALHOST`, `PRODUCTION_DEV_SECRET`
 */
export function planEnv(input: EnvInput): EnvPlan {
  const { mode, current, derived = {} } = input;
  const isGuarded = mode === "production" || mode === "preview";
  const replaces = mode === "sync" || (isGuarded && input.overwrite === true);
  const set: Record<string, string> = {};
  const kept: string[] = [];
  const unchanged: string[] = [];
  const skipped: string[] = [];
  const file = isGuarded ? withoutExpoGo(input.file) : input.file;
  const own = withoutDerived(file, derived);
  for (const [name, value] of Object.entries(own)) {
    if (value === "" || isManaged(name)) skipped.push(name);
    else if (current[name] === value) unchanged.push(name);
    else if (current[name] !== undefined && !replaces) kept.push(name);
    else set[name] = value;
  }
  // What is there already, and in the file as well, is as wrong as what would be set.
  const same = Object.fromEntries(unchanged.map((name) => [name, own[name] ?? ""]));
  if (isGuarded) assertProduction(set, { ...input, same });
  for (const [name, value] of Object.entries(derived)) {
    if (own[name]) continue;
    if (current[name] === value) unchanged.push(name);
    else set[name] = value;
  }
  const generatedSecret = !hasSecret({ ...current, ...set });
  if (generatedSecret) set[SECRET_NAME] = input.newSecret;
  const secretChanges = SECRET_NAMES.some((name) => name in set);
  if (secretChanges && current[JWKS_NAME] && !(JWKS_NAME in set)) set[JWKS_NAME] = "";
  const shared = [...SECRET_NAMES, JWKS_NAME].filter(
    (name) => !(name in set) && sharedWith(name, current[name], input) !== undefined,
  );
  const withoutValue = skipped.filter((name) => input.file[name] === "");
  return { set, kept, unchanged, skipped, withoutValue, shared, generatedSecret, secretChanges };
}

// --- internal ---

/** `add auth` trusts Expo Go for development: anybody can serve an app to it, which mails would then lead to. */
function withoutExpoGo(file: EnvInput["file"]): EnvInput["file"] {
  const origins = file[TRUSTED_ORIGINS];
  if (origins === undefined) return file;
  const left = origins.split(",").filter((one) => !EXPO_GO.test(one.trim()));
  return { ...file, [TRUSTED_ORIGINS]: left.join(",") };
}

/** What the command knows better than a file that is meant for this machine. */
function withoutDerived(
  file: EnvInput["file"],
  derived: Readonly<Record<string, string>>,
): EnvInput["file"] {
  const isBetter = ([name, value]: [string, string]) => name in derived && pointsHere(value);
  return Object.fromEntries(Object.entries(file).filter((entry) => !isBetter(entry)));
}

/** Set by Convex, or about the CLI itself. */
function isManaged(name: string): boolean {
  return (
    /^CONVEX_(CLOUD_URL|SITE_URL|DEPLOYMENT|DEPLOYMENT_TOKEN|DEPLOY_KEY)$/.test(name) ||
    /^CONVEX_SELF_HOSTED_/.test(name) ||
    /_CONVEX_(SITE_)?URL$/.test(name)
  );
}

function assertProduction(
  set: Readonly<Record<string, string>>,
  input: EnvInput & { readonly same: Readonly<Record<string, string>> },
): void {
  const isPreview = input.mode === "preview";
  const target = isPreview ? "a preview" : "production";
  const local = Object.entries({ ...input.same, ...set }).flatMap(([name, value]) =>
    pointsHere(value) ? [name] : [],
  );
  if (local.length > 0)
    throw (isPreview ? previewLocalhost : productionLocalhost)({
      variables: local,
      file: input.fileName,
    });
  for (const name of [...SECRET_NAMES, JWKS_NAME]) {
    const reason = badSecret(name, set[name], input);
    if (reason === undefined) continue;
    throw developmentSecret({ variable: name, file: input.fileName, reason, target });
  }
}

/**
 * True where some part of a value, as of a list of origins, is a URL or host of this machine, or an app in Expo Go. In
 * a sentence, a word without a port is no host.
 */
function pointsHere(value: string): boolean {
  const isSentence = /\w\s+\w/.test(value);
  const isHere = (part: string) =>
    EXPO_GO.test(part) || ((!isSentence || IS_ADDRESS.test(part)) && isLocalUrl(part));
  return value.split(/[\s,;"']+/).some((part) => part !== "" && isHere(part));
}

const IS_ADDRESS = /:\/\/|:\d+(\/|$)/;

const EXPO_GO = /^exps?:\/\//i;

function badSecret(name: string, value: string | undefined, input: EnvInput): string | undefined {
  if (value === undefined) return undefined;
  const where = sharedWith(name, value, input);
  const what = name === JWKS_NAME ? "has the keys" : "is the secret";
  if (where !== undefined)
    return `${what} of development${where === input.fileName ? "" : `, as in ${where}`}`;
  return name === JWKS_NAME ? undefined : weaknessOf(secretsOf(name, value)[0] ?? "");
}

function sharedWith(
  name: string,
  value: string | undefined,
  { development = [] }: EnvInput,
): string | undefined {
  return value === undefined ? undefined : findInDevelopment(name, value, development);
}
