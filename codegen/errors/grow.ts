// What kitcn says when it adds to an app or removes from it: plugins, social providers, mails.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";
import type { ByHand, Problem } from "./by-hand.js";
import { indented } from "./words.js";

// Plugins.

/** `why`: a sentence without a full stop; `instead`: the plugin to add. */
export const pluginNeedsNode = ({
  plugin,
  why,
  instead,
}: {
  plugin: string;
  why: string;
  instead: string;
}): CodegenError =>
  new CodegenError({
    code: "PLUGIN_NEEDS_NODE",
    message: `${plugin} does not run on Convex: ${why}`,
    hint: `Use another plugin: npx kitcn add plugin ${instead} --yes\nNothing was written.`,
  });

export const pluginsNotRun = ({ plugins }: { plugins: readonly string[] }): CodegenError =>
  notRun(plugins, "in the list of plugins", {
    code: "changes or replaces this list",
    what: "the plugin",
  });

export const pluginNeeded = ({
  plugin,
  needs,
}: {
  plugin: string;
  needs: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "PLUGIN_NEEDED",
    message: `The plugin ${plugin} does not work without ${needs.join(", ")}.`,
    hint: `Remove both: npx kitcn remove plugin ${plugin} ${needs.join(" ")}. Nothing was written.`,
  });

export const pluginsNotInList = ({
  path,
  plugins,
}: {
  path: string;
  plugins: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "AUTH_UNKNOWN_FORM",
    message: `${path} has ${plugins.join(", ")}, but kitcn does not find it in the list of plugins.`,
    hint: "Remove it yourself, in the code that adds it, then run `npx kitcn add auth --schema --yes`. Nothing was written.",
  });

export const pluginsChanged = ({ places }: { places: readonly string[] }): CodegenError =>
  new CodegenError({
    code: "PLUGIN_CHANGED",
    message: `You changed the options of these calls:\n${indented(places)}`,
    hint: "Pass --force to remove them with their options. Nothing was written.",
  });

// Social providers.

export const providersNotRun = ({ providers }: { providers: readonly string[] }): CodegenError =>
  notRun(providers, "in socialProviders", {
    code: "changes or replaces this object",
    what: "the provider",
  });

export const providersNotInObject = ({
  path,
  providers,
}: {
  path: string;
  providers: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "AUTH_UNKNOWN_FORM",
    message: `${path} runs with ${providers.join(", ")}, but kitcn does not find it in the socialProviders.`,
    hint: "Remove it yourself, in the code that adds it. Nothing was written.",
  });

export const providersChanged = ({ places }: { places: readonly string[] }): CodegenError =>
  new CodegenError({
    code: "PROVIDER_CHANGED",
    message: `You changed the options of these providers:\n${indented(places)}`,
    hint: "Pass --force to remove them with their options. Nothing was written.",
  });

// Names.

/** `near`: names that were perhaps meant. */
export const unknownPlugin = ({
  names,
  near,
}: {
  names: readonly string[];
  near: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "UNKNOWN_PLUGIN",
    message: `kitcn does not know the plugin ${quoted(names)}.`,
    hint: `${meant(near)}\`npx kitcn add plugin --list\` shows all of them. For another one, write its call into the \`plugins\` of auth.ts, then run \`npx kitcn add auth --schema --yes\`.`,
    exitCode: 2,
  });

export const unknownProvider = ({
  names,
  near,
}: {
  names: readonly string[];
  near: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "UNKNOWN_PROVIDER",
    message: `kitcn does not know the social provider ${quoted(names)}.`,
    hint: `${meant(near)}\`npx kitcn add social --list\` shows all of them.`,
    exitCode: 2,
  });

// Options that are not written as kitcn can read them: each is one edit, and a command names all of them at once.

export const serverPluginsNotList = ({ at, lines }: ByHand): Problem => ({
  code: "AUTH_UNKNOWN_FORM",
  at,
  reason: "kitcn cannot add to the plugins: they are not written as a list.",
  lines,
});

export const socialNotObject = ({ at, lines }: ByHand): Problem => ({
  code: "AUTH_UNKNOWN_FORM",
  at,
  reason: "kitcn cannot add to socialProviders: it is not written as an object.",
  lines,
});

/** `at`: the first place. */
export const optionsReturnedTwice = ({ at, lines }: ByHand): Problem => ({
  code: "AUTH_UNKNOWN_FORM",
  at,
  reason:
    "the function that defineAuth takes returns options here and further down, and kitcn adds to a single object only. Add these lines to each object.",
  lines,
});

export const grownClientNotList = ({ at, lines }: ByHand): Problem => ({
  code: "AUTH_CLIENT_UNKNOWN_FORM",
  at,
  reason: "kitcn cannot add to the plugins of this auth client: they are not written as a list.",
  lines,
});

export const grownClientUnknown = ({ at, lines }: ByHand): Problem => ({
  code: "AUTH_CLIENT_UNKNOWN_FORM",
  at,
  reason: "kitcn does not find a single createAuthClient() with options that it can add to.",
  lines,
});

// Mails.

export const callbacksNotRun = ({ callbacks }: { callbacks: readonly string[] }): CodegenError =>
  notRun(callbacks, "in the options", {
    code: "changes or replaces these options",
    what: "the callback",
  });

/** `lines`: the first mail, as code. */
export const optionsNotObject = ({ at, lines }: ByHand): CodegenError =>
  new CodegenError({
    code: "AUTH_UNKNOWN_FORM",
    message: `${at}: its options are not an object that kitcn can add to.`,
    hint: `Have the function that you give to defineAuth return an object, then run the command again. Nothing was written. The first mail would be:\n\n${indented(lines)}`,
  });

/** `at`: the first place; `lines`: the first mail, as code. */
export const mailReturnedTwice = ({ at, lines }: ByHand): CodegenError =>
  new CodegenError({
    code: "AUTH_UNKNOWN_FORM",
    message: `${at}: the function that defineAuth takes returns options here and further down, and kitcn adds to a single object only.`,
    hint: `Have the function return one object, then run the command again. Nothing was written. The first mail would be:\n\n${indented(lines)}`,
  });

export const mailNamesTaken = ({ names }: { names: readonly string[] }): CodegenError =>
  new CodegenError({
    code: "MAIL_NAMES_TAKEN",
    message: `The functions directory already has other modules with these names: ${names.join(", ")}.`,
    hint: "Rename one of them, then run the command again. Nothing was written.",
  });

// --- internal ---

/** Whoever edits options after they are written has a last word that no edit sees. */
function notRun(
  names: readonly string[],
  where: string,
  { code, what }: { code: string; what: string },
): CodegenError {
  return new CodegenError({
    code: "AUTH_UNKNOWN_FORM",
    message: `auth.ts would run without ${names.join(", ")}, even with it ${where}.`,
    hint: `Other code in auth.ts ${code}. Find it, and add ${what} there yourself. Nothing was written.`,
  });
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

function meant(near: readonly string[]): string {
  return near.length > 0 ? `Did you mean ${near.join(", ")}? ` : "";
}
