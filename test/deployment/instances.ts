// Instances as trees: walking them, the empty one before the first push, and what the CLI is told of them.
import { createDatabase } from "./database.js";
import type { Definition, Instance } from "./components.js";

export function instancesOf(instance: Instance): Instance[] {
  return [instance, ...[...instance.children.values()].flatMap(instancesOf)];
}

export function emptyInstance(): Instance {
  const exported = {
    definitionType: { type: "app" as const },
    childComponents: [],
    httpMounts: {},
    exports: {},
  };
  const definition: Definition = {
    path: "",
    exported,
    schema: null,
    modules: new Map(),
    analysis: {},
  };
  return {
    path: "",
    definition,
    database: createDatabase(""),
    env: new Map(),
    children: new Map(),
  };
}

export function analysisOf(path: string, { exported, schema, analysis }: Definition) {
  return {
    definition: { path, ...exported },
    schema: schema && schema.json,
    functions: analysis,
    udfConfig: {
      serverVersion: "1.48.0",
      importPhaseRngSeed: null,
      importPhaseUnixTimestamp: null,
    },
  };
}

export function checkedOf(instance: Instance): unknown {
  return {
    definitionPath: instance.definition.path,
    componentPath: instance.path,
    args: {},
    childComponents: Object.fromEntries(
      [...instance.children].map(([name, child]) => [name, checkedOf(child)]),
    ),
    httpRoutes: { httpModuleRoutes: null, mounts: [] },
    exports: {},
  };
}
