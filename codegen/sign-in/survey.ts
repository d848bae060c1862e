// What signs users in to an app today, as one report, and the workspace in which there is room for kitcn.
// Decides what is in the way; writes nothing.
import type { CodegenError } from "../errors.js";
import { signInTaken } from "../errors/sign-in.js";
import { homeOf, shortPath } from "../disk/project.js";
import { printDiff } from "../terminal/diff.js";
import { BETTER_AUTH_VERSION } from "../packages/supported.js";
import type { Shell } from "../shell/detect.js";
import { foreignRoutes } from "../shell/foreign-routes.js";
import { frontsOf } from "../shell/fronts.js";
import { isShared } from "../shell/shared-module.js";
import { findFunctionsModule } from "../workspace/find.js";
import { realChanges, type Workspace } from "../workspace/stage.js";
import { stageRaised } from "./peer/better-auth-16.js";
import { openBefore } from "./convex-auth/providers.js";
import { stageTypes } from "./peer/edit-types.js";
import { findConvexAuthLeft } from "./convex-auth/left.js";
import { stageEdits } from "./edits.js";
import { findDangling, findImports, stageUnused } from "./dangling.js";
import { isProvider, removeIdleProviders } from "./convex-auth/idle-providers.js";
import { findSignIn } from "./find.js";
import { CLERK, PEER, VENDORS } from "./common/libraries.js";
import { findServer, stageHome } from "./peer/local/home.js";
import { findLocal, goesWith, stageLocal, withLocal } from "./peer/local/leave.js";
import { outcomeOfLocal } from "./peer/local/outcomes.js";
import {
  notCarried,
  outcomeOf,
  outcomeOfLeft,
  outcomeOfVendor,
  refusalsIn,
  SHARED_PROVIDER,
} from "./outcomes.js";
import { findOwnTables } from "./peer/own-tables.js";
import { notesOfUserFields } from "./convex-auth/own-user-fields.js";
import { notesOfDates } from "./peer/returned-dates.js";
import { findSignInPaths } from "./vendors/paths.js";
import { placesToReplace, stageLeaving, vendorsIn } from "./leave.js";
import { placeOf } from "./common/places.js";
import type { Found } from "./common/types.js";

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
  /** What no edit is known for, and what kitcn cannot be put beside. */
  readonly left: readonly SignIn[];
  /** What a run that replaces leaves to the app's author, in an app that works otherwise. */
  readonly yours: readonly SignIn[];
  /** What is to be looked at once a service is replaced. */
  readonly notes: readonly string[];
};

/** What the run does that asks for the survey. */
export type SurveyOptions = {
  /** Whether the app gets kitcn's page at /auth. */
  readonly hasPage: boolean;
  /** Whether kitcn comes in the place of services; otherwise it is put beside them. */
  readonly replaces: boolean;
  /** Whether the app's schema gets the tables of Better Auth. */
  readonly hasTables: boolean;
};

/** Looks through the app. */
export async function surveySignIn(
  ws: Workspace,
  shell: Shell,
  { hasPage, replaces, hasTables }: SurveyOptions,
): Promise<Survey> {
  const places = placesOf(ws, shell, replaces);
  const found = withLocal(places.found, findLocal(ws));
  const moved = ws.fork();
  const isMoved = stageHome(moved);
  const homed = moved.fork();
  // What is edited is where the options are now.
  const { beside, found: all } = isMoved ? placesOf(moved, shell, replaces) : places;
  const stuck = isMoved ? undefined : findServer(ws)?.path;
  const local = findLocal(moved);
  const toEdit = all.filter((one) => one.module.path !== stuck && !goesWith(local, one));
  const isTaken = found.some(({ isInTheWay }) => isInTheWay);
  const leaving =
    isTaken && replaces && vendorsIn(found).length > 0
      ? await stageLeaving(moved, shell, { beside, found: toEdit, hasPage })
      : undefined;
  const edited = isTaken && !leaving ? await stageEdits(moved, shell, toEdit) : undefined;
  if (edited) removeIdleProviders(moved, shell, findSignIn(moved, shell));
  const component = isTaken ? stageLocal(moved, local, hasTables) : undefined;
  const isPeers = found.some(({ library }) => library === PEER);
  const shorten = (path: string) => shortPath(ws.project, path);
  const servers = isPeers ? findSignIn(moved, shell).filter(({ part }) => part === "server") : [];
  const stay = new Set(servers.flatMap((one) => (one.isInTheWay ? one.module.path : [])));
  if (isTaken && isPeers) {
    stageTypes(moved, shell, { stay });
    stageUnused(moved, shell, { before: ws, library: PEER, stay });
  }
  const raised = isTaken && isPeers ? stageRaised(moved, shell, shorten) : undefined;
  const still = findSignIn(moved, shell);
  const left = [
    ...all.filter(({ module, part }) => module.path === stuck && part === "server"),
    ...(component?.left ?? []),
    ...(isPeers && isTaken && hasTables ? findOwnTables(homed) : []),
    ...(isPeers ? ownRoutes(moved, shell, all) : []),
    ...still.filter(({ isInTheWay }) => isInTheWay),
    ...findDangling(moved, shell, { before: ws, homed }),
    // It does not install beside the better-auth that kitcn needs.
    ...(isPeers ? findImports(moved, shell, PEER) : []).filter(
      ({ module }) => !stay.has(module.path),
    ),
    ...(raised?.left ?? []),
  ];
  // A provider that stays for the sake of others goes by itself once these are written.
  const isForAuthor = ({ part }: Found) =>
    part !== "provider" || leaving?.left.every((one) => one.part === "provider");
  const paths = leaving?.paths ?? findSignInPaths(ws, shell, { found, hasPage });
  const read = openBefore(moved);
  const isMiddlewareGone = found.some(isMiddleware) && !leaving?.left.some(isMiddleware);
  const home = isMoved ? findFunctionsModule(homed, "auth") : undefined;
  const outcomeIn = (one: Found) => {
    const isUse = one.library === PEER && one.part === "use";
    if (isUse && edited && !isDone(one, { done: edited.done, ...(home && { home }) }))
      return outcomeOfLeft(one, paths, read);
    if (isProvider(one) && !moved.has(one.module.path)) return WITH_PROVIDERS;
    if (!leaving || !one.library.vendor) return outcomeOf(one, paths);
    return outcomeOfVendor(one, {
      page: leaving.outcomes.get(one),
      isLeft: leaving.left.some((other) => isSame(one, other)),
      paths,
    });
  };
  return {
    found: found.map((one) => reported(ws, one, outcomeIn(one))),
    isTaken,
    moved,
    left: left.flatMap((one) => [
      reported(moved, one, outcomeOfLeft(one, paths, read)),
      ...refusalsIn(one, read).flatMap(({ at, instead }): SignIn[] =>
        at && instead !== undefined
          ? [
              {
                ...placeOf(moved, at),
                library: one.library.name,
                name: at.name,
                becomes: notCarried(instead),
                isInTheWay: true,
              },
            ]
          : [],
      ),
    ]),
    yours: [
      ...(replaces && !leaving ? findConvexAuthLeft(moved, shell, still) : []).map((one) =>
        reported(moved, one, outcomeOf(one, paths)),
      ),
      ...(component?.yours ?? []).map((one) => reported(moved, one, outcomeOfLocal(one))),
      ...(leaving?.left ?? []).filter(isForAuthor).map((one) => {
        const outcome = outcomeOfVendor(one, { page: undefined, isLeft: true, paths });
        const throws = isMiddlewareGone && needsClerk(one);
        return reported(moved, one, throws ? `${outcome} ${THROWS}` : outcome);
      }),
    ],
    notes: [
      ...(edited?.notes ?? []),
      ...(component?.notes ?? []),
      ...(raised?.notes ?? []),
      ...(isTaken && isPeers ? notesOfDates(moved, shell) : []),
      ...(leaving?.notes ?? []),
      ...(isTaken && hasTables ? notesOfUserFields(ws, found) : []),
    ],
  };
}

/** Routes with code of their owner that do not answer with kitcn's handlers after the edits. */
function ownRoutes(moved: Workspace, shell: Shell, found: readonly Found[]): Found[] {
  const foreign = foreignRoutes(moved, shell);
  return found.filter(
    (one) =>
      one.part === "route" && one.node.type === "Program" && foreign.includes(one.module.path),
  );
}

/** The places of an app, as a run sees them that replaces or does not. */
function placesOf(ws: Workspace, shell: Shell, replaces: boolean) {
  const beside = findSignIn(ws, shell);
  return { beside, found: replaces ? placesToReplace(ws, shell, beside) : beside };
}

/** The same for every front end of the app, one after the other: what one leaves behind, the next one sees. */
export async function surveyApp(ws: Workspace, options: SurveyOptions): Promise<Survey> {
  let whole: Survey = { found: [], isTaken: false, moved: ws, left: [], yours: [], notes: [] };
  for (const front of frontsOf(ws)) {
    const next = await surveySignIn(whole.moved.at(front.ws.project), front.shell, options);
    whole = {
      found: withoutTwins([...whole.found, ...next.found]),
      isTaken: whole.isTaken || next.isTaken,
      moved: next.moved,
      left: withoutTwins([...whole.left, ...next.left]),
      yours: withoutTwins([...whole.yours, ...next.yours]),
      notes: [...new Set([...whole.notes, ...next.notes])],
    };
  }
  return { ...whole, moved: whole.moved.at(ws.project) };
}

/** The refusal: everything that was found, at once, and every edit as a patch. */
export function refuseSignIn(
  ws: Workspace,
  { found, moved, left }: Survey,
  refusals: readonly CodegenError[],
): CodegenError {
  // What is said of a file that its owner changes first is said of a file that is no more.
  const others = refusals.filter(({ message }) => !left.some(({ file }) => message.includes(file)));
  const diff = printDiff(realChanges(moved), { root: homeOf(ws.project) });
  const usesPeer = found.some(({ library }) => library === PEER.name);
  // What to do comes last, so that it is in sight: the edits of an app can be hundreds of lines.
  const steps = [
    left.length > 0 && diff !== "" ? yoursBelow(left.length) : "",
    diff === "" ? "" : handEdits(diff),
    usesPeer ? REMOVE_PEER : "",
    ...others.map(({ message, hint }) => `${message}\n${hint}`),
    left.length === 0 && diff !== "" ? replaceHint(found) : "",
    left.length > 0 ? `Change these yourself first:\n${printFound(left)}` : "",
  ];
  return signInTaken({
    libraries: [...new Set(found.filter(isTaken).map(({ library }) => library))],
    found: printFound(found),
    steps: steps.filter((step) => step !== ""),
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
const REMOVE_PEER = `Export the rows (npx convex export --path backup.zip), uninstall ${PEER.name}, then install better-auth@${BETTER_AUTH_VERSION}: npm does not install both.`;

/** Of an app whose author changes code first: that the list is at the end. */
function yoursBelow(count: number): string {
  return count === 1
    ? "You have to change one place yourself first. The end of this output lists it."
    : `You have to change ${count} places yourself first. The end of this output lists them.`;
}

function handEdits(diff: string): string {
  return `Make these edits by hand, or save them to a file and run \`git apply <file>\`:\n\n${diff}`;
}

/** A service can stay beside kitcn for a while; what the libraries do, kitcn does. */
function replaceHint(found: readonly SignIn[]): string {
  const services = VENDORS.filter(({ name }) => found.some(({ library }) => library === name));
  const names = services.map(({ name }) => name).join(" and ");
  return names === ""
    ? "`npx kitcn add auth --replace --yes` makes the edits above and adds kitcn. With --dry-run instead of --yes, it only shows the changes."
    : `\`npx kitcn add auth --replace --yes\` removes ${names} and adds kitcn. With --dry-run instead of --yes, it only shows the changes. The edits above keep ${names} and add kitcn beside it.`;
}

/** Functions and shared packages are seen from every front end. */
function withoutTwins(found: readonly SignIn[]): SignIn[] {
  const places = new Map(found.map((one) => [`${one.file}:${one.line} ${one.name}`, one]));
  return [...places.values()];
}

const isTaken = ({ isInTheWay }: SignIn) => isInTheWay;

const isMiddleware = ({ part, library }: Found) => part === "middleware" && library === CLERK;

/** True for what Clerk's package gives Next's server. */
const needsClerk = ({ library, name }: Found) =>
  library === CLERK && /^(auth|auth\.protect|currentUser)$/.test(name);

const WITH_PROVIDERS = "is removed with the list of providers, which it was made for.";

const THROWS = "Until then it throws, because it needs Clerk's middleware, which is gone.";

/** True for a place that is edited, where its code is now. */
function isDone(one: Found, { done, home }: { done: ReadonlySet<Found>; home?: string }): boolean {
  if (done.has(one) || home === undefined) return done.has(one);
  const lineOf = ({ module, node }: Found) =>
    module.text.split("\n")[(node.loc?.start.line ?? 1) - 1]?.trim();
  return [...done].some(
    (other) =>
      [one.module.path, home].includes(other.module.path) &&
      other.name === one.name &&
      lineOf(other) === lineOf(one),
  );
}

/** True for one place, before and after the edits of its module. */
function isSame(one: Found, other: Found): boolean {
  return one.module.path === other.module.path && one.name === other.name;
}

function reported(ws: Workspace, found: Found, becomes: string): SignIn {
  const { library, name, part, isInTheWay } = found;
  const isOfAll = part === "provider" && isInTheWay && isShared(ws, found.module.path);
  const shown = { name, becomes: isOfAll ? SHARED_PROVIDER : becomes, isInTheWay };
  return { ...placeOf(ws, found), library: library.name, ...shown };
}
