// A server in front of a Convex site that counts what an app's own server asks it for.
// Must not change requests or answers.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type CountingSite = {
  readonly url: string;
  /** Method and path of each request since the last call of `clear`, in order. */
  readonly requests: readonly string[];
  readonly clear: () => void;
  readonly close: () => Promise<void>;
};

/** Listens on a port of its own, and forwards all requests to `siteUrl`. */
export async function startCountingSite(siteUrl: string): Promise<CountingSite> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method = "GET", url = "/" } = request;
    requests.push(`${method} ${url.split("?")[0]}`);
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void forward(Buffer.concat(chunks)));

    const forward = async (body: Buffer) => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers))
        if (typeof value === "string" && !/^(host|connection|content-length)$/.test(name))
          headers.set(name, value);
      try {
        const answer = await fetch(new URL(url, siteUrl), {
          method,
          headers,
          redirect: "manual",
          ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
        });
        const cookies = answer.headers.getSetCookie();
        response.writeHead(answer.status, {
          "content-type": answer.headers.get("content-type") ?? "text/plain",
          ...(answer.headers.has("location") ? { location: answer.headers.get("location")! } : {}),
          ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
        });
        response.end(Buffer.from(await answer.arrayBuffer()));
      } catch {
        // The deployment has ended.
        response.writeHead(502).end();
      }
    };
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo; // it listens at a port
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    clear: () => void requests.splice(0),
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
