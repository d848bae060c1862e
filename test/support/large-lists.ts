// What the lists of Better Auth's plugins have to say of so many rows, and what reading them may cost.
// Shared by the suite, which asks at one size, and by the matrix, which asks at all of them.
import { expect } from "vitest";
import { PAGE_BUDGET, TRY_BUDGET } from "../../src/store/budgets.js";
import { userAt, type LargeApp, type Listed } from "./large-app.js";

type User = { name: string; email: string };

/** Documents that a request reads beside its lists: the session, its user, a membership and the like. */
const CONSTANT = 20;

/** Reads in vain at most: a list and its total may each be tried before they are done in pages. */
const TRIED = 2 * TRY_BUDGET;

/** Asks for every list, and checks what it says. Returns the documents that each of them read. */
export async function assertLists(app: LargeApp, rows: number): Promise<Record<string, number>> {
  const costs: Record<string, number> = {};
  const users = Array.from({ length: rows }, (_, at) => userAt(at));
  const names = users.map(({ name }) => name).sort();
  /** Checks that a list reads what it returns, and `looked` documents beside. */
  const list = async (path: string, looked: number, body?: object): Promise<Listed["data"]> => {
    const { data, documents, runs } = await app.list(path, body);
    expect(documents, path).toBeLessThanOrEqual(looked + CONSTANT);
    // One page after the other, and a run before and after each question.
    expect(runs, path).toBeLessThanOrEqual(5 + Math.ceil(looked / PAGE_BUDGET.documents));
    costs[path] = documents;
    return data;
  };
  const whole = rows + (rows > TRY_BUDGET ? TRIED : 0);
  const usersOf = async (query: string, looked: number) => {
    const data = await list(`/admin/list-users?limit=10${query}`, looked);
    return data as { users: User[]; total: number };
  };

  // The owner is the first user, and the last in the order of names: "Owner" comes before "User".
  const plain = await usersOf("", whole + 20);
  expect(plain.total).toBe(rows + 1);
  expect(plain.users.map(({ email }) => email).slice(1)).toEqual(
    users.slice(0, 9).map(({ email }) => email),
  );

  const sorted = await usersOf("&sortBy=name&offset=5", whole + 40);
  expect(sorted.total).toBe(rows + 1);
  expect(sorted.users.map(({ name }) => name)).toEqual(names.slice(4, 14));

  // No index has this order.
  const unserved = await usersOf("&sortBy=role&sortDirection=desc&offset=3", whole + 40);
  expect(unserved.total).toBe(rows + 1);
  expect(unserved.users).toHaveLength(10);
  expect(unserved.users.every((user) => (user as { role?: string }).role === "user")).toBe(true);

  const deep = Math.floor(rows / 2);
  const far = await usersOf(`&offset=${deep}`, whole + deep + 40);
  expect(far.total).toBe(rows + 1);
  expect(far.users.map(({ email }) => email)).toEqual(
    users.slice(deep - 1, deep + 9).map(({ email }) => email),
  );

  const found = users.filter(({ email }) => email.includes("99@"));
  const search = "&searchField=email&searchValue=99%40&sortBy=updatedAt";
  const searched = await usersOf(search, whole + 40);
  expect(searched.total).toBe(found.length);
  expect(searched.users.map(({ email }) => email)).toEqual(
    found.slice(0, 10).map(({ email }) => email),
  );

  const filtered = await usersOf("&filterField=role&filterValue=support", whole * 2);
  expect(filtered.total).toBe(Math.ceil(rows / 10));
  expect(filtered.users.map(({ email }) => email)).toEqual(
    users
      .filter((_, at) => at % 10 === 0)
      .map(({ email }) => email)
      .slice(0, 10),
  );

  const members = async (query: string, looked: number) =>
    (await list(`/organization/list-members?limit=10${query}`, looked)) as {
      members: { user: User }[];
      total: number;
    };
  const firstMembers = await members("", whole + 40);
  expect(firstMembers.total).toBe(rows + 1);
  expect(firstMembers.members).toHaveLength(10);
  const oldest = await members("&sortBy=createdAt", whole + 40);
  expect(oldest.total).toBe(rows + 1);
  expect(oldest.members.map(({ user }) => user.name)).toEqual(names.slice(0, 10));
  const admins = await members("&filterField=role&filterValue=admin", whole + 40);
  expect(admins.total).toBe(Math.ceil(rows / 10));

  // Better Auth asks for the first hundred of these.
  const shown = Math.min(rows, 100);
  expect(await list("/organization/list-invitations", shown)).toHaveLength(shown);
  expect(await list("/organization/list-teams", shown)).toHaveLength(shown);
  const full = await list("/organization/get-full-organization", 4 * 100);
  expect(full).toMatchObject({ name: "Acme" });
  expect((full as { members: unknown[] }).members).toHaveLength(shown);
  expect(await list("/list-sessions", shown)).toHaveLength(shown);
  const sessions = await list("/admin/list-user-sessions", shown, { userId: app.userId });
  expect((sessions as { sessions: unknown[] }).sessions).toHaveLength(shown);
  return costs;
}
