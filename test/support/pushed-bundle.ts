// The modules of an app and of its components as the unmodified convex CLI bundles them, and what each of them loads.
// Writes only into a folder beside the app's own files.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { convexProgram } from "../../codegen/env/convex-program.js";
import { runIn } from "./packed-app.js";

export type PushedBundle = Modules & {
  /** The modules of each component, by the path of its definition. */
  readonly components: ReadonlyMap<string, Modules>;
};

/** Modules that are pushed together. */
export type Modules = {
  /** Modules that functions are in, as `generated/auth.js`. */
  readonly entries: readonly string[];
  /** How much is evaluated before a function of this module runs: it, and all it imports. In bytes. */
  readonly bytesOf: (entry: string) => number;
  /** The texts of the same modules, by path. */
  readonly closureOf: (entry: string) => ReadonlyMap<string, string>;
};

/** Bundles an app; the environment, or what is given over it, names the deployment that the CLI asks about it. */
export async function loadBundle({
  root,
  env = {},
}: {
  readonly root: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<PushedBundle> {
  const folder = join(root, ".bundle");
  mkdirSync(folder, { recursive: true });
  const program = convexProgram(join(root, "node_modules/convex/bin/main.js"));
  const command = [
    ...[process.execPath, program, "deploy", "--yes", "--typecheck", "disable"],
    ...["--push-all-modules", "--write-push-request", join(folder, "push")],
  ];
  const ran = await runIn(root, command, env);
  if (ran.code !== 0) throw new Error(`the convex CLI made no bundle\n${ran.stdout}${ran.stderr}`);
  const { appDefinition, componentDefinitions } = JSON.parse(
    readFileSync(join(folder, "push.json"), "utf8"),
  ) as PushRequest; // as that CLI writes it
  const components = componentDefinitions.map(
    ({ definitionPath, functions }) => [definitionPath, modulesOf(functions)] as const,
  );
  return { ...modulesOf(appDefinition.changedModules), components: new Map(components) };
}

// --- internal ---

type PushedModule = { readonly path: string; readonly source: string };

type PushRequest = {
  readonly appDefinition: { readonly changedModules: readonly PushedModule[] };
  readonly componentDefinitions: readonly {
    readonly definitionPath: string;
    readonly functions: readonly PushedModule[];
  }[];
};

function modulesOf(pushed: readonly PushedModule[]): Modules {
  const modules = new Map(pushed.map(({ path, source }) => [path, source]));
  const closureOf = (entry: string) => closure(modules, entry);
  return {
    entries: [...modules.keys()].filter((path) => !path.startsWith("_deps/")).sort(),
    closureOf,
    bytesOf: (entry) =>
      [...closureOf(entry).values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  };
}

/** `import()` is not followed: what is behind it is evaluated when it is called. */
function closure(modules: ReadonlyMap<string, string>, entry: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string) => {
    const text = modules.get(path);
    if (text === undefined) throw new Error(`the bundle has no module "${path}"`);
    if (found.has(path)) return;
    found.set(path, text);
    for (const specifier of staticImports(text)) visit(posix.join(dirname(path), specifier));
  };
  visit(entry);
  return found;
}

/** As esbuild prints them: at the beginning of a line, relative. */
function staticImports(text: string): string[] {
  const statement = /^(?:import|export)\s*(?:[\w*{][^"'();]*?\bfrom\s*)?"(\.[^"]+)";?/gm;
  return [...text.matchAll(statement)].map(([, specifier = ""]) => specifier);
}
