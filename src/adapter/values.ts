// Translates values between Better Auth and the store: dates are ms numbers there. Pure.
import type { DBFieldAttribute } from "better-auth";

/** What Better Auth writes or filters by, as Convex takes it. */
export function toStored(data: unknown, field: Pick<DBFieldAttribute, "type">): unknown {
  if (Array.isArray(data)) return data.map((item) => toStored(item, field) ?? null);
  if (data instanceof Date) return data.getTime();
  if (field.type === "date" && typeof data === "string") {
    const ms = Date.parse(data);
    return Number.isNaN(ms) ? data : ms;
  }
  // Better Auth prints json before it comes here, null as well.
  if (field.type === "json" && data === "null") return null;
  return data;
}

/** What the store holds, as Better Auth knows it. */
export function fromStored(data: unknown, field: Pick<DBFieldAttribute, "type">): unknown {
  return field.type === "date" && typeof data === "number" ? new Date(data) : data;
}
