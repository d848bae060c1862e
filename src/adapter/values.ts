// Translates values between Better Auth and the store: dates are ms numbers there, json is the value itself. Pure.
import type { DBFieldAttribute } from "better-auth";
import { fromStoredJson, toStoredJson, wellFormed } from "./json.js";

/** What Better Auth writes or filters by, as Convex takes it. */
export function toStored(data: unknown, field: Pick<DBFieldAttribute, "type">): unknown {
  if (field.type === "json") return toStoredJson(data);
  if (typeof data === "string" && field.type !== "date") return wellFormed(data);
  if (Array.isArray(data)) return data.map((item) => toStored(item, field) ?? null);
  if (data instanceof Date) return data.getTime();
  if (field.type === "date" && typeof data === "string") {
    const ms = Date.parse(data);
    return Number.isNaN(ms) ? wellFormed(data) : ms;
  }
  return data;
}

/** What the store holds, as Better Auth knows it. */
export function fromStored(data: unknown, field: Pick<DBFieldAttribute, "type">): unknown {
  if (field.type === "json") return fromStoredJson(data);
  return field.type === "date" && typeof data === "number" ? new Date(data) : data;
}
