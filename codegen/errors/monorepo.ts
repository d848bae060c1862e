// What kitcn says about a repository with several packages.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";
import { indented, listed } from "./words.js";

/** `backends`: packages, as the repository names their folders; `folders`: the same, from the current folder. */
export const severalBackends = ({
  backends,
  folders,
}: {
  backends: readonly string[];
  folders: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "SEVERAL_BACKENDS",
    message: `${listed(backends)} have Convex functions, so kitcn cannot tell which one you mean.`,
    hint: `Run the command in the one that you mean:\n${indented(folders.map((folder) => `cd ${folder}`))}\nNothing was written.`,
    exitCode: 2,
  });

/** `front`, `backend`: folders of packages; `name`: the backend's; `own`: the functions directory for a separate one. */
export const backendUnlinked = ({
  front,
  backend,
  name,
  own,
}: {
  front: string;
  backend: string;
  name: string;
  own: string;
}): CodegenError =>
  new CodegenError({
    code: "BACKEND_UNLINKED",
    message: unlinked(front, backend),
    hint: `Add "${name}": "workspace:*" (with npm: "*") to the dependencies of ${front}, ${elseOwn(own)}`,
  });

export const backendUnnamed = ({
  front,
  backend,
  own,
}: {
  front: string;
  backend: string;
  own: string;
}): CodegenError =>
  new CodegenError({
    code: "BACKEND_UNLINKED",
    message: unlinked(front, backend),
    hint: `Give ${backend}/package.json a name, and add that to the dependencies of ${front}, ${elseOwn(own)}`,
  });

export const invalidPnpmWorkspace = ({
  path,
  reason,
  cause,
}: {
  path: string;
  reason: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "INVALID_PNPM_WORKSPACE",
    message: `${path} is not valid YAML: ${reason}`,
    hint: "Fix the file, then run the command again. Nothing was written.",
    cause,
  });

// --- internal ---

function unlinked(front: string, backend: string): string {
  return `${front} has no Convex functions, and nothing connects it to the backend in ${backend}.`;
}

function elseOwn(functionsDir: string): string {
  return `install the packages, then run the command again. If it needs a separate backend, run this at the repository's root first:\n  mkdir ${functionsDir}\nNothing was written.`;
}
