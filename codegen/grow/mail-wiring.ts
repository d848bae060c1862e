// Has the callbacks of auth.ts send their mail with the app's sendMail: those that are missing, and those that
// `add plugin` left as a line in the log. What somebody wrote stays. Stages edits, one callback after the other.
import type { Node } from "@babel/types";
import { PLUGINS } from "../catalog/plugins.js";
import { shortPath } from "../disk/project.js";
import {
  keyOf,
  listImports,
  locationOf,
  walk,
  writtenLocationOf,
  type Module,
} from "../edit/index.js";
import type { CodegenError } from "../errors.js";
import { callbacksNotRun, mailReturnedTwice, optionsNotObject } from "../errors/grow.js";
import { loadAuth } from "../load/load-auth.js";
import { pluginOf } from "../load/options.js";
import { canonical } from "../merge/fingerprint.js";
import type { Workspace } from "../workspace/stage.js";
import { addCtx, findCtx } from "./mail-ctx.js";
import { findMailModule, linesByHand, type MailModule } from "./mail-files.js";
import { findMailPlace, type MailPlace } from "./mail-place.js";
import { MAIL_SLOTS, valueAt, type MailSlot } from "./mail-slots.js";
import { writeSlot } from "./mail-write.js";
import { openServer, type Server } from "./server-half.js";

/** A callback that sends mail, and what became of it. */
export type WiredMail = {
  readonly slot: MailSlot;
  /** As its author spells it: `magicLink.sendMagicLink`. */
  readonly name: string;
  /** `sends`: it sends already. `theirs`: somebody wrote it. `open`: it cannot be edited. */
  readonly state: "added" | "sends" | "theirs" | "open";
  /** What is left to say, with the lines to write; of `theirs` and `open`. */
  readonly note: string | undefined;
};

/**
 * Stages auth.ts, and other modules with its options, with callbacks that send.
 *
 * @param input.isAsked which callbacks to look at. Default: all that the app's options call for
 * @throws CodegenError `AUTH_UNKNOWN_FORM` where the options are no object that can be added to, or where what runs
 *   lacks what was added; those of loading auth.ts
 */
export async function wireMail(
  ws: Workspace,
  mail: MailModule,
  { isAsked = () => true }: { readonly isAsked?: (slot: MailSlot) => boolean } = {},
): Promise<readonly WiredMail[]> {
  const asked = MAIL_SLOTS.filter(isAsked);
  if (asked.length === 0) return [];
  const before = await loadOptions(ws);
  const wired: Unsaid[] = [];
  for (const slot of asked) {
    const own = optionsOf(before, slot);
    if (own === undefined || slot.isWanted?.(own) === false) continue;
    const isSet = typeof valueAt(own, slot.path) === "function";
    wired.push(await wireSlot(openServer(ws), mail, { slot, isSet }));
  }
  const added = wired.filter(({ state }) => state === "added");
  if (added.length > 0) assertRuns(await loadOptions(ws), added);
  // Lines are those of the modules as they will be.
  const server = openServer(ws);
  return wired.map((one) => ({ ...one, note: noteOf(server, mail, one) }));
}

/** What a module imports of the app's mail: the names that may be left over where a callback goes. */
export function mailImports({ ws, read }: Server, module: Module) {
  const path = findMailModule(ws)?.path;
  return listImports(module).flatMap(({ source, imported }) =>
    path !== undefined && read(source, module)?.path === path ? [{ source, name: imported }] : [],
  );
}

// --- internal ---

/** `why`: why no edit can write it. */
type Unsaid = Omit<WiredMail, "note"> & { readonly why?: string };

async function wireSlot(
  server: Server,
  mail: MailModule,
  { slot, isSet }: { readonly slot: MailSlot; readonly isSet: boolean },
): Promise<Unsaid> {
  const { ws, options } = server;
  const name = nameOf(slot);
  if (!options && isSet) return { slot, name, state: "theirs" };
  if (!options) throw unknownForm(server, mail, slot);
  const place = findMailPlace(server, options, slot);
  const isStub = place.kind === "written" && isLogStub(server, place.value, slot);
  if (isSet && !isStub) {
    const sends = place.kind === "written" && callsSend(server, place, mail);
    return { slot, name, state: sends ? "sends" : "theirs" };
  }
  const open = (why: string): Unsaid => ({ slot, name, state: "open", why });
  if (place.kind === "computed" || (place.kind === "written" && !isStub))
    return open("kitcn cannot edit its options, because code computes them.");
  if (!mail.exports(slot.mail)) return open(`${mail.shortPath} exports no ${slot.mail}.`);
  const ctx = findCtx(server, place);
  if (!ctx) return open("it is outside of the function that defineAuth takes, so it has no `ctx`.");
  await writeSlot(server, mail, { slot, place, ctx: ctx.name });
  if (ctx.isNew) addCtx(openServer(ws), ctx.name, { source: mail.specifier, name: "MailCtx" });
  return { slot, name, state: "added" };
}

function noteOf(
  server: Server,
  mail: MailModule,
  { slot, name, state, why }: Unsaid,
): string | undefined {
  const place = server.options && findMailPlace(server, server.options, slot);
  if (!place || state === "added" || state === "sends") return undefined;
  const at = shortPath(server.ws.project, writtenLocationOf(place.module, place.node));
  const isSeen = place.kind === "written";
  if (state === "theirs" && isSeen) return `${at}: kitcn keeps ${name} as you wrote it.`;
  const lines = linesByHand(server, mail, slot).map((line) => `  ${line}`.trimEnd());
  const what =
    state === "theirs"
      ? "is set by code that kitcn does not find, so kitcn keeps it. To send mail, write"
      : `sends no mail yet: ${why} Write`;
  return `${at}: ${name} ${what} this instead, with the \`ctx\` that the function of defineAuth takes:\n${lines.join("\n")}`;
}

/** True for what `add plugin` writes, whoever formatted it. */
function isLogStub({ ws, module }: Server, value: Node, { plugin, path }: MailSlot): boolean {
  const args = PLUGINS.find(({ name }) => name === plugin)?.server.args;
  if (args === undefined) return false;
  const [statement] = ws.parse(`(${args})`, module.path).program.body;
  if (statement?.type !== "ExpressionStatement") return false;
  let stub: Node | undefined;
  walk(statement.expression, (node) => {
    if (node.type === "ObjectProperty" && keyOf(node) === path.at(-1)) stub = node.value;
  });
  return stub !== undefined && canonical(stub, new Map()) === canonical(value, new Map());
}

/** True for a callback that mentions the app's `sendMail`, under whatever name. */
function callsSend(
  { read }: Server,
  { value, home }: Extract<MailPlace, { kind: "written" }>,
  mail: MailModule,
): boolean {
  const isOf = (source: string) => read(source, home)?.path === mail.path;
  const names = new Set(
    listImports(home).flatMap(({ source, imported, local }) =>
      isOf(source) && (imported === "sendMail" || imported === "*") ? [local] : [],
    ),
  );
  let calls = home.path === mail.path;
  walk(value, (node) => {
    if (node.type === "Identifier") calls ||= names.has(node.name);
  });
  return calls;
}

/** `plugins` of options that ran are objects with an `id` and the options that they were made with. */
function optionsOf(options: object, { plugin }: MailSlot): unknown {
  if (plugin === undefined) return options;
  const id = PLUGINS.find(({ name }) => name === plugin)?.id;
  const found = id === undefined ? undefined : pluginOf(options, id);
  return found === undefined ? undefined : (valueAt(found, ["options"]) ?? {});
}

async function loadOptions(ws: Workspace): Promise<object> {
  return (await loadAuth(ws)).options;
}

function nameOf({ plugin, path }: MailSlot): string {
  const maker = PLUGINS.find(({ name }) => name === plugin)?.server.name;
  return [...(maker === undefined ? [] : [maker]), ...path].join(".");
}

/** Whoever edits options after they are written has a last word that no edit sees. */
function assertRuns(options: object, added: readonly Unsaid[]): void {
  const isLost = ({ slot }: Unsaid) =>
    typeof valueAt(optionsOf(options, slot), slot.path) !== "function";
  const lost = added.filter(isLost).map(({ name }) => name);
  if (lost.length > 0) throw callbacksNotRun({ callbacks: lost });
}

function unknownForm(server: Server, mail: MailModule, slot: MailSlot): CodegenError {
  const { ws, module, returnedAt } = server;
  const lines = linesByHand(server, mail, slot);
  const at = shortPath(ws.project, returnedAt ?? locationOf(module));
  return returnedAt === undefined
    ? optionsNotObject({ at, lines })
    : mailReturnedTwice({ at, lines });
}
