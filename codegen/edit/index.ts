// The one parser and the one editor of user files. Everything that patches a file goes through here.
export {
  parseModule,
  startOf,
  endOf,
  textOf,
  lineOf,
  locationOf,
  writtenLocationOf,
  walk,
  isNode,
  childNodes,
  type Module,
} from "./parse.js";
export {
  functionOf,
  isFunction,
  isFunctionOrMethod,
  returnsIn,
  type AnyFunction,
  type HeldFunction,
} from "./functions.js";
export { findName, hasName } from "./named-places.js";
export { mapLine, type MappedLine } from "./disk-lines.js";
export { openEditor, finishEdit, type Editor } from "./editor.js";
export { withSortedImports } from "./import-order.js";
export {
  addImport,
  findImport,
  listImports,
  offsetAfterImports,
  type FoundImport,
  type ImportRequest,
} from "./imports.js";
export { specifiersOf } from "./specifiers.js";
export {
  findDefaultExport,
  findProperty,
  keyOf,
  listBindings,
  resolveExpression,
  unwrap,
  withoutAwait,
  type Binding,
  type DefaultExport,
} from "./lookup.js";
export {
  addAttribute,
  childrenOf,
  isElementOf,
  listElements,
  renameElement,
  wrapNode,
  type JsxFormatter,
  type JsxNode,
} from "./jsx.js";
export { listExports, type FoundExport } from "./exports.js";
export { keysByName, namesIn } from "./patterns.js";
export { stripTypes } from "./strip-types.js";
export {
  removeImport,
  removeImports,
  removeOrphanedImports,
  type ImportedOne,
} from "./unimport.js";
export { removeItems } from "./remove-items.js";
export { freeName, isIdentifier, usedNames } from "./names.js";
export { indentAt, insertMembers, reindent, type NewMember } from "./objects.js";
export { DEFAULT_STYLE, detectEol, detectIndent, detectStyle, type CodeStyle } from "./style.js";
