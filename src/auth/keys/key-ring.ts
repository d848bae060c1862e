// The signing keys: makes them, finds them, retires them. They are in the static JWKS, or in the database.
// Must not read the database for verifying or signing when JWKS is static.
import { hexOf } from "../../bytes.js";
import type { GenericEndpointContext } from "better-auth";
import { symmetricDecrypt } from "better-auth/crypto";
import { createJwk } from "better-auth/plugins/jwt";
import { needsAction } from "../../request/scope.js";
import { isRs256, JWT_ALGORITHM, kidOf, parseStaticJwks, withKid, type StoredKey } from "./jwks.js";

export type KeyRing = {
  /** Every key a token may be verified by; makes the first one where there is none. */
  readonly verifying: (ctx: GenericEndpointContext) => Promise<StoredKey[]>;
  /** The same without making one. */
  readonly known: (ctx: GenericEndpointContext) => Promise<StoredKey[]>;
  /** The keys of the database, whatever JWKS says; makes the first one where there is none. */
  readonly latest: (ctx: GenericEndpointContext) => Promise<StoredKey[]>;
  /**
   * A new signing key. With `graceMs` older keys keep their public half for so long; without, they go at once.
   * Started twice from the same state, one key is made.
   */
  readonly rotate: (
    ctx: GenericEndpointContext,
    input: { graceMs: number | undefined },
  ) => Promise<StoredKey[]>;
};

/** Options of Better Auth's jwt functions that make RS256 keys. */
export const RS256_KEYS = { jwks: { keyPairConfig: { alg: JWT_ALGORITHM } } } as const;

/** @throws KitcnError `INVALID_JWKS` */
export function createKeyRing(jwks: string | undefined): KeyRing {
  const fixed = jwks ? parseStaticJwks(jwks).filter(isRs256) : undefined;
  return {
    verifying: async (ctx) => fixed?.filter(isCurrent) ?? (await latestKeys(ctx)),
    known: async (ctx) => (fixed ?? (await loadRows(ctx)).map(keyOfRow)).filter(isCurrent),
    latest: latestKeys,
    rotate: async (ctx, { graceMs }) => {
      const before = await loadRows(ctx);
      const known = [...before.map(keyOfRow), ...(fixed ?? [])];
      const fresh = await mintAfter(ctx, before);
      const until = graceMs === undefined ? undefined : Date.now() + graceMs;
      await retire(ctx, before, until);
      return [...fresh, ...graced(known, until)];
    },
  };
}

/**
 * The row id of the key that follows another, or that is the first: always the same, so that two keys cannot
 * both follow. A UUID, since `generateId: "uuid"` replaces any other id.
 */
export async function successorId(kid: string | undefined): Promise<string> {
  const text = new TextEncoder().encode(kid === undefined ? "first" : `after ${kid}`);
  const hex = hexOf(await crypto.subtle.digest("SHA-256", text));
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`];
  return [...parts, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join("-");
}

/** Can sign: has a private half, and is not on its way out. */
export function isLive({ privateKey, expiresAt }: StoredKey): boolean {
  return privateKey !== undefined && expiresAt === undefined;
}

// --- internal ---

/** A row of Better Auth's `jwks` model; adapters give dates as Date. */
type Row = {
  readonly id: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly createdAt: Date;
  readonly expiresAt?: Date | null;
  readonly alg?: string | null;
};

async function latestKeys(ctx: GenericEndpointContext): Promise<StoredKey[]> {
  const rows = await loadRows(ctx);
  const unreadable: Row[] = [];
  for (const row of rows)
    if (isLive(keyOfRow(row)) && !(await isReadable(ctx, row))) unreadable.push(row);
  const keys = rows.filter((row) => !unreadable.includes(row)).map(keyOfRow);
  if (keys.some(isLive)) return keys.filter(isCurrent);
  const fresh = await mintAfter(ctx, rows);
  // The secret is another one now: nobody can sign with these any more.
  await retire(ctx, unreadable, undefined);
  return [...fresh, ...keys.filter(isCurrent)];
}

async function loadRows(ctx: GenericEndpointContext): Promise<Row[]> {
  const rows = await ctx.context.adapter.findMany<Row>({ model: "jwks" });
  return rows
    .filter(({ alg }) => alg === JWT_ALGORITHM)
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
}

/** True where the private half was encrypted with the secret of today. */
async function isReadable(ctx: GenericEndpointContext, { privateKey }: Row): Promise<boolean> {
  try {
    const data = JSON.parse(privateKey) as string; // written by createJwk
    await symmetricDecrypt({ key: ctx.context.secretConfig, data });
    return true;
  } catch {
    return false;
  }
}

/**
 * The key that follows the rows: a new one, or the one that another request made of the same state. The
 * row's id is the lock, since no two rows may have the same; the key's own id is in the key.
 */
async function mintAfter(ctx: GenericEndpointContext, rows: readonly Row[]): Promise<StoredKey[]> {
  // Only an action may generate a key.
  await needsAction("a signing key is made");
  const id = await successorId(rows[0] && kidOf(rows[0]));
  // Newest of all, whatever the clock says: which key is the newest decides who signs.
  const createdAt = new Date(Math.max(Date.now(), (rows[0]?.createdAt.getTime() ?? 0) + 1));
  const create = (key: { publicKey: string }) =>
    ctx.context.adapter.create({
      model: "jwks",
      data: { ...key, id, createdAt, publicKey: withKid(key.publicKey, crypto.randomUUID()) },
      forceAllowId: true,
    });
  const successors = async () => (await loadRows(ctx)).filter((row) => row.id === id);
  try {
    // Better Auth only looks at the key it made itself.
    await createJwk(ctx, { ...RS256_KEYS, adapter: { createJwk: (key) => create(key) as never } });
  } catch (error) {
    if ((await successors()).length === 0) throw error;
  }
  return (await successors()).map(keyOfRow);
}

/** Old rows keep only their public half until `until` (ms), or go at once. */
async function retire(
  ctx: GenericEndpointContext,
  rows: readonly Row[],
  until: number | undefined,
): Promise<void> {
  for (const row of rows) {
    const key = keyOfRow(row);
    const where = [{ field: "id", value: row.id }];
    if (until === undefined || !isCurrent(key))
      await ctx.context.adapter.delete({ model: "jwks", where });
    else if (isLive(key))
      await ctx.context.adapter.update({
        model: "jwks",
        where,
        update: { privateKey: "", expiresAt: new Date(until) },
      });
  }
}

/** The public halves that stay; the key that a deployment signs with now may be in its JWKS alone. */
function graced(known: readonly StoredKey[], until: number | undefined): StoredKey[] {
  if (until === undefined) return [];
  const byId = new Map(known.filter(isCurrent).map((key) => [key.id, key]));
  return [...byId.values()].map((key) => ({
    ...key,
    privateKey: undefined,
    expiresAt: key.expiresAt ?? until,
  }));
}

function keyOfRow(row: Row): StoredKey {
  return {
    id: kidOf(row),
    publicKey: row.publicKey,
    privateKey: row.privateKey || undefined,
    createdAt: row.createdAt.getTime(),
    expiresAt: row.expiresAt?.getTime(),
    alg: row.alg ?? undefined,
  };
}

function isCurrent({ expiresAt }: StoredKey): boolean {
  return expiresAt === undefined || expiresAt > Date.now();
}
