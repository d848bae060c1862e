// Finds where a callback that sends mail is written, or where it belongs, in whichever module of the app that is.
// By syntax; what the options come to is the caller's knowledge. Stages nothing.
import type { CallExpression, Node, ObjectExpression, ObjectMember } from "@babel/types";
import { PLUGINS } from "../catalog/plugins.js";
import { findProperty, type Module } from "../edit/index.js";
import { followIn, type OptionsPlace } from "../modules/auth-options.js";
import { findCalls } from "./calls.js";
import type { MailSlot } from "./mail-slots.js";
import { serverList, type Server } from "./server-half.js";

/** Where a callback is, or is missing. */
export type MailPlace =
  /** It is written here. */
  | {
      readonly kind: "written";
      readonly module: Module;
      readonly node: ObjectMember;
      readonly value: Node;
      /** Of the value: another one where the member names it. */
      readonly home: Module;
    }
  /** This object lacks it, with the objects of `rest` around it. */
  | {
      readonly kind: "absent";
      readonly module: Module;
      readonly node: ObjectExpression;
      readonly rest: readonly string[];
    }
  /** This call of a plugin has no options. */
  | { readonly kind: "bare"; readonly module: Module; readonly node: CallExpression }
  /** Only running it tells. */
  | { readonly kind: "computed"; readonly module: Module; readonly node: Node };

/** The place of a callback in auth.ts as it is staged. */
export function findMailPlace(
  server: Server,
  options: OptionsPlace,
  { plugin, path }: MailSlot,
): MailPlace {
  if (plugin === undefined) return descend(server, options, { ...options, path });
  const call = findPlugin(server, plugin);
  if (!call) return { kind: "computed", module: options.module, node: pluginsOf(options) };
  const [argument] = call.node.arguments;
  if (!argument) return { kind: "bare", ...call };
  const own = followIn({ module: call.module, node: argument }, options, server.read);
  if (own.node.type !== "ObjectExpression") return { kind: "computed", ...own };
  return descend(server, options, { module: own.module, node: own.node, path });
}

// --- internal ---

function descend(
  server: Server,
  options: OptionsPlace,
  at: {
    readonly module: Module;
    readonly node: ObjectExpression;
    readonly path: readonly string[];
  },
): MailPlace {
  const { module, node, path } = at;
  const [name = "", ...rest] = path;
  const member = findProperty(node, name);
  if (!member) {
    const spread = node.properties.find(({ type }) => type === "SpreadElement");
    if (spread) return { kind: "computed", module, node: spread };
    return { kind: "absent", module, node, rest: path };
  }
  if (member.type === "ObjectMethod")
    return rest.length === 0
      ? { kind: "written", module, node: member, value: member, home: module }
      : { kind: "computed", module, node: member };
  const found = followIn({ module, node: member.value }, options, server.read);
  if (rest.length === 0)
    return { kind: "written", module, node: member, value: found.node, home: found.module };
  if (found.node.type !== "ObjectExpression") return { kind: "computed", ...found };
  return descend(server, options, { module: found.module, node: found.node, path: rest });
}

function findPlugin(server: Server, name: string) {
  const list = serverList(server);
  const entry = PLUGINS.filter((one) => one.name === name);
  const pick = ({ server: half }: (typeof PLUGINS)[number]) => half;
  const [found] = list ? findCalls(list, entry, { pick, read: server.read }).found : [];
  return found && { module: found.module, node: found.call };
}

function pluginsOf({ node }: OptionsPlace): Node {
  return findProperty(node, "plugins") ?? node;
}
