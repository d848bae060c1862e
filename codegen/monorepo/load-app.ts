// Finds the app that a command works on, in whichever package of a repository it is started: the backend, and the
// packages whose front ends use it. Reads; writes nothing.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { assertConvex, declaredSpec, loadFolder, scriptOf } from "../disk/project.js";
import type { CodegenError } from "../errors.js";
import { backendUnlinked, backendUnnamed, severalBackends } from "../errors/monorepo.js";
import { detectShell } from "../shell/detect.js";
import type { Project } from "../types.js";
import { openWorkspace } from "../workspace/stage.js";
import { closureOf, dependenciesOf, importsFrom, nameOf } from "./links.js";
import { loadRepo, type Repo } from "./load-repo.js";

/**
 * Loads the app around a folder. In a repository of several packages it is the backend: the package of this folder if
 * it has Convex functions, else the backend that it depends on, else the only backend of the repository. Its `fronts`
 * are the packages with a front end that uses it.
 *
 * @throws CodegenError those of loadProject and loadRepo; `SEVERAL_BACKENDS`, `BACKEND_UNLINKED`
 * @example
 * (await loadApp("/repo/apps/web")).root; // "/repo/packages/backend"
 */
export async function loadApp(cwd: string): Promise<Project> {
  const start = loadFolder(cwd);
  const repo = loadRepo(start.root, start);
  if (!repo) return assertConvex(start);
  const here = repo.members.find(({ root }) => root === start.root) ?? start;
  const backend = hasBackend(repo, here, "named") ? here : chooseBackend(repo, here);
  if (!backend) return assertConvex(start);
  const fronts = frontsOf(repo, backend);
  // No other package has a front end for it: the same as a repository of one package.
  if (fronts.length === 0 && backend === here) return backend;
  return {
    ...backend,
    home: repo.root,
    fronts: fronts.map((front) => ({
      ...front,
      functionsDir: backend.functionsDir,
      backend,
      home: repo.root,
    })),
  };
}

/** The same, after a run has changed the packages of an app. What was there before is `former`. */
export async function reloadApp(cwd: string, former: Project): Promise<Project> {
  const { fronts, ...app } = await loadApp(cwd);
  const known = (one: Project) => ({ ...one, former });
  if (!fronts) return known(app);
  return {
    ...known(app),
    fronts: fronts.map((one) => (one.backend ? { ...one, backend: known(one.backend) } : one)),
  };
}

// --- internal ---

const MARKS = ["schema.ts", "schema.js", "_generated"];

const MODULE = /\.[cm]?[jt]sx?$/;

/**
 * True for a package with Convex functions. With `named`, an empty folder of the right name is enough: somebody created
 * it in the package where the command is started.
 */
function hasBackend(repo: Repo, project: Project, want: "functions" | "named"): boolean {
  const { root, functionsDir } = project;
  const isConvexApp = [project, ...repo.members.slice(0, 1)].some(
    (one) => declaredSpec(one, "convex") !== undefined,
  );
  if (!isConvexApp) return false;
  const isNamed = existsSync(join(root, "convex.json"));
  if (!statSync(functionsDir, { throwIfNoEntry: false })?.isDirectory()) return isNamed;
  // The folder `convex` of a repository may itself be a package.
  const isPackage = repo.members.some((one) => one !== project && one.root === functionsDir);
  if (isPackage) return isNamed;
  if (isNamed || want === "named") return true;
  const names = readdirSync(functionsDir);
  return names.some((name) => MARKS.includes(name) || MODULE.test(name));
}

function chooseBackend(repo: Repo, here: Project): Project | undefined {
  const all = repo.members.filter((one) => hasBackend(repo, one, "functions"));
  const used = usedBackends(repo, here, all);
  const [backend, ...others] = used.length > 0 ? used : all;
  if (!backend) return undefined;
  if (others.length > 0) throw tooManyBackends(repo, here.root, [backend, ...others]);
  // A front end that nothing connects to the backend may need a different one.
  const isRoot = here.root === repo.root;
  if (used.length === 0 && !isRoot && declaredSpec(here, "convex") !== undefined && hasFront(here))
    throw unlinked(repo, here, backend);
  return backend;
}

function usedBackends(repo: Repo, here: Project, all: readonly Project[]): readonly Project[] {
  const direct = dependenciesOf(repo, here);
  const near = all.filter((one) => direct.includes(one));
  if (near.length > 0) return near;
  const imported = all.filter(({ functionsDir }) => importsFrom(repo, here, functionsDir));
  if (imported.length > 0) return imported;
  const closure = closureOf(repo, here);
  return all.filter((one) => closure.includes(one));
}

/** The packages with a front end that uses a backend. One with a usual name of a main front end comes first. */
function frontsOf(repo: Repo, backend: Project): readonly Project[] {
  const fronts = repo.members.filter(
    (one) =>
      one !== backend &&
      !hasBackend(repo, one, "functions") &&
      hasFront(one) &&
      uses(repo, one, backend),
  );
  const rank = ({ root }: Project) => (MAIN.test(basename(root)) ? 0 : 1);
  return fronts.sort((a, b) => rank(a) - rank(b));
}

const MAIN = /^(web|app|www|site|frontend|client)$/;

/** A front end that reaches the backend only through another package uses it only if it depends on convex itself. */
function uses(repo: Repo, project: Project, backend: Project): boolean {
  if (dependenciesOf(repo, project).includes(backend)) return true;
  if (importsFrom(repo, project, backend.functionsDir)) return true;
  return (
    declaredSpec(project, "convex") !== undefined && closureOf(repo, project).includes(backend)
  );
}

/** Shared components need packages of a front end, too, but nobody serves them. */
function hasFront(project: Project): boolean {
  const shell = detectShell(openWorkspace(project));
  return shell.kind !== "none" || (shell.found !== undefined && isServed(project));
}

function isServed(project: Project): boolean {
  return (
    PAGES.some((path) => existsSync(join(project.root, path))) ||
    ["dev", "start"].some((name) => SERVERS.test(scriptOf(project, name) ?? ""))
  );
}

const PAGES = [
  ...["index.html", "public/index.html", "src/index.html"],
  ...["app", "pages", "src/app", "src/pages", "src/routes"],
] as const;

/** Commands that serve a front end. `vite build --watch` builds a library. */
const SERVERS =
  /\b(vite(?! build)|next|astro|gatsby|react-router|remix|vinxi|nuxt|nuxi|ng|expo|react-native|react-scripts)\b(?!-)/;

function labelOf({ root }: Repo, project: Project): string {
  return relative(root, project.root).split(sep).join("/") || ".";
}

function tooManyBackends(repo: Repo, here: string, backends: readonly Project[]): CodegenError {
  return severalBackends({
    backends: backends.map((one) => labelOf(repo, one)),
    folders: backends.map(({ root }) => relative(here, root)),
  });
}

function unlinked(repo: Repo, here: Project, backend: Project): CodegenError {
  const said = {
    front: labelOf(repo, here),
    backend: labelOf(repo, backend),
    own: relative(repo.root, here.functionsDir),
  };
  const name = nameOf(backend);
  return name === undefined ? backendUnnamed(said) : backendUnlinked({ ...said, name });
}
