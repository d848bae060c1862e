// Which comments are ours. Ours follow the plan; a user's comment is never moved, changed or removed. Pure.
import type { CallExpression, Comment, Node } from "@babel/types";
import { endOf, startOf, type Module } from "../edit/index.js";
import type { PlannedColumn } from "../plan/types.js";
import { isBlockComment, isColumnComment, printColumnComment } from "../print/table-block.js";
import type { TableSource } from "./read-table.js";
import type { SchemaEdit } from "./types.js";

/** True for comments that codegen printed. */
export function isOwnComment(comment: Comment): boolean {
  return comment.type === "CommentLine"
    ? isColumnComment(comment.value.trimEnd())
    : isBlockComment(comment.value);
}

/** The comment that ends the line of a node. */
export function commentBeside(module: Module, node: Node): Comment | undefined {
  return module.comments.find(
    (comment) =>
      (comment.start ?? 0) >= endOf(node) &&
      comment.loc?.start.line === node.loc?.end.line &&
      /^[\s,]*$/.test(module.text.slice(endOf(node), comment.start ?? 0)),
  );
}

/** Comments that belong to a node by position: those above it, in it, and beside it. */
export function commentsOf(module: Module, node: Node): Comment[] {
  const beside = commentBeside(module, node);
  const inside = module.comments.filter(
    (comment) => (comment.start ?? 0) >= startOf(node) && (comment.end ?? 0) <= endOf(node),
  );
  return [...commentsAbove(module, node), ...inside, ...(beside ? [beside] : [])];
}

/** The unbroken run of comments directly above a node. */
export function commentsAbove(module: Module, node: Node): Comment[] {
  const above: Comment[] = [];
  let top = startOf(node);
  for (const comment of [...module.comments].reverse()) {
    const end = comment.end ?? 0;
    if (end > top) continue;
    const gap = module.text.slice(end, top);
    const lineStart = module.text.lastIndexOf("\n", (comment.start ?? 0) - 1) + 1;
    const ownLine = module.text.slice(lineStart, comment.start ?? 0).trim() === "";
    if (!ownLine || gap.trim() !== "" || gap.split("\n").length > 2) break;
    above.unshift(comment);
    top = comment.start ?? 0;
  }
  return above;
}

/** True when a part carries a comment of the user's. */
export function foreignCommentsAt({ module }: TableSource, node: Node): boolean {
  return commentsOf(module, node).some((comment) => !isOwnComment(comment));
}

/** True when one call of a chain carries a comment of the user's. */
export function foreignCommentsInCall({ module }: TableSource, call: CallExpression): boolean {
  const { callee } = call;
  const from = callee.type === "MemberExpression" ? endOf(callee.object) : startOf(call);
  const beside = commentBeside(module, call);
  return module.comments.some(
    (comment) =>
      !isOwnComment(comment) &&
      (comment === beside || ((comment.start ?? 0) >= from && (comment.end ?? 0) <= endOf(call))),
  );
}

/** Edits that bring our comments beside columns up to date. */
export function mergeComments(
  columns: readonly PlannedColumn[],
  source: TableSource,
): SchemaEdit[] {
  return columns.flatMap((column): SchemaEdit[] => {
    const member = source.fields.get(column.column)?.member;
    const comment = member && commentBeside(source.module, member);
    if (!comment || comment.type !== "CommentLine" || !isOwnComment(comment)) return [];
    const text = printColumnComment(column);
    if (text === comment.value.trimEnd()) return [];
    return [{ kind: "replace-comment", in: source, comment, text }];
  });
}
