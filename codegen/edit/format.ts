// Formats new text, and only new text, in the app's own style: its prettier config, else its file's habits.
// Prettier is loaded on first use: a run that changes nothing never pays for it.
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { format as Format, Options, Plugin } from "prettier";
import { findPackage } from "../disk/find-package.js";
import { prettierConfig } from "../errors/modules.js";
import { timed } from "../terminal/timing.js";
import { detectEol, stripTypes, type CodeStyle } from "./index.js";

/** Formats snippets for one file. Line ends are always LF; who inserts the text converts them. */
export type Formatter = {
  /** Whole statements. No trailing newline. */
  readonly statements: (text: string) => Promise<string>;
  /** A whole file, with its trailing newline. */
  readonly file: (text: string) => Promise<string>;
  /** Members of an object literal, unindented, without trailing commas. */
  readonly members: (members: readonly string[]) => Promise<string[]>;
  /** Calls of a chain (`.index(...)`), unindented. */
  readonly calls: (calls: readonly string[]) => Promise<string[]>;
  /** One JSX expression or child, for lines that start `indent` columns to the right. Unindented. */
  readonly jsx: (text: string, indent: number) => Promise<string>;
};

/**
 * A formatter for a file of the app.
 *
 * @param style what a prettier config of the app does not say
 */
export function createFormatter({ path, style }: { path: string; style: CodeStyle }): Formatter {
  let loaded: Promise<{ options: Options; format: typeof Format }> | undefined;
  const load = () => timed("format", () => (loaded ??= loadPrettier(path, style)));
  const format = async (text: string): Promise<string> => {
    const { format: run, options } = await load();
    return timed("format", () => run(text, options));
  };
  const indentOf = async () => {
    const { options } = await load();
    return options.useTabs ? "\t" : " ".repeat(options.tabWidth ?? 2);
  };
  return {
    statements: async (text) => (await format(text)).trimEnd(),
    file: format,
    async members(members) {
      const marked = members.map((member) => `${MARK}\n${member},`).join("\n");
      const text = await format(`const _ = {\n${marked}\n};`);
      const body = text.slice(text.indexOf(MARK), text.lastIndexOf("}"));
      const parts = dedent(body, await indentOf())
        .split(MARK)
        .slice(1);
      return parts.map((part) => part.trim().replace(/,$/, ""));
    },
    async calls(calls) {
      // Two more calls in front, so that the chain breaks as a long one does.
      const chain = `const _ = defineTable({}).index("a", ["a"]).index("b", ["b"])`;
      const text = await format(`${chain}${calls.map((call) => `\n${MARK}\n${call}`).join("")};`);
      const parts = dedent(text, await indentOf())
        .split(MARK)
        .slice(1);
      return parts.map((part) => part.trim().replace(/;$/, ""));
    },
    async jsx(text, indent) {
      const { format: run, options } = await (loaded ??= loadPrettier(path, style));
      const printWidth = Math.max(40, (options.printWidth ?? 80) - indent);
      // By itself an expression container would be a block: it stands in a fragment.
      const isContainer = text.startsWith("{");
      const source = isContainer ? `<>${text}</>;` : `${text};`;
      const printed = await run(source, { ...options, semi: true, printWidth });
      const code = printed.trimEnd().replace(/;$/, "");
      if (!isContainer) return code;
      return dedent(code.slice("<>".length, -"</>".length), await indentOf()).trim();
    },
  };
}

/** The text of a new module, given in TypeScript: in the language its path says, in a style. */
export async function printModule({
  path,
  style,
  text,
}: {
  readonly path: string;
  readonly style: CodeStyle;
  readonly text: string;
}): Promise<string> {
  const code = /\.[cm]?jsx?$/.test(path) ? stripTypes(text) : text;
  const printed = await createFormatter({ path, style }).file(code);
  return printed.replaceAll("\n", style.eol);
}

/**
 * What lays out a whole file as `prettier --write` does with the app's config, without its plugins but the one that
 * reads Svelte. Undefined in an app without a config, and for a kind of file that prettier does not know.
 */
export async function appFormatter(
  path: string,
): Promise<((text: string) => Promise<string>) | undefined> {
  const { format, getFileInfo } = await import("prettier");
  const config = await loadConfig(path);
  if (config === null) return undefined;
  const plugins = path.endsWith(".svelte") ? await loadSveltePlugin(path, config) : [];
  const { inferredParser: parser } = await getFileInfo(path, { resolveConfig: false, plugins });
  if (parser === null) return undefined;
  return async (text) => {
    const options: Options = { ...config, ...OURS, plugins, parser };
    // A component's script and styles are in other languages than its own.
    if (COMPONENT.test(path)) options.embeddedLanguageFormatting = "auto";
    const printed = await format(text, options);
    return printed.replaceAll("\n", detectEol(text));
  };
}

// --- internal ---

const MARK = "// kitcn-part";

const NOT_FOUND: ReadonlySet<unknown> = new Set(["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"]);

async function loadPrettier(path: string, style: CodeStyle) {
  const { format } = await import("prettier");
  const config = await loadConfig(path);
  const options: Options = {
    singleQuote: style.quote === "'",
    semi: style.semicolons,
    trailingComma: style.trailingCommas ? "all" : "none",
    useTabs: style.indent === "\t",
    tabWidth: style.indent === "\t" ? 2 : style.indent.length,
    ...config,
    ...OURS,
    parser: "typescript",
  };
  return { format, options };
}

/** What holds in every app. Plugins reorder and rewrite; new lines need none of that. */
const OURS = {
  plugins: [],
  endOfLine: "lf",
  embeddedLanguageFormatting: "off",
} as const satisfies Options;

async function loadConfig(path: string): Promise<Options | null> {
  const { resolveConfig } = await import("prettier");
  return resolveConfig(path, { editorconfig: true }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const isMissing = NOT_FOUND.has((cause as { code?: unknown } | null)?.code); // of any shape
    throw prettierConfig({ path, reason, isMissing, cause });
  });
}

const COMPONENT = /\.(svelte|vue)$/;
const SVELTE_PLUGIN = "prettier-plugin-svelte";

/** Empty for an app that does not have it, or that has not installed it yet. */
async function loadSveltePlugin(path: string, { plugins = [] }: Options): Promise<Plugin[]> {
  const folder = plugins.includes(SVELTE_PLUGIN) && findPackage(dirname(path), SVELTE_PLUGIN);
  if (!folder) return [];
  // The type of every plugin's module.
  const plugin = (await import(createRequire(path).resolve(SVELTE_PLUGIN))) as Plugin;
  return [plugin];
}

function dedent(text: string, indent: string): string {
  return text
    .split("\n")
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join("\n");
}
