// Names that auth.ts has no longer after the move, and that other modules still take, in every form that a module can take
// a name in: the run names each place before it writes anything.
import { expect, test } from "vitest";
import { loadApp } from "../../../codegen/monorepo/load-app.js";
import { surveyApp } from "../../../codegen/sign-in/survey.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";
import { cliApp } from "../support/cli.js";

const AUTH = `import type { GenericCtx } from "@convex-dev/better-auth";
import { betterAuth } from "better-auth/minimal";
import type { DataModel } from "./_generated/dataModel";

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({ emailAndPassword: { enabled: true } });

export const LIMIT = 3;
`;

const app = cliApp("vite-convex");
const project = await loadApp(app.root);

async function leftOf(files: Readonly<Record<string, string>>) {
  const ws = openWorkspace(project);
  for (const [name, text] of Object.entries({ "convex/auth.ts": AUTH, ...files }))
    ws.stage(app.path(name), text);
  const options = { hasPage: true, replaces: true, hasTables: true };
  const { left } = await surveyApp(ws, options);
  return left.map(({ file, line, name, library }) => `${file}:${line} ${name} of ${library}`);
}

const HERE = ["convex/desk.ts:2 createAuth of @convex-dev/better-auth"];

test.each([
  ["a re-export", 'export { LIMIT } from "./auth";\nexport { createAuth } from "./auth";', HERE],
  ["a re-export by another name", '\nexport { createAuth as make } from "./auth";', HERE],
  ["a member of a namespace", 'import * as auth from "./auth";\nvoid auth.createAuth.name;', HERE],
  [
    "a namespace that is taken apart",
    'import * as auth from "./auth";\nconst { createAuth, LIMIT } = auth;\nvoid [createAuth, LIMIT];',
    HERE,
  ],
  [
    "a type of a namespace",
    'import type * as auth from "./auth";\nexport type Auth = ReturnType<typeof auth.createAuth>;',
    HERE,
  ],
  [
    "an import at run time, taken apart",
    'export const f = async () => {\nconst { createAuth } = await import("./auth");\nreturn createAuth.name; };',
    HERE,
  ],
  [
    "an import at run time, and a member",
    'export const f = async () =>\n(await import("./auth")).createAuth.name;',
    HERE,
  ],
  [
    "an import at run time that has a name",
    'export const f = async () => { const auth = await import("./auth");\nreturn auth.createAuth.name; };',
    HERE,
  ],
  [
    "an import at run time, in then()",
    'export const f = () =>\nimport("./auth").then(({ createAuth }) => createAuth.name);',
    HERE,
  ],
  [
    "an import at run time, by a name in then()",
    'export const f = () =>\nimport("./auth").then((auth) => auth.createAuth.name);',
    HERE,
  ],
  [
    "the type of an import",
    '\nexport type Auth = ReturnType<typeof import("./auth").createAuth>;',
    HERE,
  ],
  [
    "names that stay",
    'import * as auth from "./auth";\nexport { LIMIT } from "./auth";\nvoid auth.LIMIT;',
    [],
  ],
  ["all of it, which asks for no name", 'export * from "./auth";', []],
])("%s", async (_form, text, want) => {
  expect(await leftOf({ "convex/desk.ts": `${text}\n` })).toEqual(want);
});

test("what comes by `export *` is missed where it is used", async () => {
  const left = await leftOf({
    "convex/all.ts": 'export * from "./auth";\n',
    "convex/desk.ts": 'import * as all from "./all";\nvoid all.createAuth.name;\nvoid all.LIMIT;\n',
  });
  expect(left).toEqual(HERE);
});
