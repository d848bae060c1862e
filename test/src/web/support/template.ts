// Server modules of the templates, as an app's build has them, but with stand-ins for what the framework gives them.
// Must not know a framework.
import { resolve } from "node:path";
import { build } from "esbuild";

/** What a page says that any cache may keep. */
export const PUBLIC = {
  "cache-control": "public, max-age=600, s-maxage=86400",
  "cdn-cache-control": "max-age=86400",
  "vercel-cdn-cache-control": "max-age=86400",
  "surrogate-control": "max-age=86400",
};

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
