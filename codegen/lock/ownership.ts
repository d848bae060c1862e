// Between the lock's layout (by plugin) and ownership as merging needs it (by table). Pure.
import { CORE_PLUGIN, type SourcePlugin } from "../plan/types.js";
import { isImportModel } from "../../src/import/models.js";
import type { Placement } from "../types.js";
import type { Lock, LockEntry, LockItem, LockTable } from "./lock.js";
import type { OwnedItem, OwnedRelations, OwnedTable, Ownership } from "./types.js";

/** An app without a lock. */
export const NOTHING_OWNED: Ownership = {
  placement: undefined,
  tables: new Map(),
  relations: undefined,
};

/** What the lock says about tables. */
export function readOwnership(lock: Lock): Ownership {
  const tables = new Map<string, OwnedTable>();
  for (const [key, entry] of Object.entries(lock.entries)) {
    const plugin = pluginOfKey(key);
    for (const [table, owned] of Object.entries(entry.tables)) {
      const known = tables.get(table);
      tables.set(table, {
        table,
        models: known?.models.length ? known.models : owned.models,
        owner: owned.owner,
        plugin: known?.plugin ?? plugin,
        ...(owned.orphaned && { orphaned: true as const }),
        fields: new Map([...(known?.fields ?? []), ...items(owned.fields, plugin)]),
        indexes: new Map([...(known?.indexes ?? []), ...items(owned.indexes, plugin)]),
      });
    }
  }
  const core = lock.entries[CORE_PLUGIN];
  return { placement: core?.placement, tables, relations: core?.relations };
}

/** The lock after a run: ownership by plugin, versions as installed, other tools' entries as they were. */
export function writeOwnership(input: {
  readonly lock: Lock;
  readonly tables: ReadonlyMap<string, OwnedTable>;
  readonly placement: Placement;
  /** Version of the app's better-auth. */
  readonly version: string;
  readonly plugins: readonly SourcePlugin[];
  /** Paths relative to the functions directory. */
  readonly files: readonly string[];
  /** Undefined where relations.ts was not looked at: what the lock says of it stays. */
  readonly relations: OwnedRelations | undefined;
  /** Files of the app's own auth component; undefined where the packaged one serves. */
  readonly component?: readonly string[] | undefined;
}): Lock {
  const { lock, tables, plugins, relations, component } = input;
  const entries: Record<string, MutableEntry> = {
    [CORE_PLUGIN]: {
      ...lock.entries[CORE_PLUGIN],
      package: "better-auth",
      version: input.version,
      placement: input.placement,
      files: [...input.files].sort(),
      tables: {},
      relations: relations ?? lock.entries[CORE_PLUGIN]?.relations,
    },
  };
  for (const owned of tables.values())
    for (const plugin of pluginsIn(owned)) {
      const key = keyOfPlugin(plugin);
      const entry = (entries[key] ??= pluginEntry(key, { lock, plugins }));
      entry.tables[owned.table] = tableOfPlugin(owned, plugin);
    }
  if (component) entries[COMPONENT_KEY] = { package: "kitcn", files: component, tables: {} };
  return { ...lock, entries };
}

/** True where the last run wrote an auth component into the app. */
export function hasLocalComponent({ entries }: Lock): boolean {
  // A plugin may have that id; its entry names another package, or none.
  return entries[COMPONENT_KEY]?.package === "kitcn";
}

/** What the lock says about the import's tables, which are the app's in any placement; or about all others. */
export function ownershipOf(base: Ownership, what: "import" | "others"): Ownership {
  const isWanted = (table: string) => isImportModel(table) === (what === "import");
  const tables = new Map([...base.tables].filter(([table]) => isWanted(table)));
  return { ...base, tables };
}

// --- internal ---

/** The entry of the app's own auth component, whose files are machine-written as a whole. */
const COMPONENT_KEY = `${CORE_PLUGIN}/component`;

type MutableEntry = Omit<LockEntry, "tables"> & { tables: Record<string, LockTable> };

function keyOfPlugin(plugin: string): string {
  return plugin === CORE_PLUGIN ? CORE_PLUGIN : `${CORE_PLUGIN}/${plugin}`;
}

function pluginOfKey(key: string): string {
  return key === CORE_PLUGIN ? CORE_PLUGIN : key.slice(CORE_PLUGIN.length + 1);
}

function items(record: Readonly<Record<string, LockItem>>, plugin: string): [string, OwnedItem][] {
  return Object.entries(record).map(([name, item]) => [
    name,
    typeof item === "string"
      ? { fingerprint: item, plugin }
      : {
          fingerprint: item.fingerprint,
          plugin,
          ...(item.field !== undefined && { field: item.field }),
          ...(item.orphaned && { orphaned: true as const }),
        },
  ]);
}

function pluginsIn({ plugin, fields, indexes }: OwnedTable): Set<string> {
  const parts = [...fields.values(), ...indexes.values()].map((item) => item.plugin);
  return new Set([plugin, ...parts]);
}

function pluginEntry(
  key: string,
  { lock, plugins }: { readonly lock: Lock; readonly plugins: readonly SourcePlugin[] },
): MutableEntry {
  const source = plugins.find((plugin) => keyOfPlugin(plugin.id) === key);
  const { tables: _tables, ...before } = lock.entries[key] ?? { tables: {} };
  return {
    ...before,
    ...(source?.package !== undefined && { package: source.package }),
    ...(source?.version !== undefined && { version: source.version }),
    tables: {},
  };
}

function tableOfPlugin(owned: OwnedTable, plugin: string): LockTable {
  const own = (map: ReadonlyMap<string, OwnedItem>) =>
    Object.fromEntries(
      [...map]
        .filter(([, item]) => item.plugin === plugin)
        .map(([name, item]) => [name, printItem(item)]),
    );
  return {
    models: [...owned.models],
    owner: owned.owner,
    ...(owned.orphaned && { orphaned: true as const }),
    fields: own(owned.fields),
    indexes: own(owned.indexes),
  };
}

function printItem({ fingerprint, field, orphaned }: OwnedItem): LockItem {
  if (field === undefined && !orphaned) return fingerprint;
  return {
    fingerprint,
    ...(field !== undefined && { field }),
    ...(orphaned && { orphaned }),
  };
}
