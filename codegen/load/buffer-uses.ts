// Bundles auth.ts as Convex would, to find plugins that need the global Buffer. Only where something in it may:
// Better Auth's own packages do not. Reads the app; writes nothing.
import { realpathSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname, join } from "node:path";
import type * as Esbuild from "esbuild";
import { MARKER, MEMBER_MARKER, findBufferUses, type BufferUse } from "../plan/buffer-uses.js";
import { specifiersOf } from "../edit/index.js";
import { BUFFER_MODULE } from "../print/generated-auth.js";
import { packageFolder } from "../disk/project.js";
import { timed } from "../terminal/timing.js";
import type { Workspace } from "../workspace/stage.js";

/** What was found, or why nobody could look. */
export type BufferFindings =
  { readonly uses: readonly BufferUse[]; readonly imports: boolean } | { readonly failure: string };

/**
 * Looks in auth.ts, and in all that it imports, for code that needs the global Buffer.
 *
 * @param input.modules absolute paths of the app's modules that auth.ts is made of
 */
export async function loadBufferUses(
  ws: Workspace,
  input: { readonly authFile: string; readonly modules: readonly string[] },
): Promise<BufferFindings> {
  const modules = input.modules.flatMap((path) => ws.module(path) ?? []);
  const specifiers = modules.flatMap((module) => [...specifiersOf(module)]);
  const imports = specifiers.includes(BUFFER_MODULE);
  const isForeign = specifiers.some((one) => !one.startsWith(".") && !isKnown(one));
  if (!isForeign && !modules.some(({ text }) => /\bBuffer\b/.test(text)))
    return { uses: [], imports };
  const convex = packageFolder(ws.project, "convex");
  if (convex === undefined) return { failure: "convex is not installed." };
  try {
    return {
      uses: await timed("search packages for Buffer", async () =>
        findBufferUses(await bundle(ws, { authFile: input.authFile, convex })),
      ),
      imports,
    };
  } catch (error) {
    // esbuild's message begins with a count, then says what and where.
    const said = error instanceof Error ? error.message : String(error);
    const lines = said.trim().split("\n");
    const isOfNode = /^Require stack:/.test(lines[1] ?? "");
    return { failure: lines.slice(0, isOfNode ? 1 : 2).join(" ") };
  }
}

// --- internal ---

/** What every app has; none of it needs a Buffer, as the tests of the bundle with every plugin hold. */
const KNOWN =
  /^(kitcn|better-auth|better-call|@better-fetch\/fetch|convex|convex-helpers|zod|hono|@better-auth\/(core|utils|telemetry|api-key|oauth-provider|passkey|scim|sso|stripe))(\/|$)/;

function isKnown(specifier: string): boolean {
  return KNOWN.test(specifier) || isBuiltin(specifier);
}

async function bundle(
  { project, read }: Workspace,
  { authFile, convex }: { readonly authFile: string; readonly convex: string },
): Promise<string> {
  // The one that convex depends on: what it bundles is what the push will have. pnpm links to convex's folder, and has
  // esbuild beside the real one.
  const beside = createRequire(join(realpathSync(convex), "package.json"));
  const esbuild = beside("esbuild") as typeof Esbuild; // by its name
  try {
    const { outputFiles } = await esbuild.build({
      stdin: {
        contents: read(authFile) ?? "",
        sourcefile: authFile,
        resolveDir: dirname(authFile),
        loader: loaderOf(authFile),
      },
      absWorkingDir: project.root,
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      target: "esnext",
      conditions: ["convex", "module"],
      define: {
        Buffer: MARKER,
        "globalThis.Buffer": MEMBER_MARKER,
        "process.env.NODE_ENV": '"production"',
      },
      plugins: [ofTheApp(read)],
      logLevel: "silent",
    });
    return outputFiles[0]?.text ?? "";
  } finally {
    await esbuild.stop();
  }
}

/** Files as this run will leave them; what is known or not there is left out. */
function ofTheApp(read: Workspace["read"]): Esbuild.Plugin {
  return {
    name: "kitcn",
    setup(build) {
      build.onResolve({ filter: /.*/ }, async ({ path, pluginData, kind, ...rest }) => {
        if (kind === "entry-point" || pluginData === SEEN) return undefined;
        if (isKnown(path)) return { path, external: true };
        const found = await build.resolve(path, { ...rest, kind, pluginData: SEEN });
        return found.errors.length > 0 ? { path, external: true } : found;
      });
      build.onLoad({ filter: /.*/ }, ({ path }) => {
        // Pictures, WebAssembly and the like have no code.
        if (!/\.([cm]?[jt]sx?|json)$/.test(path)) return { contents: "" };
        if (/[\\/]node_modules[\\/]|\.json$/.test(path)) return undefined;
        const contents = read(path);
        return contents === undefined ? undefined : { contents, loader: loaderOf(path) };
      });
    },
  };
}

/** Marks a path that the plugin itself asked about. */
const SEEN = "kitcn";

function loaderOf(path: string): "ts" | "tsx" | "jsx" {
  const end = extname(path);
  if (end === ".tsx") return "tsx";
  return /^\.[cm]?ts$/.test(end) ? "ts" : "jsx";
}
