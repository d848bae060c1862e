// How many bytes of code an app deploys, by Convex's bundling conditions, minified.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { build, type BuildOptions, type Metafile } from "esbuild";
import type { BenchApp } from "./apps.js";

export type Bundle = {
  readonly bytes: number;
  /** The packages that weigh most. */
  readonly packages: readonly { readonly name: string; readonly bytes: number }[];
};

/** auth.ts and http.ts with what they import; entries shared by both count once. */
export function bundleApp({ dir }: BenchApp): Promise<Bundle> {
  return bundle({ entryPoints: ["auth.ts", "http.ts"].map((file) => join(dir, "convex", file)) });
}

/** The functions and the schema of a packaged component. */
export async function bundleComponent({ dir, name }: BenchApp): Promise<Bundle> {
  const inPackage = name === "kitcn" ? "dist/src/component" : "dist/component";
  const folder = join(dir, "node_modules", name, inPackage);
  const files = (await readdir(folder)).filter(
    (file) => file.endsWith(".js") && !file.includes(".test.") && file !== "convex.config.js",
  );
  return bundle({ entryPoints: files.map((file) => join(folder, file)) });
}

/** `betterAuth` of `better-auth/minimal` and nothing else: no app with it deploys less. */
export function bundleFloor({ dir }: BenchApp): Promise<Bundle> {
  const contents = 'export { betterAuth } from "better-auth/minimal";';
  return bundle({ stdin: { contents, resolveDir: join(dir, "convex") } });
}

/** What Convex would deploy of these modules. What lies in no node_modules is named "the app". */
export async function bundle(input: Pick<BuildOptions, "entryPoints" | "stdin">): Promise<Bundle> {
  const { metafile } = await build({
    ...input,
    bundle: true,
    write: false,
    minify: true,
    splitting: true,
    // Without it esbuild would not say what came from where.
    metafile: true,
    outdir: "out",
    platform: "browser",
    format: "esm",
    target: "esnext",
    conditions: ["convex", "module"],
    external: ["node:*"],
    logLevel: "error",
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return { bytes, packages: packagesOf(metafile) };
}

// --- internal ---

function packagesOf({ outputs }: Metafile): Bundle["packages"] {
  const sums = new Map<string, number>();
  for (const { inputs } of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? "the app";
      sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
    }
  const all = [...sums].map(([name, bytes]) => ({ name, bytes }));
  return all.sort((a, b) => b.bytes - a.bytes).slice(0, 6);
}
