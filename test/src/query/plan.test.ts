import { describe, expect, it } from "vitest";
import type { AuthModel } from "../../../src/metadata.js";
import { planQuery, type QueryPlan } from "../../../src/query/plan.js";
import type { Sort, Where } from "../../../src/query/where.js";

const definition: AuthModel = {
  table: "sessions",
  placement: "app",
  fields: {
    token: { column: "token", type: "string", required: true, unique: true },
    userId: { column: "user_id", type: "string", required: true },
    expiresAt: { column: "expiresAt", type: "date", required: true },
    org: { column: "org", type: "string", required: false },
    role: { column: "role", type: ["admin", "member"], required: false },
  },
  indexes: {
    by_token: ["token"],
    by_user: ["user_id", "expiresAt"],
    by_expiresAt: ["expiresAt"],
    by_org_role: ["org", "role"],
  },
  uniques: [["org", "user_id"]],
};

/** A plan in one line: each access, then what remains to do. */
function sketch(plan: QueryPlan): string {
  const accesses = plan.accesses.map((access) => {
    const filter = access.filter.map((one) => `${one.column} ${one.operator ?? "eq"}`).join(", ");
    const rest = filter === "" ? "" : ` filter(${filter})`;
    if (access.kind === "get") return `get(${access.ids.join(", ")})${rest}`;
    const parts = access.equal.map(([column, value]) => `${column}=${String(value)}`);
    const { lower, upper } = access;
    if (lower) parts.push(`${lower.column}${lower.isInclusive ? ">=" : ">"}${String(lower.value)}`);
    if (upper) parts.push(`${upper.column}${upper.isInclusive ? "<=" : "<"}${String(upper.value)}`);
    return `${access.kind} ${access.index}(${parts.join(", ")})${rest}`;
  });
  const anyOf = plan.anyOf.length > 0 ? [`any of ${plan.anyOf.length}`] : [];
  return [...accesses, ...anyOf, ...(plan.isSorted ? [] : ["sort"])].join(" | ") || "nothing";
}

const cases: { name: string; given: { where: Where; sort?: Sort }; want: string }[] = [
  {
    name: "by id",
    given: { where: [{ column: "id", value: "x" }] },
    want: "get(x)",
  },
  {
    name: "by ids, each once, the rest as a filter",
    given: {
      where: [
        { column: "id", operator: "in", value: ["x", "y", "x"] },
        { column: "org", value: "o" },
      ],
    },
    want: "get(x, y) filter(org eq)",
  },
  {
    name: "a unique column wins over another index",
    given: {
      where: [
        { column: "user_id", value: "u" },
        { column: "token", value: "t" },
      ],
    },
    want: "unique by_token(token=t) filter(user_id eq)",
  },
  {
    name: "equality first, then a range",
    given: {
      where: [
        { column: "expiresAt", operator: "gt", value: 5 },
        { column: "user_id", value: "u" },
      ],
    },
    want: "range by_user(user_id=u, expiresAt>5)",
  },
  {
    name: "an upper bound leaves null and absent out",
    given: { where: [{ column: "expiresAt", operator: "lte", value: 5 }] },
    want: "range by_expiresAt(expiresAt>null, expiresAt<=5)",
  },
  {
    name: "a range from both sides; a third bound is a filter",
    given: {
      where: [
        { column: "expiresAt", operator: "gte", value: 1 },
        { column: "expiresAt", operator: "lt", value: 9 },
        { column: "expiresAt", operator: "gt", value: 2 },
      ],
    },
    want: "range by_expiresAt(expiresAt>=1, expiresAt<9) filter(expiresAt gt)",
  },
  {
    name: "null finds absent, too",
    given: { where: [{ column: "org", value: null }] },
    want: "range by_org_role(org=undefined) | range by_org_role(org=null)",
  },
  {
    name: "in: one range for each value, and for their combinations",
    given: {
      where: [
        { column: "org", operator: "in", value: ["a", "b", "a"] },
        { column: "role", operator: "in", value: ["admin", "member"] },
      ],
    },
    want: [
      "range by_org_role(org=a, role=admin)",
      "range by_org_role(org=a, role=member)",
      "range by_org_role(org=b, role=admin)",
      "range by_org_role(org=b, role=member)",
    ].join(" | "),
  },
  {
    name: "a prefix of text",
    given: { where: [{ column: "token", operator: "starts_with", value: "ab" }] },
    want: "range by_token(token>=ab, token<ac)",
  },
  {
    name: "the order from the index",
    given: {
      where: [{ column: "user_id", value: "u" }],
      sort: { column: "expiresAt", direction: "desc" },
    },
    want: "range by_user(user_id=u)",
  },
  {
    name: "the order from an index, with nothing to filter by",
    given: { where: [], sort: { column: "expiresAt", direction: "asc" } },
    want: "range by_expiresAt()",
  },
  {
    name: "an order no index has",
    given: { where: [], sort: { column: "role", direction: "asc" } },
    want: "range by_creation_time() | sort",
  },
  {
    name: "any order of one document",
    given: {
      where: [{ column: "token", value: "t" }],
      sort: { column: "role", direction: "asc" },
    },
    want: "unique by_token(token=t)",
  },
  {
    name: "OR: a union, where each part has an index",
    given: {
      where: [
        { column: "token", value: "t", connector: "OR" },
        { column: "user_id", value: "u", connector: "OR" },
      ],
    },
    want: "unique by_token(token=t) | range by_user(user_id=u)",
  },
  {
    name: "OR: the whole table, where one part has none",
    given: {
      where: [
        { column: "token", value: "t", connector: "OR" },
        { column: "role", value: "admin", connector: "OR" },
      ],
    },
    want: "range by_creation_time() | any of 2",
  },
  {
    name: "AND and OR: the AND part's index, where the OR parts narrow no better",
    given: {
      where: [
        { column: "user_id", value: "u" },
        { column: "org", value: "a", connector: "OR" },
        { column: "org", value: "b", connector: "OR" },
      ],
    },
    want: "range by_user(user_id=u) | any of 2",
  },
  {
    name: "one OR clause is a condition like any other",
    given: { where: [{ column: "token", value: "t", connector: "OR" }] },
    want: "unique by_token(token=t)",
  },
  {
    name: "case does not matter: no index knows",
    given: { where: [{ column: "token", value: "T", mode: "insensitive" }] },
    want: "range by_creation_time() filter(token eq)",
  },
  {
    name: "a bound of another type still filters",
    given: { where: [{ column: "expiresAt", operator: "gt", value: "soon" }] },
    want: "range by_expiresAt(expiresAt>soon) filter(expiresAt gt)",
  },
  {
    name: "an empty in",
    given: { where: [{ column: "token", operator: "in", value: [] }] },
    want: "nothing",
  },
  {
    name: "a comparison with null",
    given: {
      where: [
        { column: "user_id", value: "u" },
        { column: "expiresAt", operator: "lt", value: null },
      ],
    },
    want: "nothing",
  },
  {
    name: "an empty not_in",
    given: { where: [{ column: "token", operator: "not_in", value: [] }] },
    want: "range by_creation_time()",
  },
  {
    name: "uniqueness over several columns needs all of them",
    given: {
      where: [
        { column: "org", value: "o" },
        { column: "user_id", value: "u" },
      ],
    },
    want: "range by_user(user_id=u) filter(org eq)",
  },
];

describe("planQuery", () => {
  it.each(cases)("$name", ({ given, want }) => {
    expect(sketch(planQuery({ model: "session", definition, ...given }))).toBe(want);
  });

  it("looks for a forced id in its column first, then as a document id", () => {
    const forced: AuthModel = {
      ...definition,
      forcedId: true,
      indexes: { ...definition.indexes, by_id_field: ["id"] },
    };
    const plan = planQuery({
      model: "session",
      definition: forced,
      where: [{ column: "id", value: "x" }],
    });
    expect(sketch(plan)).toBe("unique by_id_field(id=x) | get(x)");
  });

  it.each([
    {
      name: "equality, then the order",
      where: [
        { column: "role", value: "admin" },
        { column: "expiresAt", operator: "gt", value: 5 },
      ],
      sort: { column: "token", direction: "asc" },
      want: ["role", "token", "expiresAt"],
    },
    {
      name: "none, where an index exists and the rest cannot have one",
      where: [
        { column: "user_id", value: "u" },
        { column: "role", operator: "contains", value: "x" },
      ],
      want: [],
    },
    {
      name: "none for case-insensitive text",
      where: [{ column: "role", value: "ADMIN", mode: "insensitive" }],
      want: [],
    },
    {
      name: "the first of several OR clauses",
      where: [
        { column: "role", value: "admin", connector: "OR" },
        { column: "token", value: "t", connector: "OR" },
      ],
      want: ["role"],
    },
  ] as const)("wants an index: $name", ({ where, want, ...rest }) => {
    const plan = planQuery({ model: "session", definition, where, ...rest });
    expect(plan.wantedIndex).toEqual(want);
  });

  it("refuses a column the table does not have", () => {
    const where = [{ column: "userId", value: "u" }];
    expect(() => planQuery({ model: "session", definition, where })).toThrow(
      'the model "session" uses the column "userId", which table "sessions" does not have',
    );
  });

  it("keeps an `in` with too many values for ranges as a filter, sorted ones sooner", () => {
    const planOf = (length: number, sort?: Sort) => {
      const value = Array.from({ length }, (_, at) => `u${at}`);
      const where = [{ column: "user_id", operator: "in", value }] as const;
      return planQuery({ model: "session", definition, where, sort });
    };
    const sort = { column: "user_id", direction: "asc" } as const;
    expect(planOf(1000).accesses).toHaveLength(1000);
    expect(sketch(planOf(1001))).toBe("range by_creation_time() filter(user_id in)");
    expect(planOf(500, sort).accesses).toHaveLength(500);
    expect(planOf(501, sort).accesses).toHaveLength(1);
  });
});
