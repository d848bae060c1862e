// Every place in Better Auth and its packages that queries the database, read from their code: each query
// must find an index in the planned tables, or stand in a list with the reason why it cannot.
import { getAuthTables } from "better-auth/db";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { planQuery, type Access } from "../../../src/query/plan.js";
import type { Operator } from "../../../src/query/where.js";
import { MATRIX } from "../../support/plugin-matrix.js";
import { clauseOf, readQuerySites, type QuerySite } from "../../support/query-sites.js";
import { REPO } from "../support/app.js";

const PACKAGES = [
  "better-auth",
  "@better-auth/api-key",
  "@better-auth/oauth-provider",
  "@better-auth/passkey",
  "@better-auth/scim",
  "@better-auth/sso",
  "@better-auth/stripe",
];

/** What an expression that names a model stands for. */
const MODELS: Readonly<Record<string, string>> = {
  API_KEY_TABLE_NAME: "apikey",
  clientModel: "oauthClient",
  "clientModel(opts)": "oauthClient",
  clientResourceModel: "oauthClientResource",
  "linkModel(opts)": "oauthClientResource",
  "resourceModel(opts)": "oauthResource",
  "opts.twoFactorTable": "twoFactor",
  twoFactorTable: "twoFactor",
  'options.schema?.oauthClient?.modelName ?? "oauthClient"': "oauthClient",
  'opts.schema?.oauthResource?.modelName ?? "oauthResource"': "oauthResource",
};

/** Models that a variable may name in a file: those of them that have the queried columns. */
const VARIABLES: readonly { readonly file: RegExp; readonly models: readonly string[] }[] = [
  {
    file: /oauth-provider.*introspect/,
    models: ["oauthAccessToken", "oauthRefreshToken", "oauthClientResource", "oauthResource"],
  },
  { file: /middlewares\/authorization/, models: ["passkey", "apikey"] },
  { file: /rate-limiter/, models: ["rateLimit"] },
  // Runs whatever condition it is given: what it is given is seen in query-flows.test.ts.
  { file: /with-hooks/, models: [] },
];

/** Conditions that are built before the call: what always holds of them. */
const BUILT: Readonly<Record<string, readonly (readonly [string, Operator?])[]>> = {
  "invitation incrementOne where": [["id"]],
  "oauthAccessToken findMany where": [["sessionId"]],
  "oauthRefreshToken findMany where": [["sessionId"]],
  "scimGroup count where": [["connectionId"]],
  "scimGroup findMany where": [["connectionId"]],
  "scimUser count where": [["connectionId"]],
  "scimUser findMany where": [["connectionId"]],
  "session deleteMany where": [["userId"]],
  "session updateMany liveSessions": [["userId"], ["expiresAt", "gt"]],
  "ssoProvider update where": [["providerId"]],
  "verification findMany where": [["identifier"]],
  "verification deleteMany ...where": [["identifier"]],
};

/** Queries of a whole table, which no index could narrow. */
const WHOLE_TABLE: Readonly<Record<string, string>> = {
  "jwks findMany": "all keys are wanted; there are a few",
  "oauthResource findMany": "an endpoint that lists all resources",
  "ssoProvider findMany": "all providers, of which it then picks by domain suffix or by access",
  "user findMany where": "admin's list-users: filter and order are the caller's",
  "user count where": "admin's list-users: filter and order are the caller's",
};

const { tables } = planTables(getAuthTables(MATRIX.all ?? {}), { placement: "app" });

type Query = Omit<QuerySite, "model"> & { readonly model: string };

const queries = PACKAGES.flatMap((name) =>
  readQuerySites(join(REPO, "node_modules"), name),
).flatMap((site) => modelsOf(site).map((model): Query => ({ ...site, model })));

test("the sources were read", () => {
  expect(queries.length).toBeGreaterThan(250);
  const models = new Set(queries.map((query) => query.model));
  expect(Object.keys(tables).filter((model) => !models.has(model))).toEqual([]);
});

describe("every query has an index", () => {
  test.each([...new Set(queries.map((query) => query.model))].sort())("%s", (model) => {
    expect(queries.filter((query) => query.model === model).flatMap(scansOf)).toEqual([]);
  });
});

test("no explanation is left over", () => {
  const used = new Set(queries.flatMap((query) => [...builtKeys(query), wholeTableKey(query)]));
  const told = [...Object.keys(WHOLE_TABLE), ...Object.keys(BUILT)];
  expect(told.filter((key) => !used.has(key))).toEqual([]);
});

function modelsOf({ at, model, where }: QuerySite): readonly string[] {
  if (typeof model === "string") return [model];
  const known = MODELS[model.spelling];
  if (known !== undefined) return [known];
  const { models } = VARIABLES.find((one) => one.file.test(at)) ?? { models: [model.spelling] };
  return models.filter((key) =>
    where.every(({ column }) => column === "id" || !tables[key] || tables[key].fields[column]),
  );
}

/** A sentence where a query reads a whole table, or sorts what it read in memory. */
function scansOf(query: Query): string[] {
  const definition = tables[query.model];
  if (!definition) return [`${query.at}: unknown model ${query.model}`];
  const built = builtKeys(query).flatMap((key) => BUILT[key] ?? []);
  const where = [...query.where, ...built.map(([column, operator]) => clauseOf(column, operator))];
  if (where.length === 0 && WHOLE_TABLE[wholeTableKey(query)] !== undefined) return [];
  const sort =
    query.sort === undefined ? undefined : ({ column: query.sort, direction: "asc" } as const);
  const plan = planQuery({ model: query.model, definition, where, sort });
  // A union of ranges is merged: what counts is that each range comes in order.
  if (plan.isSorted && !plan.accesses.some(isScan)) return [];
  const told = where.map(({ column, operator }) => `${column} ${operator ?? "eq"}`).join(", ");
  return [`${query.at}: ${query.model} by [${told}], sorted by ${query.sort ?? "nothing"}`];
}

function isScan(access: Access): boolean {
  return access.kind === "range" && access.equal.length === 0 && !access.lower && !access.upper;
}

function builtKeys({ model, method, built }: Query): string[] {
  return built.map((text) => `${model} ${method} ${text}`);
}

function wholeTableKey(query: Query): string {
  return builtKeys(query).find((key) => WHOLE_TABLE[key]) ?? `${query.model} ${query.method}`;
}
