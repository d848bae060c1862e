// What an auth app talks to: a mailbox that keeps the last token sent to an address, an OAuth provider and a captcha
// service whose codes can be used once, and a CRM. Counts every call. Binds to 127.0.0.1 only.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { vi } from "vitest";
import { listen } from "../../deployment/http-server.js";

export type Outside = {
  readonly url: string;
  /** The last token mailed to an address. Resolves when a mail has come. */
  readonly mailed: (to: string) => Promise<string>;
  /** The bodies of the calls of a path, the oldest first: `calls("/mail")`. */
  readonly calls: (path: string) => readonly string[];
  /** Answers calls of a path with a document; with undefined it fails. */
  readonly serve: (path: string, document: object | undefined) => void;
  /** A captcha solved by a person: a token that is accepted once. */
  readonly captcha: () => string;
  /** As if a person consented on the provider's page: a code for an account with this address. */
  readonly consent: (email: string) => string;
  /** Every access and refresh token that the provider gave out. */
  readonly providerTokens: () => readonly string[];
  readonly stop: () => Promise<void>;
};

export async function startOutside(): Promise<Outside> {
  const mails = new Map<string, string>();
  const captchas = new Set<string>();
  const calls = new Map<string, string[]>();
  const codes = new Map<string, string>();
  const tokens = new Map<string, string>();
  const documents = new Map<string, object | undefined>();

  const answer = (path: string, { body, bearer }: { body: string; bearer: string }) => {
    calls.set(path, [...(calls.get(path) ?? []), body]);
    switch (path) {
      case "/crm":
      case "/lead":
        return {};
      case "/siteverify": {
        const { response } = JSON.parse(body) as { response: string };
        return { success: captchas.delete(response) };
      }
      case "/mail": {
        const { to, token } = JSON.parse(body) as { to: string; token: string };
        mails.set(to, token);
        return {};
      }
      case "/token": {
        const form = new URLSearchParams(body);
        const code = form.get("code") ?? form.get("refresh_token") ?? "";
        const email = codes.get(code);
        if (!email) return undefined;
        codes.delete(code);
        const [access_token, refresh_token] = [newToken(), newToken()];
        tokens.set(access_token, email);
        codes.set(refresh_token, email);
        return { access_token, refresh_token, token_type: "Bearer", expires_in: 3600 };
      }
      case "/userinfo": {
        const email = tokens.get(bearer);
        return email && { sub: `id-of-${email}`, id: `id-of-${email}`, email, name: email };
      }
      default:
        return documents.get(path);
    }
  };

  const server = createServer((request, response) => {
    const work = async () => {
      const bearer = (request.headers.authorization ?? "").replace(/^Bearer /, "");
      const json = answer(request.url ?? "", { body: await textOf(request), bearer });
      // A connection that is kept may end just when the next request is sent on it.
      response.writeHead(json ? 200 : 400, {
        "content-type": "application/json",
        connection: "close",
      });
      response.end(JSON.stringify(json ?? { error: "invalid_grant" }));
    };
    work().catch((error: Error) => response.writeHead(500).end(error.message));
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  return {
    url,
    mailed: (to) =>
      vi.waitFor(
        () => {
          const token = mails.get(to);
          if (token === undefined) throw new Error(`Nothing was mailed to ${to}.`);
          return token;
        },
        { timeout: 60_000 },
      ),
    calls: (path) => calls.get(path) ?? [],
    serve: (path, document) => void documents.set(path, document),
    providerTokens: () => [...tokens.keys(), ...codes.keys()],
    captcha: () => {
      const token = randomBytes(8).toString("hex");
      captchas.add(token);
      return token;
    },
    consent: (email) => {
      const code = randomBytes(8).toString("hex");
      codes.set(code, email);
      return code;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

// --- internal ---

function newToken(): string {
  return randomBytes(16).toString("hex");
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // http gives Buffers where no encoding is set
  return Buffer.concat(chunks).toString("utf8");
}
