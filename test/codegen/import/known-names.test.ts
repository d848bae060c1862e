// Providers and roles of a source that auth.ts does not have: imported as they are, and listed.
import type { BetterAuthOptions } from "better-auth";
import { getAuthTables } from "better-auth/db";
import { admin, genericOAuth, organization } from "better-auth/plugins";
import { createAccessControl } from "better-auth/plugins/access";
import { expect, test } from "vitest";
import { knownNames } from "../../../codegen/import/known-names.js";
import { plannedReport, printImport } from "../../../codegen/import/report.js";
import { surveySource } from "../../../codegen/import/survey.js";
import type { PlannedRow } from "../../../codegen/import/types.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";

const ROWS: PlannedRow[] = [
  { model: "user", oldId: "1", fields: { email: "a@b.co", name: "A", role: "user,boss" } },
  ...["credential", "google", "okta", "samlp"].map((providerId) => ({
    ...{ model: "account", oldId: providerId, refs: { userId: { models: ["user"], oldId: "1" } } },
    fields: { providerId, accountId: "1" },
  })),
  ...["member", "Billing Admin"].map((role) => ({
    ...{ model: "member", oldId: role, fields: { role } },
    refs: {
      userId: { models: ["user"], oldId: "1" },
      organizationId: { models: ["organization"], oldId: "o" },
    },
  })),
];

async function surveyed(options: BetterAuthOptions) {
  const source = getAuthTables(options);
  const { tables } = planTables(source, { placement: "app" });
  const steps = [
    {
      name: "all",
      records: async function* () {
        yield {};
      },
      plan: () => ({ rows: ROWS }),
    },
  ];
  const fit = { tables, source, defaults: new Map<string, string>(), onRecord: () => {} };
  return surveySource(steps, { ...fit, known: knownNames(options) });
}

const google = { clientId: "a", clientSecret: "b" };
const okta = { ...google, providerId: "okta", discoveryUrl: "https://okta.example.com" };

test("what auth.ts does not have is counted, and the dry run lists it", async () => {
  const survey = await surveyed({
    socialProviders: { google },
    plugins: [genericOAuth({ config: [okta] }), organization(), admin()],
  });
  expect(survey.unknown).toEqual({
    'user.role "boss"': 1,
    'account.providerId "samlp"': 1,
    'member.role "Billing Admin"': 1,
  });
  expect(printImport(plannedReport("auth0", survey))).toContain(
    '  member.role "Billing Admin": 1 row',
  );
});

test("own roles replace those of Better Auth; roles of the database are not known", async () => {
  const ac = createAccessControl({ billing: ["read"] });
  const roles = { "Billing Admin": ac.newRole({ billing: ["read"] }) };
  const own = await surveyed({ plugins: [organization({ ac, roles })] });
  expect(Object.keys(own.unknown).filter((name) => name.startsWith("member"))).toEqual([
    'member.role "member"',
  ]);
  const dynamic = await surveyed({
    plugins: [organization({ ac, roles, dynamicAccessControl: { enabled: true } })],
  });
  expect(Object.keys(dynamic.unknown).filter((name) => name.startsWith("member"))).toEqual([]);
});
