// The models of the import's own tables. Codegen plans them, the functions write them. Data only.

export const IMPORT_MODELS = { ids: "importedId", runs: "importRun" } as const;

/** True for a model that no plugin brings, and that always lives in the app. */
export function isImportModel(model: string): boolean {
  return model === IMPORT_MODELS.ids || model === IMPORT_MODELS.runs;
}
