// The providers and roles that auth.ts knows. A source may have others: those are stored as they are, and listed.
// Pure.
import type { ImportRow } from "../../src/import/types.js";
import type { AuthTables } from "../../src/metadata.js";
import type { SourceOptions } from "./types.js";
import { pluginOf, valueAt } from "../load/options.js";

/** Known values by `model.field`; a field that the database may have others for is left out. */
export type KnownNames = ReadonlyMap<string, ReadonlySet<string>>;

/** What the options of auth.ts say. */
export function knownNames(options: object): KnownNames {
  const known = new Map<string, ReadonlySet<string>>();
  if (!pluginOf(options, "sso")) known.set("account.providerId", new Set(providersOf(options)));
  const organization = valueAt(pluginOf(options, "organization"), "options");
  const isDynamic = valueAt(valueAt(organization, "dynamicAccessControl"), "enabled") === true;
  if (!isDynamic)
    for (const model of ["member", "invitation"])
      known.set(`${model}.role`, rolesOf(organization, ["owner", "admin", "member"]));
  const admin = pluginOf(options, "admin");
  if (admin) known.set("user.role", rolesOf(valueAt(admin, "options"), ["admin", "user"]));
  return known;
}

/** `user.additionalFields` of the options. */
export function additionalFields(options: object): NonNullable<SourceOptions["additional"]> {
  const fields = Object.entries(valueAt(valueAt(options, "user"), "additionalFields") ?? {});
  return Object.fromEntries(
    fields.map(([name, field]) => [name, { input: valueAt(field, "input") !== false }]),
  );
}

/** What of a row auth.ts does not know, as `model.field "value"`. */
export function unknownNames(
  { model, columns }: ImportRow,
  { known, tables }: { readonly known: KnownNames; readonly tables: AuthTables },
): string[] {
  return NAMED.flatMap((name) => {
    const field = name.startsWith(`${model}.`) ? name.slice(model.length + 1) : "";
    const names = known.get(name);
    const value = columns[tables[model]?.fields[field]?.column ?? ""];
    if (!names || typeof value !== "string") return [];
    // Several roles are one text.
    const values = field === "role" ? value.split(",").map((one) => one.trim()) : [value];
    return values.filter((one) => !names.has(one)).map((one) => `${name} "${one}"`);
  });
}

// --- internal ---

const NAMED = ["account.providerId", "member.role", "invitation.role", "user.role"] as const;

function providersOf(options: object): string[] {
  const own = valueAt(valueAt(pluginOf(options, "generic-oauth"), "options"), "config");
  const ids = Array.isArray(own) ? own.map((one: unknown) => valueAt(one, "providerId")) : [];
  return [
    ...["credential", "siwe"],
    ...Object.keys(valueAt(options, "socialProviders") ?? {}),
    ...ids.filter((id) => typeof id === "string"),
  ];
}

/** Own roles replace Better Auth's. */
function rolesOf(options: unknown, usual: readonly string[]): ReadonlySet<string> {
  const own = valueAt(options, "roles");
  return new Set(typeof own === "object" && own !== null ? Object.keys(own) : usual);
}
