// What signs users in to an app today, as one report, and the workspace in which there is room for kitcn.
// Decides what is in the way; writes nothing.
import { CodegenError } from "../errors.js";
import { printDiff } from "../diff.js";
import { BETTER_AUTH_VERSION } from "../install.js";
import type { Shell } from "../shell/detect.js";
import { realChanges, type Workspace } from "../workspace/stage.js";
import { stageEdits } from "./edits.js";
import { findDangling, findImports } from "./dangling.js";
import { findSignIn, placeOf, type Found } from "./find.js";
import { PEER } from "./libraries.js";
import { outcomeOf } from "./outcomes.js";

/** One place that signs users in, or knows of them, as a report lists it. */
export type SignIn = {
  /** From the app's folder. */
  readonly file: string;
  readonly line: number;
  /** Whose it is. */
  readonly library: string;
  /** What is there, as it is imported. */
  readonly name: string;
  /** What becomes of it. */
  readonly becomes: string;
  /** True where kitcn's cannot be put beside it. */
  readonly isInTheWay: boolean;
};

/** What a survey found, and the app after the edits that make room. */
export type Survey = {
  readonly found: readonly SignIn[];
  /** True where something has to make room first. */
  readonly isTaken: boolean;
  /** The edits, staged over the app. */
  readonly moved: Workspace;
  /** What no edit is known for. */
  readonly left: readonly SignIn[];
};

/** Looks through the app. */
export async function surveySignIn(ws: Workspace, shell: Shell): Promise<Survey> {
  const found = findSignIn(ws, shell);
  const moved = ws.fork();
  if (found.some(({ isInTheWay }) => isInTheWay)) await stageEdits(moved, shell, found);
  const left = [
    ...findSignIn(moved, shell).filter(({ isInTheWay }) => isInTheWay),
    ...findDangling(moved, shell, ws),
    // It does not install beside the better-auth that kitcn needs.
    ...(found.some(({ library }) => library === PEER) ? findImports(moved, shell, PEER) : []),
  ];
  return {
    found: found.map((one) => reported(ws, one)),
    isTaken: found.some(({ isInTheWay }) => isInTheWay),
    moved,
    left: left.map((one) => reported(moved, one)),
  };
}

/** The refusal: everything that was found, at once, and every edit as a patch. */
export function signInTaken(
  ws: Workspace,
  { found, moved, left }: Survey,
  refusals: readonly CodegenError[],
): CodegenError {
  // What is said of a file that its owner changes first is said of a file that is no more.
  const others = refusals.filter(({ message }) => !left.some(({ file }) => message.includes(file)));
  const libraries = [...new Set(found.filter(isTaken).map(({ library }) => library))].join(", ");
  const diff = printDiff(realChanges(moved), ws.project);
  const usesPeer = found.some(({ library }) => library === PEER.name);
  return new CodegenError({
    code: "SIGN_IN_TAKEN",
    message: `${libraries} ${libraries.includes(",") ? "sign" : "signs"} users in to this app already:\n${printFound(found)}`,
    hint: [
      left.length > 0 ? `Change these yourself first:\n${printFound(left)}` : "",
      ...others.map(({ message, hint }) => `${message}\n${hint}`),
      left.length === 0 && diff !== ""
        ? "`kitcn add auth --replace --yes` makes the edits below and goes on; --dry-run shows all of it."
        : "",
      diff === "" ? "" : `Make these edits; \`git apply\` takes them as they are:\n\n${diff}`,
      usesPeer ? REMOVE_PEER : "",
      "Then run the command again. Nothing was written.",
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
    details: { signIn: found, left, diff },
  });
}

/** Packages that go with what `--replace` takes out. Convex Auth's stays: its tables do. */
export function replacedPackages({ found }: Survey): string[] {
  return found.some(({ library }) => library === PEER.name) ? [PEER.name] : [];
}

/** One line for each place. */
export function printFound(found: readonly SignIn[]): string {
  const places = found.map(({ file, line }) => `${file}:${line}`);
  const width = Math.max(0, ...places.map(({ length }) => length));
  return found
    .map(({ name, library, becomes }, at) => {
      const what = name === library ? name : `${name} of ${library}`;
      return `  ${(places[at] ?? "").padEnd(width)}  ${what}: ${becomes}`;
    })
    .join("\n");
}

// --- internal ---

/** It does not install beside the better-auth that kitcn needs. */
const REMOVE_PEER = `Take the rows out (npx convex export --path backup.zip), uninstall ${PEER.name} and install better-auth@${BETTER_AUTH_VERSION}: the two do not install together.`;

const isTaken = ({ isInTheWay }: SignIn) => isInTheWay;

function reported(ws: Workspace, found: Found): SignIn {
  const { library, name, isInTheWay } = found;
  const becomes = outcomeOf(found);
  return { ...placeOf(ws, found), library: library.name, name, becomes, isInTheWay };
}
