// The exports of relations.ts: `relations` by name, which generated/server.ts imports, and by default.
// Adds the one that is missing; must not touch any relation.
import type { CallExpression, Node } from "@babel/types";
import {
  endOf,
  findImport,
  freeName,
  listBindings,
  listExports,
  listImports,
  locationOf,
  startOf,
  textOf,
  walk,
  type Editor,
  type FoundExport,
  type Module,
} from "../edit/index.js";
import type { CodegenError } from "../errors.js";
import { relationsNotExported, schemaRelationsNotExported } from "../errors/tables.js";
import { RELATIONS_IMPORT } from "../print/relations.js";

/** An export that a relations module can have; `relations` is the one that generated code prefers. */
export type RelationsExport = "relations" | "default";

/** The calls of kitcn's `relations()` in a module, in their order. */
export function relationsCalls(module: Module): CallExpression[] {
  const local = findImport(module, RELATIONS_IMPORT);
  const calls: CallExpression[] = [];
  walk(module.program, (node) => {
    if (node.type === "CallExpression" && textOf(module, node.callee) === local) calls.push(node);
  });
  return calls;
}

/** The exports of the relations that a module has, the preferred one first. */
export function relationsExports(module: Module): RelationsExport[] {
  return EXPORTS.filter((name) => exportOf(module, name) !== undefined);
}

/**
 * Adds the export that is missing beside the other one.
 *
 * @returns what was missing, with file and line; undefined where both were there
 * @throws CodegenError `NO_RELATIONS_EXPORT` where neither is there
 */
export function addRelationsExport(editor: Editor, call: CallExpression): string | undefined {
  const { module } = editor;
  const [present, other] = relationsExports(module);
  if (present === undefined) throw noRelationsExport(module, call);
  if (other !== undefined) return undefined;
  const found = exportOf(module, present);
  if (found) append(editor, found, present === "default" ? "relations" : "default");
  const where = locationOf(module, found?.statement);
  return present === "default"
    ? `${where} exports the relations by default only; generated/server.ts imports \`relations\` by name.`
    : `${where} exports \`relations\` by name only, not by default.`;
}

/** A module that declares relations and exports them under no name that generated code knows. */
export function noRelationsExport(module: Module, call: Node | undefined): CodegenError {
  const isSchema = /[\\/]schema\.[cm]?[jt]s$/.test(module.path);
  const said = isSchema ? schemaRelationsNotExported : relationsNotExported;
  return said({ place: locationOf(module, call) });
}

// --- internal ---

const EXPORTS: readonly RelationsExport[] = ["relations", "default"];

/** `export *` may give anything, and a name written out stands before it. */
function exportOf(module: Module, name: RelationsExport): FoundExport | undefined {
  return listExports(module, name).find(
    ({ statement }) => statement.type !== "ExportAllDeclaration",
  );
}

function append(editor: Editor, found: FoundExport, wanted: RelationsExport): void {
  const { module, edits, style } = editor;
  const end = style.semicolons ? ";" : "";
  const after = endOf(found.statement);
  const [beside = ""] = /^[ \t]*(\/\/[^\r\n]*)?/.exec(module.text.slice(after)) ?? [];
  const line = (text: string) =>
    edits.appendRight(after + beside.length, `${style.eol}${style.eol}${text}${end}`);
  const exported = (local: string) =>
    line(wanted === "default" ? `export default ${local}` : exportList(local, wanted));
  if (found.kind === "name") exported(found.local);
  else if (found.kind === "from")
    line(`${exportList(found.name, wanted)} from ${style.quote}${found.source}${style.quote}`);
  else if (found.node.type === "Identifier") exported(found.node.name);
  else nameDefault(editor, found.statement, line);
}

/** `export default relations({ ... })` gets a name: another one where the import is called `relations`. */
function nameDefault(
  { module, edits }: Editor,
  statement: Node,
  line: (text: string) => void,
): void {
  const imported = listImports(module).some(({ local }) => local === "relations");
  const isFree = !imported && !listBindings(module).has("relations");
  const name = isFree ? "relations" : freeName(module, "appRelations");
  const [keywords = ""] = /^export\s+default\s*/.exec(textOf(module, statement)) ?? [];
  const start = startOf(statement);
  edits.overwrite(start, start + keywords.length, `${isFree ? "export " : ""}const ${name} = `);
  if (!isFree) line(exportList(name, "relations"));
  line(`export default ${name}`);
}

function exportList(name: string, wanted: RelationsExport): string {
  return name === wanted ? `export { ${name} }` : `export { ${name} as ${wanted} }`;
}
