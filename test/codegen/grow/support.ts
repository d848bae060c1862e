// Apps for the tests of commands that grow an app: fixtures with auth, and every package that a plugin needs.
// Nothing is installed: packages are linked, and package.json names them.
import { PLUGINS } from "../../../codegen/catalog/plugins.js";
import { succeeded } from "../../support/commands.js";
import { cliApp, PACKAGES, type AppOptions, type CliApp } from "../support/cli.js";

export { succeeded };

/** A form of auth.ts, and what becomes of it. */
export type Case = {
  /** auth.ts */
  readonly given: string;
  readonly files?: Readonly<Record<string, string>>;
  /** What is asked for, where that is not what the suite asks for. */
  readonly names?: readonly string[];
  /** Files that change, with their whole text. */
  readonly want: Readonly<Record<string, string>>;
};

/** Plugins that an app can have. */
export const ADDABLE = PLUGINS.filter(({ refused }) => refused === undefined);

/** Names of the packages of these plugins, without ranges. */
export const PLUGIN_PACKAGES = [
  ...new Set(
    ADDABLE.flatMap(({ packages = [], onPages = [] }) =>
      [...packages, ...onPages].map((one) => one.split(/(?<=.)@/)[0]!),
    ),
  ),
];

/** A fixture after `kitcn add auth`. */
export async function appWithAuth(
  fixture: string,
  { packages = [], flags = [], ...options }: AppOptions & { flags?: readonly string[] } = {},
): Promise<CliApp> {
  const all = [...packages, ...PLUGIN_PACKAGES];
  const app = cliApp(fixture, { ...options, packages: [...PACKAGES, ...all] });
  const manifest = JSON.parse(app.read("package.json")) as { dependencies: object };
  const named = Object.fromEntries(all.map((name) => [name, "*"]));
  const dependencies = { ...manifest.dependencies, ...named };
  app.write("package.json", JSON.stringify({ ...manifest, dependencies }, null, 2));
  succeeded(await app.kitcn("add", "auth", "--yes", ...flags));
  return app;
}
