// What the same look-ups read while their tables grow: flat, or not.
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import type { BenchApp } from "./apps.js";
import { costOf, createBrowser, type Cost } from "./operations.js";

/** Costs by number of rows in the tables. */
export type Curve = Readonly<Record<number, Readonly<Record<string, Cost>>>>;

const eve = { name: "Eve", email: "eve@example.com", password: "correct horse battery" };

/** Grows the tables of users and sessions, and measures at each size. */
export async function measureSessions(app: BenchApp, sizes: readonly number[]): Promise<Curve> {
  const browser = createBrowser(app);
  await browser("/sign-up/email", eve);
  return grow(app, {
    sizes,
    add: (range) => mutate(app, "seed:rows", range),
    measure: async () => {
      const signIn = await costOf(app, () => browser("/sign-in/email", eve));
      const list = await costOf(app, () => browser("/list-sessions"));
      // Else each measurement would leave Eve one more session to list.
      await browser("/sign-out", {});
      return { "sign-in": signIn.cost, "list-sessions": list.cost };
    },
  });
}

/** Grows the members of one organization; the look-up is that of a permission check. */
export async function measureMembers(app: BenchApp, sizes: readonly number[]): Promise<Curve> {
  const browser = createBrowser(app);
  await browser("/sign-in/email", eve);
  const { id } = (await browser("/organization/create", { name: "Acme", slug: "acme" })) as {
    id: string;
  };
  const body = { permissions: { invitation: ["create"] } };
  return grow(app, {
    sizes,
    add: (range) => mutate(app, "members:rows", { ...range, organizationId: id }),
    measure: async () => {
      const check = () => browser("/organization/has-permission", body);
      const { cost, data } = await costOf(app, check);
      if (!(data as { success?: boolean }).success) throw new Error("Eve is not a member");
      return { "member look-up": cost };
    },
  });
}

// --- internal ---

/** Small enough for one mutation: each row of the peer is two mutations nested in one, which load Better Auth. */
const BATCH_ROWS = { kitcn: 1000, "@convex-dev/better-auth": 4 } as const;

type Range = { readonly from: number; readonly to: number };

async function grow(
  app: BenchApp,
  plan: {
    sizes: readonly number[];
    add: (range: Range) => Promise<unknown>;
    measure: () => Promise<Record<string, Cost>>;
  },
): Promise<Curve> {
  const curve: Record<number, Record<string, Cost>> = {};
  let rows = 0;
  for (const size of plan.sizes) {
    console.log(`${app.name}: ${size} rows`);
    while (rows < size) {
      const to = Math.min(size, rows + BATCH_ROWS[app.name]);
      await plan.add({ from: rows, to });
      rows = to;
    }
    curve[size] = await plan.measure();
  }
  return curve;
}

function mutate({ deployment }: BenchApp, name: string, args: Record<string, unknown>) {
  const client = new ConvexHttpClient(deployment.url, { logger: false });
  return client.mutation(makeFunctionReference<"mutation">(name), args);
}
