// How much code `kitcn/auth/client` brings into a page: bundled and minified as a bundler of apps would.
// React, Convex's client and Better Auth's are the app's own, and not counted.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

test.each([
  {
    what: "the provider and its plugin",
    names: "ConvexAuthProvider, convexClient",
    kb: 9,
    gzipKb: 3.8,
  },
  { what: "all of it", names: "*", kb: 12.5, gzipKb: 5.2 },
  { what: "Convex's own client beside it", names: "*", convex: true, kb: 38.7, gzipKb: 14.7 },
])("$what is small", async ({ names, convex = false, kb, gzipKb }) => {
  const { bytes, gzipped } = await bundle(names, { convex });
  expect(bytes / 1000).toBeLessThan(kb);
  expect(gzipped / 1000).toBeLessThan(gzipKb);
});

test("kitcn/auth/react adds little to the provider, and only where it is imported", async () => {
  const provider = await bundle("ConvexAuthProvider", { convex: false });
  const both = await bundle("*", {
    convex: false,
    contents: `export { ConvexAuthProvider } from "./src/client/index.js"; export * from "./src/client/react.js";`,
  });
  expect((both.bytes - provider.bytes) / 1000).toBeLessThan(3);
  expect((both.gzipped - provider.gzipped) / 1000).toBeLessThan(1.3);
});

test("nothing of Better Auth comes with it: only the app's own client does", async () => {
  const { packages } = await bundle("*", { convex: false });
  expect(packages.filter((path) => /better-auth|better-call|zod/.test(path))).toEqual([]);
});

// --- internal ---

const THE_APPS = ["react", "react/*"];

async function bundle(
  names: string,
  {
    convex,
    contents = `export ${names === "*" ? "*" : `{ ${names} }`} from "./src/client/index.js";`,
  }: { readonly convex: boolean; readonly contents?: string },
) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { "process.env.NODE_ENV": '"production"' },
    external: convex ? THE_APPS : [...THE_APPS, "convex/*"],
    logLevel: "error",
  });
  const [file] = outputFiles;
  if (!file) throw new Error("esbuild made no file.");
  const packages = Object.keys(metafile.inputs).filter((path) => path.includes("node_modules"));
  return { bytes: file.contents.length, gzipped: gzipSync(file.contents).length, packages };
}
