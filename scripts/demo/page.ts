// Serves the demo's page on localhost and passes /api/auth on to the deployment, as a Next route would.
// Binds to 127.0.0.1 only.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { build } from "esbuild";
import type { DemoApp } from "./app.js";

export type PageOptions = {
  app: DemoApp;
  port: number;
  /** Where Convex clients connect. */
  cloudUrl: string;
  /** Where HTTP actions answer. */
  siteUrl: string;
};

export async function servePage(options: PageOptions): Promise<{ close: () => Promise<void> }> {
  const script = await bundlePage(options);
  const html = await readFile(join(options.app.dir, "web/index.html"), "utf8");
  const server = createServer((request, response) => {
    answer({ request, response, options, script, html }).catch((error: unknown) => {
      console.error(error);
      response.writeHead(502).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

// --- internal ---

/** Headers that speak of one connection and must not be passed on. */
const HOP_BY_HOP = new Set([
  "connection",
  "host",
  "keep-alive",
  "transfer-encoding",
  "content-length",
]);

async function answer({
  request,
  response,
  options,
  script,
  html,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  options: PageOptions;
  script: string;
  html: string;
}): Promise<void> {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path.startsWith("/api/auth/")) return proxy({ request, response, target: options.siteUrl });
  if (path === "/main.js") return send(response, { type: "text/javascript", body: script });
  if (path === "/auth") return send(response, { type: "text/html", body: html });
  response.writeHead(302, { location: "/auth" }).end();
}

function send(response: ServerResponse, { type, body }: { type: string; body: string }): void {
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body);
}

async function proxy({
  request,
  response,
  target,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  target: string;
}): Promise<void> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) headers.set(name, String(value));
  }
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const body = hasBody
    ? new Uint8Array(await new Response(Readable.toWeb(request) as ReadableStream).arrayBuffer())
    : null; // Node's and the web's stream types differ in name only
  const upstream = await fetch(`${target}${request.url ?? "/"}`, {
    method: request.method ?? "GET",
    headers,
    body,
    redirect: "manual",
  });
  response.statusCode = upstream.status;
  upstream.headers.forEach((value, name) => {
    if (name !== "set-cookie" && name !== "content-encoding" && !HOP_BY_HOP.has(name))
      response.setHeader(name, value);
  });
  const cookies = upstream.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.end(Buffer.from(await upstream.arrayBuffer()));
}

async function bundlePage({ app, cloudUrl }: PageOptions): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(app.dir, "web/main.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    define: { CONVEX_URL: JSON.stringify(cloudUrl) },
  });
  return outputFiles[0]?.text ?? "";
}
