// What kitcn says about deployments, their variables and signing keys, and what the convex CLI answered.
// Only sentences: each function takes names and texts, and decides nothing. None takes a value of a variable.
import { CodegenError } from "../errors.js";
import { first, indented, isOne, listed } from "./words.js";

// Which deployment.

export const noDeployment = (): CodegenError =>
  new CodegenError({
    code: "NO_DEPLOYMENT",
    message:
      "No deployment is configured: no CONVEX_DEPLOYMENT, deploy key or self-hosted URL is set.",
    hint: "Run `npx convex dev` once, or set CONVEX_DEPLOY_KEY, then run the command again.",
  });

export const noPreviews = ({ kind }: { kind: string }): CodegenError =>
  new CodegenError({
    code: "NO_PREVIEWS",
    message: `A ${kind} deployment has no previews, so --preview-name does not work here.`,
    hint: "Leave out --preview-name. Or choose a project in Convex's cloud, with CONVEX_DEPLOYMENT or with a preview deploy key in CONVEX_DEPLOY_KEY.",
    exitCode: 2,
  });

export const noPreviewName = (): CodegenError =>
  new CodegenError({
    code: "NO_PREVIEW_NAME",
    message:
      "CONVEX_DEPLOY_KEY is a preview deploy key, but kitcn cannot tell the branch of this build.",
    hint: "Add --preview-name, with the name of the preview that `npx convex deploy` made.",
    exitCode: 2,
  });

export const keyNotOfProduction = (): CodegenError =>
  new CodegenError({
    code: "WRONG_DEPLOY_KEY",
    message: "--prod needs production, but CONVEX_DEPLOY_KEY is for another deployment.",
    hint: "Use a production deploy key, or leave out --prod.",
    exitCode: 2,
  });

export const keyOfOneDeployment = (): CodegenError =>
  new CodegenError({
    code: "WRONG_DEPLOY_KEY",
    message: "CONVEX_DEPLOY_KEY is for one deployment, but --preview-name names another.",
    hint: "Use a preview deploy key (from the project's settings), or leave out --preview-name.",
    exitCode: 2,
  });

// What the convex CLI answered.

export const convexNotInstalled = ({ root }: { root: string }): CodegenError =>
  new CodegenError({
    code: "CONVEX_NOT_INSTALLED",
    message: `convex is not installed in ${root}.`,
    hint: "Install the app's dependencies, then run the command again.",
  });

export const cliFailed = ({
  command,
  printed,
}: {
  command: string;
  printed: string;
}): CodegenError =>
  new CodegenError({
    code: "CONVEX_CLI_FAILED",
    message: `\`convex ${command}\` failed:\n${printed || "(it printed nothing)"}`,
    hint: "Fix the error above, then run the command again.",
  });

export const answerNotJson = ({ name }: { name: string }): CodegenError =>
  new CodegenError({
    code: "CONVEX_CLI_FAILED",
    message: `\`convex run ${name}\` did not print JSON.`,
    hint: "Run `npx convex logs` to see what the function does.",
  });

export const deploymentSilent = ({ address }: { address: string | undefined }): CodegenError =>
  new CodegenError({
    code: "DEPLOYMENT_UNREACHABLE",
    message: `The deployment does not answer${address === undefined ? "" : ` at ${address}`}.`,
    hint: "Start it (`npx convex dev` runs a local one), or check the network and CONVEX_SELF_HOSTED_URL. Nothing was set.",
  });

export const loginRefused = ({ printed }: { printed: string }): CodegenError =>
  new CodegenError({
    code: "DEPLOYMENT_REFUSED",
    message: `The deployment refuses this key or login:\n${printed}`,
    hint: "Check CONVEX_DEPLOY_KEY or CONVEX_SELF_HOSTED_ADMIN_KEY, or log in with `npx convex login`.",
  });

export const configReadsUnset = ({ variable }: { variable: string }): CodegenError =>
  new CodegenError({
    code: "AUTH_CONFIG_REJECTED",
    message: `Convex refuses auth.config.ts: it reads ${variable}, which the deployment does not have.`,
    hint: `Set it first (npx convex env set ${variable} <value>, or a line in convex/.env), or use \`getAuthConfigProvider()\` in auth.config.ts, which works while variables are missing.`,
  });

export const configRejected = ({ printed }: { printed: string }): CodegenError =>
  new CodegenError({
    code: "AUTH_CONFIG_REJECTED",
    message: `Convex refuses auth.config.ts with these variables; nothing was set:\n${printed}`,
    hint: "Correct auth.config.ts and push it, or correct the variable that it reads. `npx kitcn doctor` checks both.",
  });

export const nodeModuleImported = ({
  place,
  name,
}: {
  place: string;
  name: string;
}): CodegenError =>
  new CodegenError({
    code: "NODE_MODULE_IMPORTED",
    message: `${place} imports Node's module "${name}", which Convex functions that serve HTTP do not have.`,
    hint: 'Import it only in a module that begins with "use node", and call that module as an action. Or remove the package from auth.ts. node_modules/kitcn/docs/limits.md names the plugins that need Node.',
  });

// Variables.

export const noEnvFile = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NO_ENV_FILE",
    message: `${path} does not exist.`,
    hint: "Give --from-file the path of a .env file that exists.",
    exitCode: 2,
  });

/** `lines`: each with its place and its reason. Never the text of a line: it may be a part of a secret. */
export const badEnvLines = ({
  file,
  lines,
}: {
  file: string;
  lines: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "ENV_FILE_INVALID",
    message: `kitcn cannot send these lines of ${file}:\n${indented(lines)}`,
    hint: "Write each variable as NAME=value, and put # before a comment. A name has letters, digits and underscores, does not begin with a digit, and has at most 256 characters. Put quotes around a value of several lines; for a value that has quotes itself, use another kind of quote. Nothing was set.",
    exitCode: 2,
  });

/** Why a line cannot be sent. */
export const BAD_LINE_REASONS = {
  "no-equals-sign": 'it has no "="',
  "no-name": 'it has no name before the "="',
  "bad-name": "Convex does not accept the name",
  "long-name": "its name is too long",
  "text-after-quote": "text follows the closing quote of its value, and would be lost",
  "escaped-quote": "a quote in its value ends the value, also after a backslash",
} as const;

export const previewLocalhost = (input: {
  variables: readonly string[];
  file: string;
}): CodegenError =>
  new CodegenError({
    code: "PRODUCTION_LOCALHOST",
    message: pointHere(input, "a preview"),
    hint: "Write the values for previews into another file, and add --from-file .env.preview. Nothing was set.",
  });

export const productionLocalhost = (input: {
  variables: readonly string[];
  file: string;
}): CodegenError =>
  new CodegenError({
    code: "PRODUCTION_LOCALHOST",
    message: pointHere(input, "production"),
    hint: `Set the production value: npx convex env set ${first(input.variables)} https://your.site --prod\nOr write the values for production into another file: npx kitcn env push --prod --from-file .env.production\nNothing was set.`,
  });

/** `reason` goes on after the name: "is the secret of development". `target`: "production" or "a preview". */
export const developmentSecret = ({
  variable,
  file,
  reason,
  target,
}: {
  variable: string;
  file: string;
  reason: string;
  target: string;
}): CodegenError =>
  new CodegenError({
    code: "PRODUCTION_DEV_SECRET",
    message: `${variable} in ${file} ${reason}.`,
    hint: `Remove it from the file: kitcn generates a separate secret, and keys, for ${target}. To push another file, add --from-file <file>. Nothing was set.`,
  });

export const valueUnprintable = ({ variable }: { variable: string }): CodegenError =>
  new CodegenError({
    code: "ENV_VALUE_UNPRINTABLE",
    message: `The value of ${variable} cannot be written to a .env file: it mixes all kinds of quotes, or has carriage returns.`,
    hint: `Set it by itself: npx convex env set ${variable} --from-file <file with the value>`,
  });

// --- internal ---

function pointHere(
  { variables, file }: { variables: readonly string[]; file: string },
  target: string,
): string {
  const single = isOne(variables);
  return `${listed(variables)} in ${file} ${single ? "points" : "point"} at this machine, so ${target} cannot use ${single ? "it" : "them"}.`;
}
