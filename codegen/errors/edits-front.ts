// What kitcn says about files of a front end that it cannot edit; each error has the lines to write.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";
import { manualEdit, type ByHand } from "./by-hand.js";

export const clientNotExported = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_CLIENT_UNKNOWN_FORM",
    at,
    lines,
    reason: "kitcn imports `authClient` from this file, but the file does not export it.",
  });

export const clientPluginsNotList = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_CLIENT_UNKNOWN_FORM",
    at,
    lines,
    reason: "kitcn cannot add to the plugins of this auth client: they are not written as a list.",
  });

export const noReactClient = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_CLIENT_UNKNOWN_FORM",
    at,
    lines,
    reason: "kitcn does not find a single createAuthClient() of better-auth/react here.",
  });

export const expoClient = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_CLIENT_UNKNOWN_FORM",
    at,
    lines,
    reason:
      "kitcn cannot add what an Expo app needs to this auth client: it does not find a single createAuthClient() with plugins written as a list.",
  });

export const pageTaken = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_PAGE_TAKEN",
    at,
    lines,
    reason: "kitcn would create this file, but it exists already and does not export `AuthPage`.",
  });

export const uiRouteTaken = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "AUTH_PAGE_TAKEN",
    at,
    lines,
    reason:
      "Better Auth UI's views would be shown at /auth and below, but this file has a page there, which kitcn did not write.",
  });

/** `app`: in the middle of a sentence. */
export const uiUnsupported = ({ app }: { app: string }): CodegenError =>
  new CodegenError({
    code: "UI_UNSUPPORTED",
    message: `--ui better-auth-ui works with Next.js and TanStack Start, whose routers show its views; ${app} has neither.`,
    hint: "Run the command without --ui, for kitcn's own page, or with --ui none, for a page of yours. Nothing was written.",
  });

/** `lacks`: clauses about the app. `commands` add what is missing; `setUp`: where Tailwind says what is left to do. */
export const uiNeedsShadcn = (input: {
  app: string;
  folder: string;
  lacks: readonly string[];
  commands: readonly string[];
  setUp: string | undefined;
}): CodegenError =>
  new CodegenError({
    code: "UI_NEEDS_SHADCN",
    message: `Better Auth UI's views do not fit in ${input.app} yet: ${input.lacks.join("; ")}.`,
    hint: `Run these commands in ${input.folder}, then this one again:\n${input.commands.map((one) => `  ${one}`).join("\n")}${input.setUp === undefined ? "" : `\nAfter the first one, set Tailwind up as ${input.setUp} says.`}\nWithout --ui better-auth-ui, kitcn writes its own page, which needs neither. Nothing was written.`,
  });

export const serverNotHandlers = ({ at, lines, maker }: ByHand & { maker: string }): CodegenError =>
  manualEdit({
    code: "AUTH_SERVER_TAKEN",
    at,
    lines,
    reason: `kitcn would create this file, but it exists already and does not export \`handlers\` of ${maker}().`,
  });

export const serverLacks = ({ at, lines, lack }: ByHand & { lack: string }): CodegenError =>
  manualEdit({
    code: "AUTH_SERVER_TAKEN",
    at,
    lines,
    reason: `kitcn would create this file, but it exists already and does not ${lack}.`,
  });

export const noEntry = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "ENTRY_UNKNOWN_FORM",
    at,
    lines,
    reason: "kitcn does not find a single createRoot(...).render(<App />) here.",
  });

export const hookOfOwn = ({
  at,
  lines,
  name,
  uses,
}: ByHand & { name: string; uses: string }): CodegenError =>
  manualEdit({
    code: "HOOK_TAKEN",
    at,
    lines,
    reason: `this file exports its own \`${name}\`, and does not use \`${uses}\`.`,
  });

export const middlewareUnknown = ({ at, lines, uses }: ByHand & { uses: string }): CodegenError =>
  manualEdit({
    code: "HOOK_TAKEN",
    at,
    lines,
    reason: `this file does not export createMiddleware([...]), and does not use \`${uses}\`.`,
  });

export const noMiddleware = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "HOOK_TAKEN",
    at,
    lines,
    reason: "kitcn cannot read which middleware solidStart() has here, or the file does not exist.",
  });

export const nothingRendered = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "LAYOUT_UNKNOWN_FORM",
    at,
    lines,
    reason: "kitcn cannot find what the component in this file renders.",
  });

export const secondPlace = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "LAYOUT_UNKNOWN_FORM",
    at,
    lines,
    reason: "this is the second place for the page, and the provider goes around one.",
  });

export const noPlaceForProvider = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "LAYOUT_UNKNOWN_FORM",
    at,
    lines,
    reason: "kitcn does not find {children} or <Outlet /> to put the provider around.",
  });

export const scriptNotFirst = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "LAYOUT_UNKNOWN_FORM",
    at,
    lines,
    reason: "kitcn cannot edit this layout: its script is not before the markup.",
  });

export const scriptUsesName = ({ at, lines, name }: ByHand & { name: string }): CodegenError =>
  manualEdit({
    code: "LAYOUT_UNKNOWN_FORM",
    at,
    lines,
    reason: `kitcn cannot edit this layout: its script uses the name ${name} for something else.`,
  });

export const providerFileTaken = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "PROVIDER_FILE_TAKEN",
    at,
    lines,
    reason:
      "kitcn would create this file, but it exists already and does not render `ConvexProvider`.",
  });

export const providerTaken = ({
  at,
  lines,
  name,
  source,
}: ByHand & { name: string; source: string }): CodegenError =>
  manualEdit({
    code: "PROVIDER_TAKEN",
    at,
    lines,
    reason: `<${name}> of ${source} signs users in here already.`,
  });

export const routeTaken = ({ at, lines }: ByHand): CodegenError =>
  manualEdit({
    code: "ROUTE_TAKEN",
    at,
    lines,
    reason: "this route answers below /api/auth already.",
  });

/** A shared package cannot import the auth client of one front end, and on Next no layout can hand it over. */
export const providerShared = ({
  at,
  name,
  owner,
}: {
  at: string;
  name: string;
  owner: string;
}): CodegenError =>
  new CodegenError({
    code: "PROVIDER_SHARED",
    message: `${at}: ${owner} uses the <${name}> of another package, but each front end has its own auth client.`,
    hint: `Take <${name}> out of this file, keep what is between its tags, and remove it from the imports. Then run the command again: kitcn writes a provider into each front end. Nothing was written.`,
  });
