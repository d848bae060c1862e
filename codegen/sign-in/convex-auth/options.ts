// The options of `convexAuth()` beside its providers: how long sessions and tokens last, and what kitcn cannot carry over.
// By syntax; edits nothing.
import type { Node, ObjectExpression } from "@babel/types";
import { keyOf, textOf, unwrap, type Module } from "../../edit/index.js";
import { OPTION_INSTEAD, type Refusal } from "./instead.js";

/** What is read of them, as code of defineAuth() and of convex(). */
export type Durations = {
  /** How long sessions last: also without an option, as Better Auth's own default is another one. */
  readonly session: string;
  readonly jwt?: string;
  readonly refused: readonly Refusal[];
};

/** Reads the options. */
export function readOptions(module: Module, options: ObjectExpression): Durations {
  const refused: Refusal[] = [];
  const found: { session: string; jwt?: string } = { session: printSession(DEFAULT_MS) };
  for (const one of options.properties) {
    const key = one.type === "SpreadElement" ? undefined : keyOf(one);
    if (key === "providers") continue;
    const value = one.type === "ObjectProperty" ? unwrap(one.value) : undefined;
    const members = value?.type === "ObjectExpression" ? value : undefined;
    const session = key === "session" && members ? readSession(members) : undefined;
    const jwt = key === "jwt" && members ? readJwt(members) : undefined;
    if (session !== undefined) found.session = session;
    else if (jwt !== undefined) found.jwt = jwt;
    else refused.push(...refusalsOf(module, one, key, members));
  }
  return { ...found, refused };
}

// --- internal ---

const DAY_MS = 86_400_000;

/** Convex Auth's own, of both durations. */
const DEFAULT_MS = 30 * DAY_MS;

/** A cookie of more is refused by Better Auth when it is set: nobody could sign in. */
const MAX_SESSION_MS = 400 * DAY_MS;

/** Less is no second, which Better Auth takes for an option that is not given. */
const MIN_MS = 1000;

/** Undefined where sessions end by both durations, as Better Auth has one, and for one that it refuses. */
function readSession(members: ObjectExpression): string | undefined {
  const given = numbersOf(members, ["totalDurationMs", "inactiveDurationMs"]);
  if (!given) return undefined;
  const { totalDurationMs: total = DEFAULT_MS, inactiveDurationMs: inactive = DEFAULT_MS } = given;
  if (inactive < total || total < MIN_MS || total > MAX_SESSION_MS) return undefined;
  return printSession(total);
}

function printSession(total: number): string {
  return `session: { expiresIn: ${printSeconds(total)}, disableSessionRefresh: true }`;
}

function readJwt(members: ObjectExpression): string | undefined {
  const given = numbersOf(members, ["durationMs"]);
  const { durationMs } = given ?? {};
  return durationMs === undefined || durationMs < MIN_MS
    ? undefined
    : `jwt: { expirationSeconds: ${printSeconds(durationMs)} }`;
}

function isDuration(node: Node): boolean {
  return (numberOf(node) ?? 0) >= MIN_MS;
}

/** Undefined where there is another option, or one that is not written out. */
function numbersOf(
  { properties }: ObjectExpression,
  names: readonly string[],
): Record<string, number | undefined> | undefined {
  const found: Record<string, number> = {};
  for (const one of properties) {
    const key = one.type === "SpreadElement" ? undefined : keyOf(one);
    const value = one.type === "ObjectProperty" ? numberOf(one.value) : undefined;
    if (key === undefined || value === undefined || !names.includes(key)) return undefined;
    found[key] = value;
  }
  return found;
}

/** A number, and products and sums of them. */
function numberOf(node: Node): number | undefined {
  const value = unwrap(node);
  if (value.type === "NumericLiteral") return value.value;
  if (value.type !== "BinaryExpression") return undefined;
  const [left, right] = [numberOf(value.left), numberOf(value.right)];
  if (left === undefined || right === undefined) return undefined;
  return value.operator === "*" ? left * right : value.operator === "+" ? left + right : undefined;
}

function printSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const days = ms / DAY_MS;
  if (Number.isInteger(days)) return `60 * 60 * 24 * ${days}`;
  return Number.isInteger(seconds / 60) ? `60 * ${seconds / 60}` : String(seconds);
}

/** One for each member that does not move, else one for the option. */
function refusalsOf(
  module: Module,
  option: ObjectExpression["properties"][number],
  key: string | undefined,
  members: ObjectExpression | undefined,
): Refusal[] {
  const name = key ?? textOf(module, option);
  const known = (members?.properties ?? []).flatMap((one): Refusal[] => {
    const member = one.type === "SpreadElement" ? undefined : keyOf(one);
    const path = `${name}.${member ?? "..."}`;
    // It moves once the other members are gone.
    if (path === "jwt.durationMs" && one.type === "ObjectProperty" && isDuration(one.value))
      return [];
    const instead = OPTION_INSTEAD[path];
    return [{ what: `the option ${path}`, at: { module, node: one, name: path }, instead }];
  });
  if (known.length > 0) return known;
  const at = { module, node: option, name };
  return [{ what: `the option ${name}`, at, instead: OPTION_INSTEAD[name] }];
}
