// Writes a callback that sends mail into the options of auth.ts, laid out as the module lays out code.
// Stages one module; where it belongs is the caller's decision.
import type { Node } from "@babel/types";
import { createFormatter } from "../edit/format.js";
import {
  addImport,
  detectStyle,
  endOf,
  findImport,
  finishEdit,
  indentAt,
  insertMembers,
  listImports,
  openEditor,
  reindent,
  startOf,
  type Editor,
} from "../edit/index.js";
import type { FoundCall } from "./calls.js";
import { findCtx } from "./mail-ctx.js";
import { findMailModule, type MailModule } from "./mail-files.js";
import type { MailPlace } from "./mail-place.js";
import type { MailSlot } from "./mail-slots.js";
import type { Server } from "./server-half.js";

/** Stages the module of a place with its callback. */
export async function writeSlot(
  { ws, read }: Server,
  mail: MailModule,
  input: {
    readonly slot: MailSlot;
    readonly place: Exclude<MailPlace, { kind: "computed" }>;
    readonly ctx: string;
  },
): Promise<void> {
  const { slot, place, ctx } = input;
  const { module } = place;
  const editor = openEditor(module);
  const spelled = listImports(module).find(
    ({ source }) => read(source, module)?.path === mail.path,
  );
  const source = spelled?.source ?? mail.specifier(module.path);
  const send = addImport(editor, { source, name: "sendMail" });
  const code = slot.print({ send, ctx, mail: addImport(editor, { source, name: slot.mail }) });
  const format = createFormatter({ path: module.path, style: detectStyle(module) });
  const printed = async (member: string) => (await format.members([member])).join("");
  if (place.kind === "absent") {
    const member = nest(place.rest, { code, beside: slot.beside });
    insertMembers(editor, place.node, [await printed(member)]);
  } else if (place.kind === "bare") {
    const options = await printed(`_: { ${nest(slot.path, { code })} }`);
    const indented = inLine(editor, place.node, options.replace(/^_:\s*/, ""));
    editor.edits.appendLeft(endOf(place.node) - 1, indented);
  } else {
    const text = await printed(`${slot.path.at(-1)}: ${code}`);
    removeTodo(editor, place.node);
    const { start, end } = { start: startOf(place.node), end: endOf(place.node) };
    editor.edits.update(start, end, inLine(editor, place.node, text));
  }
  ws.stage(module.path, finishEdit(editor));
}

/** The arguments of a plugin with this callback alone, as code under the names that the module of its call has. */
export function printOptions(
  server: Server,
  { module, call }: Pick<FoundCall, "module" | "call">,
  { path, print, mail }: MailSlot,
): string {
  const { ws, read } = server;
  const home = findMailModule(ws)?.path;
  const source = listImports(module).find((one) => read(one.source, module)?.path === home)?.source;
  const spelled = (name: string) =>
    (source === undefined ? undefined : findImport(module, { source, name })) ?? name;
  const ctx = findCtx(server, { module, node: call })?.name ?? "ctx";
  const code = print({ send: spelled("sendMail"), ctx, mail: spelled(mail) });
  return `{ ${nest(path, { code })} }`;
}

// --- internal ---

function inLine({ module, style }: Editor, node: Node, text: string): string {
  return reindent(text, indentAt(module, startOf(node)), style.eol);
}

/** `emailVerification: { sendOnSignUp: true, sendVerificationEmail: ... }`. */
function nest(
  [name = "", ...rest]: readonly string[],
  { code, beside }: { readonly code: string; readonly beside?: string | undefined },
): string {
  if (rest.length === 0) return `${name}: ${code}`;
  const own = nest(rest, { code });
  return `${name}: { ${beside === undefined ? own : `${beside}, ${own}`} }`;
}

/** The comment above a callback of `add plugin`, with its line. */
function removeTodo({ module, edits }: Editor, member: Node): void {
  for (const comment of member.leadingComments ?? []) {
    if (!/^\s*TODO\(kitcn\):/.test(comment.value)) continue;
    const from = comment.start ?? 0;
    const to = comment.end ?? from;
    const rest = /^[ \t]*\r?\n[ \t]*/.exec(module.text.slice(to))?.[0] ?? "";
    edits.remove(from, to + rest.length);
  }
}
