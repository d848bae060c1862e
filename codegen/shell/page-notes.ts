// Tells which parts a changed page lacks, and which parts it shows without a feature. Reads modules; stages nothing.
import { shortPath } from "../disk/project.js";
import { specifiersOf, type Module } from "../edit/index.js";
import { partsExpoLacks } from "../page/features.js";
import { AUTH_PAGE, SIGN_FORM, filesFor, type PageFile } from "../page/files.js";
import { specifierOf } from "./front.js";
import { pagePath, pagesOf, type PageFront } from "./page-paths.js";

/** A file that shows parts, and that somebody changed. */
export type ChangedPage = { readonly file: PageFile; readonly module: Module };

/** Sentences about the parts to add to a changed page, and those to remove. */
export function changedNotes(
  front: PageFront,
  { file: page, module }: ChangedPage,
  left: readonly PageFile[],
): string[] {
  const missing = filesFor(front.features, pagesOf(front)).filter(
    (file) =>
      file.shown &&
      (file.shown.when === undefined || front.features.has(file.shown.when)) &&
      placeOf(front, file.shown.in) === page.path &&
      front.ws.has(pagePath(front, file)) &&
      !importsPart(module, file),
  );
  const lines = [
    ...missing.map((file) => {
      const from = specifierOf(front, module.path, pagePath(front, file));
      return `  import { ${nameOf(file)} } from ${JSON.stringify(from)};`;
    }),
    ...missing.flatMap((file) => linesOf(file, module)).map((line) => `  ${line}`),
  ];
  const gone = left.filter((file) => importsPart(module, file)).map(nameOf);
  const begin = beginOf(front, page);
  return [
    ...(missing.length > 0 ? [`${begin} Add the parts that it lacks:\n${lines.join("\n")}`] : []),
    ...(gone.length > 0
      ? [`${begin} Remove the parts that auth.ts has no plugin or option for: ${gone.join(", ")}.`]
      : []),
    ...(hidesWaysFromGuests(front, { file: page, module })
      ? [
          `${begin} Write these lines in the place of those it has, so that guests see the ways to sign up:\n${guestLines(front).join("\n")}`,
        ]
      : []),
  ];
}

/** Where to find what a part that somebody changed lacks. */
export function behindNote(front: PageFront, file: PageFile): string {
  const template = `node_modules/kitcn/templates/${file.template}`;
  return `${beginOf(front, file)} Compare it with ${template}, or undo your changes.`;
}

/** What auth.ts and the auth client have, and kitcn's page for this front end has no parts for. */
export function lackingNotes(front: PageFront): string[] {
  const lacking = front.shell.kind === "expo" ? partsExpoLacks(front.features) : [];
  if (lacking.length === 0) return [];
  const name = shortPath(front.ws.project, pagePath(front, { path: AUTH_PAGE }));
  return [
    `${name} has no parts for ${lacking.join(", ")}. Write screens that call authClient for them.`,
  ];
}

/** True for a page that imports this part. */
export function importsPart(module: Module, file: PageFile): boolean {
  return importsNamed(module, nameOf(file));
}

// --- internal ---

function importsNamed(module: Module, name: string): boolean {
  const sources = [...specifiersOf(module).keys()].map((one) => one.replace(/\.[jt]sx?$/, ""));
  return sources.some((one) => one.endsWith(`/${name}`));
}

/** True for a page to which guests are users like all others. */
function hidesWaysFromGuests({ features }: PageFront, { file, module }: ChangedPage): boolean {
  const isAsked = file.path === AUTH_PAGE && features.has("anonymous");
  return isAsked && !module.text.includes("isAnonymous");
}

/** As kitcn's own page has them. */
function guestLines({ shell }: PageFront): string[] {
  const isExpo = shell.kind === "expo";
  const text = "You are here as a guest. Create an account, or sign in.";
  const shown = isExpo ? `<Plain text="${text}" />` : `<p className={styles.notice}>${text}</p>`;
  return [
    "  const isGuest = session?.user.isAnonymous === true;",
    "  const isSignedIn = !isGuest && Boolean(session);",
    `  if (!isGuest && session${isExpo ? " && isKnown" : ""}) {`,
    `  {isGuest && ${shown}}`,
  ];
}

/** What to add to a page so that it shows the part. */
function linesOf({ shown }: PageFile, module: Module): readonly string[] {
  if (!shown) return [];
  const { line, afterForm } = shown;
  return afterForm && importsNamed(module, SIGN_FORM) ? afterForm : [line];
}

function beginOf(front: PageFront, file: PageFile): string {
  const name = shortPath(front.ws.project, pagePath(front, file));
  return `You changed ${name}, so kitcn did not edit it.`;
}

/** The page that shows a part: the auth page, if its author deleted the usual one. */
function placeOf(front: PageFront, path: string): string {
  return front.ws.has(pagePath(front, { path })) ? path : AUTH_PAGE;
}

function nameOf({ path }: PageFile): string {
  return path.replace(/^.*\//, "").replace(/\.tsx$/, "");
}
