// Server modules of the templates, as an app's build has them, but with stand-ins for what the framework gives them.
// Must not know a framework, but for a name that one has for its folders.
import { resolve } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, vi, type Mock } from "vitest";

/** What a page says that any cache may keep. */
export const PUBLIC = {
  "cache-control": "public, max-age=600, s-maxage=86400",
  "cdn-cache-control": "max-age=86400",
  "vercel-cdn-cache-control": "max-age=86400",
  "surrogate-control": "max-age=86400",
};

/** What an answer says that no cache may keep. */
export const PRIVATE = { "cache-control": "private, no-store" };

/** The cookie of a signed-in user's request. */
export const SIGNED_IN = "better-auth.session_token=s";

/** Has the Convex site answer with a token in each test of the file. Returns what stands in for fetch. */
export function stubSite(): Mock<typeof fetch> {
  const send = vi.fn<typeof fetch>();
  beforeEach(() => {
    send.mockReset();
    send.mockImplementation(async () => Response.json({ token: "a.b.c" }));
    vi.stubGlobal("fetch", send);
  });
  afterEach(() => void vi.unstubAllGlobals());
  return send;
}

/** How the site answers for a session that was ended elsewhere. */
export const isOver = async (): Promise<Response> => new Response(null, { status: 401 });

/** How the site answers while it is down. */
export const isDown = async (): Promise<Response> => new Response("down", { status: 503 });

/**
 * Bundles a template with kitcn's sources, and imports it.
 *
 * @param standIns sources of the framework's modules, by their names
 */
export async function loadTemplate<Exports>(
  entry: string,
  { standIns, define = {} }: { standIns: Record<string, string>; define?: Record<string, string> },
): Promise<Exports> {
  const { outputFiles } = await build({
    entryPoints: [`templates/sites/${entry}`],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    define,
    plugins: [
      {
        name: "stand-ins",
        setup({ onResolve, onLoad }) {
          const namespace = "stand-in";
          onResolve({ filter: /^kitcn\/auth\/web$/ }, () => ({
            path: resolve("src/web/index.ts"),
          }));
          // SvelteKit's name for a folder.
          onResolve({ filter: /^\$lib\// }, ({ path }) => ({
            path: resolve("templates/sites/sveltekit/src/lib", `${path.slice("$lib/".length)}.ts`),
          }));
          onResolve({ filter: /.*/ }, ({ path }) =>
            path in standIns ? { path, namespace } : undefined,
          );
          onLoad({ filter: /.*/, namespace }, ({ path }) => ({ contents: standIns[path]! }));
        },
      },
    ],
    logLevel: "error",
  });
  const code = Buffer.from(outputFiles[0]!.contents).toString("base64");
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as Exports; // the template's
}
