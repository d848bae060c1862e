// What kitcn tells the owner of an app to write, done to the letter: each piece of code of each sentence is a module of
// an app that has kitcn, with the imports that the sentence names. Writes the app; the compiler is the test's business.
import { expect } from "vitest";
import { INSTEAD, WITHOUT_PAGE } from "../../../../codegen/sign-in/instead.js";
import { cliApp } from "../../support/cli.js";
import { COMPILED } from "../../support/front-end.js";
import { CONVEX_GENERATED } from "../../support/type-check.js";
import { NEXT_TYPES } from "./types.js";

const AUTH = `import { organization } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig, jwks: process.env.JWKS }), organization()],
}));
`;

const CLIENT = `"use client";
import { organizationClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { convexClient } from "kitcn/auth/client";

export const authClient = createAuthClient({ plugins: [convexClient(), organizationClient()] });
`;

const USERS = `import { query } from "./_generated/server";

export const me = query({ args: {}, handler: () => null });
`;

const API = `import type { AuthComponent } from "kitcn/auth/runtime";
import type { ApiFromModules } from "convex/server";
export declare const api: ApiFromModules<{ users: typeof import("../users") }>;
export declare const components: { auth: AuthComponent };
`;

/** An app with kitcn, and a module for each sentence that has code. Returns their paths. */
export async function writeInstead(): Promise<string[]> {
  const generated = Object.entries(CONVEX_GENERATED).map(([path, text]) => [
    `convex/${path}`,
    text,
  ]);
  const made = cliApp("next", {
    ...COMPILED,
    files: {
      ...NEXT_TYPES,
      ...(Object.fromEntries(generated) as Record<string, string>), // pairs of path and text
      "convex/auth.ts": AUTH,
      "convex/_generated/api.d.ts": API,
      "convex/users.ts": USERS,
      "lib/auth-client.ts": CLIENT,
    },
  });
  const added = await made.kitcn("add", "auth", "--yes", "--no-install");
  expect(added, added.stdout + added.stderr).toMatchObject({ code: 0 });
  return [...Object.entries(INSTEAD), ...Object.entries(WITHOUT_PAGE)].flatMap(
    ([name, text], at) => {
      if (!text.includes("`")) return [];
      const path = `instead/place-${at}.tsx`;
      made.write(path, `// ${name}\n${moduleOf(text)}`);
      return [made.path(path)];
    },
  );
}

// --- internal ---

/** Names that the app has without being told where. */
const OWN: Readonly<Record<string, string>> = {
  authClient: "../lib/auth-client",
  api: "../convex/_generated/api",
};

/** Each piece of code of a sentence in a component of its own. */
function moduleOf(text: string): string {
  const pieces = [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
  const imports = new Map(Object.entries(OWN).filter(([name]) => has(pieces, name)));
  // "`a()` or `b()` of module", "with a of module and b of module"
  const plain = text.replace(/`(?:await )?<?([A-Za-z]*)[^`]*`/g, "$1");
  for (const part of plain.split(/, | and |; /)) {
    const source = /.* of ((?:kitcn|convex|lib|next)\/[\w/-]+)/.exec(part)?.[1];
    if (source === undefined) continue;
    const from = source.startsWith("lib/") ? `../${source}` : source;
    for (const [name] of part.matchAll(/\w+/g)) if (has(pieces, name)) imports.set(name, from);
  }
  const lines = [...imports].map(([name, source]) => `import { ${name} } from "${source}";`);
  const parts = pieces.map((code, at) => {
    const body = /^<(\w+)>$/.test(code)
      ? `return ${code}<p />${code.replace("<", "</")};`
      : /^if /.test(code)
        ? `${code};`
        : `void (${code});`;
    return `export async function Part${at}() {\n  ${body}\n  return null;\n}`;
  });
  return `import type { QueryCtx } from "../convex/_generated/server";
import type { NextRequest } from "next/server";
${lines.join("\n")}

declare const ctx: QueryCtx;
declare const request: NextRequest;
declare const name: string;
declare const email: string;
declare const password: string;
declare const id: string;
declare function isClosed(request: NextRequest): boolean;

${parts.join("\n\n")}
`;
}

function has(pieces: readonly string[], name: string): boolean {
  const mention = new RegExp(`(?<![.\\w])${name}\\b`);
  return pieces.some((code) => mention.test(code.replace(/"[^"]*"/g, "")));
}
