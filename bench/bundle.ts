// How many bytes of code an app deploys, by Convex's bundling conditions, minified.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { build, type BuildOptions, type Metafile } from "esbuild";
import type { BenchApp } from "./apps.js";

export type Bundle = {
  readonly bytes: number;
  /** The packages that weigh most. */
  readonly packages: readonly Part[];
  /** Parts of other packages that most requests never use. */
  readonly idle: readonly Part[];
};

export type Part = { readonly name: string; readonly bytes: number };

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

/** The client of Better Auth with the plugin and the provider, without React and Convex's client. */
export function bundleClient({ dir, name }: BenchApp): Promise<Bundle> {
  const isOurs = name === "kitcn";
  const provider = isOurs ? "ConvexAuthProvider" : "ConvexBetterAuthProvider";
  const from = isOurs ? "kitcn/auth/client" : `${name}/react`;
  const plugins = isOurs ? "kitcn/auth/client" : `${name}/client/plugins`;
  const contents = `export { ${provider} } from "${from}";
import { createAuthClient } from "better-auth/react";
import { convexClient } from "${plugins}";
export const authClient = createAuthClient({ plugins: [convexClient()] });`;
  const external = ["react", "react/*", "convex/*"];
  return bundle({ stdin: { contents, resolveDir: dir }, external });
}

/** Better Auth's own client and nothing else: no app with it loads less. */
export function bundleClientFloor({ dir }: BenchApp): Promise<Bundle> {
  const contents = `import { createAuthClient } from "better-auth/react";
export const authClient = createAuthClient();`;
  return bundle({ stdin: { contents, resolveDir: dir }, external: ["react", "react/*"] });
}

/** What Convex would deploy of these modules. What lies in no node_modules is named "the app". */
export async function bundle({
  external = [],
  ...input
}: Pick<BuildOptions, "entryPoints" | "stdin" | "external">): Promise<Bundle> {
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
    external: ["node:*", ...external],
    logLevel: "error",
  });
  const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
  return { bytes, packages: packagesOf(metafile), idle: idleOf(metafile) };
}

// --- internal ---

function packagesOf(metafile: Metafile): Part[] {
  return sumsOf(
    metafile,
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? "the app",
  ).slice(0, 6);
}

const IDLE: readonly (readonly [name: string, path: RegExp])[] = [
  ["@better-auth/core: social providers", /\/@better-auth\/core\/.*social-providers/],
  ["zod: JSON Schema", /\/zod\/.*json-schema/],
  ["zod: languages", /\/zod\/.*\/locales\/(?!en\.)/],
  ["better-auth: error page", /\/better-auth\/.*\/routes\/error\./],
  ["@better-auth/telemetry", /\/@better-auth\/telemetry\//],
  ["memory adapter", /memory-adapter/],
];

function idleOf(metafile: Metafile): Part[] {
  return sumsOf(metafile, (path) => IDLE.find(([, pattern]) => pattern.test(path))?.[0]);
}

/** Bytes by the name that a path belongs to, the largest first. */
function sumsOf({ outputs }: Metafile, nameOf: (path: string) => string | undefined): Part[] {
  const sums = new Map<string, number>();
  for (const { inputs } of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = nameOf(path);
      if (name !== undefined) sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
    }
  return [...sums].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}
