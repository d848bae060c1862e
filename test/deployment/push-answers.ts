// What the CLI is answered in the steps of a push, made of the instances it would make.
// Must not change anything.
import { createHash } from "node:crypto";
import type { Value } from "convex/values";
import type { Instance, PushedModule } from "./components.js";
import { docsOf } from "./database.js";
import { instancesOf } from "./instances.js";
import { mismatch } from "./validators.js";

export function configHashesOf(modules: Iterable<PushedModule>) {
  const moduleHashes = [...modules].map(({ path, source, sourceMap, environment }) => ({
    path,
    environment,
    hash: createHash("sha256")
      .update(source + (sourceMap ?? ""))
      .digest("hex"),
  }));
  return {
    config: { functions: "convex/" },
    moduleHashes,
    nodeDependencies: [],
    udfServerVersion: "1.48.0",
    nodeVersion: "22",
  };
}

/** Whether the documents that are there fit the schemas. */
export function schemaVerdict(tree: Instance) {
  for (const { path, definition, database } of instancesOf(tree)) {
    const { schema } = definition;
    if (!schema?.validates) continue;
    const names = () => schema.tables.keys();
    for (const [name, { documentType }] of schema.tables) {
      for (const { _id, _creationTime, ...columns } of docsOf(database.tables.get(name))) {
        const why =
          documentType &&
          mismatch(documentType, columns as Value, { component: database.path, names });
        if (why)
          return {
            type: "failed",
            error: `Document with ID "${_id}" in table "${name}" does not match the schema: ${why}`,
            componentPath: path,
            tableName: name,
          };
      }
    }
  }
  return { type: "complete" };
}

/** `before`: the paths of the components that were there. */
export function finishAnswer(tree: Instance, before: ReadonlySet<string>) {
  const nothing = { added: [], removed: [] };
  const diffOf = (path: string) => ({
    diffType: { type: before.has(path) ? "modify" : "create" },
    moduleDiff: nothing,
    udfConfigDiff: null,
    cronDiff: { added: [], updated: [], deleted: [] },
    indexDiff: { added_indexes: [], removed_indexes: [] },
    schemaDiff: null,
  });
  return {
    authDiff: nothing,
    definitionDiffs: {},
    componentDiffs: Object.fromEntries(instancesOf(tree).map(({ path }) => [path, diffOf(path)])),
  };
}
