// Declarations of a module that only replaced code mentions: the hook that gave Convex a service's tokens, the id of
// an entry in auth.config. They go with it. Into an editor.
import type { Node } from "@babel/types";
import { listBindings, walk } from "../../edit/index.js";
import { removeStatement } from "../common/edit-server.js";
import type { Edit } from "../common/types.js";

/** Removes them, and what only they mention. */
export function removeOrphans(edit: Edit): void {
  const { editor, gone } = edit;
  const removed = new Set<Node>();
  for (;;) {
    const lost = namesIn([...gone]);
    const orphan = [...listBindings(editor.module).values()].find(
      ({ name, exported, statement }) =>
        !exported &&
        lost.has(name) &&
        !removed.has(statement) &&
        statement.type !== "ImportDeclaration" &&
        declaresOne(statement) &&
        !isMentioned(edit, name, statement),
    );
    if (!orphan) return;
    removed.add(orphan.statement);
    gone.add(orphan.statement);
    removeStatement(editor, orphan.statement);
  }
}

// --- internal ---

function declaresOne(statement: Node): boolean {
  if (statement.type === "FunctionDeclaration") return true;
  if (statement.type !== "VariableDeclaration") return false;
  const [only, ...others] = statement.declarations;
  return others.length === 0 && only?.id.type === "Identifier";
}

function namesIn(nodes: readonly Node[]): Set<string> {
  const names = new Set<string>();
  for (const one of nodes)
    walk(one, (node) => {
      if (node.type === "Identifier" || node.type === "JSXIdentifier") names.add(node.name);
    });
  return names;
}

/** Outside of the declaration itself, and of what is replaced. */
function isMentioned({ editor, gone }: Edit, name: string, declaration: Node): boolean {
  let found = false;
  walk(editor.module.program, (node) => {
    if (node === declaration || gone.has(node)) return false;
    if ((node.type === "Identifier" || node.type === "JSXIdentifier") && node.name === name)
      found = true;
    return undefined;
  });
  return found;
}
