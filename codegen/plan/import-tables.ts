// The two tables that `kitcn import` keeps: the map of old ids to new ones, and how far each import is. Pure data.
// They are planned like Better Auth's tables, always in the app, for as long as generated/import.ts is there.
import { IMPORT_MODELS } from "../../src/import/models.js";
import type { SourceTable, SourceTables } from "./types.js";

/** The tables of an app that imports. */
export function withImportTables(tables: SourceTables): SourceTables {
  return { ...tables, [IMPORT_MODELS.ids]: IDS, [IMPORT_MODELS.runs]: RUNS };
}

// --- internal ---

const IDS: SourceTable = {
  modelName: IMPORT_MODELS.ids,
  fields: {
    source: { type: "string" },
    model: { type: "string" },
    oldId: { type: "string" },
    newId: { type: "string" },
    isLinked: { type: "boolean" },
    importedAt: { type: "date" },
  },
  indexes: [
    { fields: ["source", "model", "oldId"] },
    { fields: ["oldId", "model"] },
    { fields: ["newId"] },
  ],
};

const RUNS: SourceTable = {
  modelName: IMPORT_MODELS.runs,
  fields: {
    source: { type: "string", unique: true },
    file: { type: "string" },
    position: { type: "number" },
    isDone: { type: "boolean" },
    counts: { type: "json" },
    dropped: { type: "json" },
    updatedAt: { type: "date" },
  },
};
