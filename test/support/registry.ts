// A registry of npm that has the packed kitcn, and leads to the usual registry for all else. With it, `npm install kitcn`
// of a command does what it does for users. Listens on 127.0.0.1; writes nothing.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { runIn } from "./packed-app.js";
import { packKitcn } from "./installation.js";

export type Registry = {
  /** Variables for npm and for what starts it. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
};

/**
 * Starts the registry.
 *
 * @example
 * const registry = await startRegistry();
 * await runIn(dir, ["npm", "install", "kitcn"], registry.env);
 */
export async function startRegistry(): Promise<Registry> {
  const tarball = await readFile(await packKitcn());
  const usual = (await runIn(".", ["npm", "config", "get", "registry"])).stdout.trim();
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path === TARBALL) response.writeHead(200).end(tarball);
    else if (path === "/kitcn")
      void document(`http://${request.headers.host}`, tarball).then((text) =>
        response.writeHead(200, { "content-type": "application/json" }).end(text),
      );
    else response.writeHead(302, { location: new URL(path.slice(1), usual).href }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    env: {
      npm_config_registry: `http://127.0.0.1:${port}/`,
      // Files of other packages come from where they always do.
      npm_config_replace_registry_host: "never",
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

// --- internal ---

const TARBALL = "/kitcn/-/kitcn.tgz";

async function document(url: string, tarball: Buffer): Promise<string> {
  const manifest = JSON.parse(await readFile("package.json", "utf8")) as { version: string }; // kitcn's own
  const { version } = manifest;
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const dist = { tarball: `${url}${TARBALL}`, integrity };
  return JSON.stringify({
    name: "kitcn",
    "dist-tags": { latest: version },
    versions: { [version]: { ...manifest, dist } },
  });
}
