// What kitcn says when it cannot load the app's own modules: auth.ts, schema.ts, and what they import.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";

export const noAuthFile = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NO_AUTH_FILE",
    message: `${path} was not found.`,
    hint: "Run `npx kitcn add auth --yes` to create it.",
  });

/** `config`: the file that names the folder of the functions. */
export const noFunctionsDir = ({
  folder,
  config,
}: {
  folder: string;
  config: string;
}): CodegenError =>
  new CodegenError({
    code: "NO_AUTH_FILE",
    message: `The folder ${folder} does not exist, but ${config} names it for the app's functions.`,
    hint: `Correct \`functions\` in ${config}. If the folder is to be made, run \`npx kitcn add auth --yes\`.`,
  });

export const noDefaultExport = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "NO_DEFAULT_EXPORT",
    message: `${place} has no default export.`,
    hint: "Write `export default defineAuth((ctx) => ({ ... }));`.",
  });

export const notDefinition = ({ place, found }: { place: string; found: string }): CodegenError =>
  new CodegenError({
    code: "NOT_A_DEFINITION",
    message: `${place} exports ${found} by default, not a definition function.`,
    hint: "Write `export default defineAuth((ctx) => ({ ... }));` with the options you pass to betterAuth().",
  });

export const asyncDefinition = ({ place }: { place: string }): CodegenError =>
  new CodegenError({
    code: "ASYNC_DEFINITION",
    message: `${place}: the definition is async, but kitcn and Convex need its options at once.`,
    hint: "Remove `async` from the function that you give to defineAuth. Use `await` inside callbacks only.",
  });

export const notOptions = ({ place, found }: { place: string; found: string }): CodegenError =>
  new CodegenError({
    code: "NOT_A_DEFINITION",
    message: `${place}: the definition returned ${found}, not Better Auth options.`,
    hint: "Return an object: `defineAuth(() => ({ emailAndPassword: { enabled: true } }))`.",
  });

export const pluginsNotList = ({ place, found }: { place: string; found: string }): CodegenError =>
  new CodegenError({
    code: "NOT_A_PLUGIN",
    message: `${place}: \`plugins\` is ${found}, not a list.`,
    hint: LIST_PLUGINS,
  });

export const notPlugin = ({
  place,
  number,
  found,
}: {
  place: string;
  number: number;
  found: string;
}): CodegenError =>
  new CodegenError({
    code: "NOT_A_PLUGIN",
    message: `${place}: plugin ${number} of the list is ${found}.`,
    hint: LIST_PLUGINS,
  });

export const plainPrivateKey = ({
  place,
  option,
  plugin,
}: {
  place: string;
  option: string;
  plugin: string;
}): CodegenError =>
  new CodegenError({
    code: "PLAIN_PRIVATE_KEY",
    message: `${place}: \`${option}\` of the plugin "${plugin}" would store signing keys in plain text.`,
    hint: `Remove \`${option}\`: keys are encrypted with BETTER_AUTH_SECRET.`,
  });

export const noSchemaExport = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NO_SCHEMA",
    message: `The default export of ${path} is not a schema of convex/server.`,
    hint: "Write `export default defineSchema({ ... });`.",
  });

export const noBetterAuth = ({ command }: { command: string }): CodegenError =>
  new CodegenError({
    code: "NO_BETTER_AUTH",
    message: "better-auth is not installed in this app.",
    hint: `Install it: ${command}`,
  });

export const cryptoNotLoaded = ({
  command,
  cause,
}: {
  command: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "NO_BETTER_AUTH",
    message: "better-auth/crypto cannot be loaded from this app.",
    hint: `Install it: ${command}`,
    cause,
  });

/** `place`: where it is imported. */
export const configNotFound = (input: { place: string; specifier: string }): CodegenError =>
  new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: importsMissing(input),
    hint: "Run `npx kitcn add auth --yes` to create it, or correct the path.",
  });

export const fileNotFound = (input: { place: string; specifier: string }): CodegenError =>
  new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: importsMissing(input),
    hint: "Correct the path, or the `paths` of tsconfig.json.",
  });

export const packageNotFound = ({
  place,
  specifier,
  command,
}: {
  place: string;
  specifier: string;
  command: string;
}): CodegenError =>
  new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: importsMissing({ place, specifier }),
    hint: `Install it: ${command}`,
  });

/** `needs`: another package, which the imported one imports. */
export const packageLacks = ({
  place,
  specifier,
  needs,
  command,
}: {
  place: string;
  specifier: string;
  needs: string;
  command: string;
}): CodegenError =>
  new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: `${place} imports "${specifier}", which needs ${needs}, and that is not installed.`,
    hint: `Install it: ${command}`,
  });

/** A module of another runtime or bundler, such as `cloudflare:workers` or `$env/static/private`. */
export const notOfConvex = (input: { place: string; specifier: string }): CodegenError =>
  new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: importsMissing(input),
    hint: "Remove this import: another runtime or bundler has that module, and Convex does not. Read variables from process.env.",
  });

/** A path that an installed package does not export. */
export const pathNotExported = (input: PathOfPackage): CodegenError =>
  new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: hasNoPath(input),
    hint: `Import it from a path that ${input.package} exports, or install a release of ${input.package} that has this one.`,
  });

/** A path that an older release of a package exported. */
export const pathMoved = (input: PathOfPackage & NewPlace): CodegenError =>
  new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: hasNoPath(input),
    hint: importFromThere(input),
  });

/** A name that an installed package does not export. */
export const noSuchExport = (input: ExportOfPackage): CodegenError =>
  new CodegenError({
    code: "EXPORT_NOT_FOUND",
    message: exportsNone(input),
    hint: `Correct the name, or install a release of ${input.specifier} that exports it.`,
  });

/** A name that an older release of a package exported. */
export const exportMoved = (input: ExportOfPackage & NewPlace): CodegenError =>
  new CodegenError({
    code: "EXPORT_NOT_FOUND",
    message: exportsNone(input),
    hint: importFromThere(input),
  });

/** A function of a package, or a plugin, that auth.ts calls while it is loaded. */
export const callFailed = (input: FailedCall): CodegenError =>
  new CodegenError({
    code: "PLUGIN_FAILED",
    message: failedAt(input),
    hint: `Give ${input.call} the options it asks for. Where one comes from a variable, set that in convex/.env.${thrown(input)}`,
    cause: input.cause,
  });

/** The module of a plugin that auth.ts imports. */
export const importFailed = (input: FailedCall & { specifier: string }): CodegenError =>
  new CodegenError({
    code: "PLUGIN_FAILED",
    message: failedAt(input),
    hint: `Make ${input.specifier} load: it throws before anything calls ${input.call}. Where it reads a variable, set that in convex/.env.${thrown(input)}`,
    cause: input.cause,
  });

export const authFailed = ({
  place,
  reason,
  path,
  cause,
}: {
  place: string;
  reason: string;
  path: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "AUTH_FAILED",
    message: `${place}: ${reason}`,
    hint: `Make ${path} load without a deployment: keep what needs one inside callbacks, and set missing variables in convex/.env.`,
    cause,
  });

/** A name that the module uses and nothing declares. */
export const nameUnknown = ({
  place,
  reason,
  name,
  cause,
}: {
  place: string;
  reason: string;
  name: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "AUTH_FAILED",
    message: `${place}: ${reason}`,
    hint: `Import \`${name}\`, or correct its name.`,
    cause,
  });

export const insistedOnValue = ({ name }: { name: string }): CodegenError =>
  new CodegenError({
    code: "INSISTED_ON_VALUE",
    message: `The value of \`${name}\` was needed while auth.ts was loaded, but it exists only inside Convex.`,
    hint: "Use it inside a callback (a hook, sendResetPassword, ...), not while the options are built.",
  });

export const calledWhileLoading = ({ name }: { name: string }): CodegenError =>
  new CodegenError({
    code: "CALLED_WHILE_LOADING",
    message: `\`${name}\` of generated/auth was called while auth.ts was loaded.`,
    hint: "Call it inside a function that runs in Convex, not at the top level of a module.",
  });

export const exitedWhileLoading = ({ code }: { code: string }): CodegenError =>
  new CodegenError({
    code: "EXITED_WHILE_LOADING",
    message: `process.exit(${code}) was called while the module was loaded.`,
    hint: "Read what it printed above. Often it misses a variable: set that in convex/.env.",
  });

// --- internal ---

const LIST_PLUGINS =
  "List what the plugins' functions return: `plugins: [organization()]`. Where a plugin is only sometimes there, write `...(condition ? [organization()] : [])`.";

type PathOfPackage = { place: string; specifier: string; package: string };

type ExportOfPackage = { place: string; name: string; specifier: string };

/** Where a name of an older release is now, and what it is called there. */
type NewPlace = {
  wanted: string;
  source: string;
  /** Installs it; undefined where it is installed. */
  command: string | undefined;
};

function hasNoPath({ place, specifier, package: name }: PathOfPackage): string {
  return `${place} imports "${specifier}", but the installed ${name} has no such path.`;
}

function exportsNone({ place, name, specifier }: ExportOfPackage): string {
  return `${place} imports \`${name}\` from "${specifier}", but what is installed does not export it.`;
}

function importFromThere({ wanted, source, command }: NewPlace): string {
  const first = command === undefined ? "" : ` Install that first: ${command}`;
  return `Import \`${wanted}\` from "${source}".${first}`;
}

function importsMissing({ place, specifier }: { place: string; specifier: string }): string {
  return `${place} imports "${specifier}", which was not found.`;
}

type FailedCall = {
  place: string;
  call: string;
  /** The package that the function comes from. */
  source: string | undefined;
  reason: string;
  thrownAt: string | undefined;
  cause: unknown;
};

function failedAt({ place, call, source, reason }: FailedCall): string {
  return `${place}: ${call}${source === undefined ? "" : ` of ${source}`} failed: ${reason}`;
}

function thrown({ thrownAt }: FailedCall): string {
  return thrownAt === undefined ? "" : ` It was thrown at ${thrownAt}.`;
}
