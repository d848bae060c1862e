// The frames below an error's message: positions in the app's own files, by the source maps that were pushed.
// Must not know why an error was thrown.
//
// Nothing is read before the first error: a map is as large as the code, and most functions throw nothing.
import type { PushedModule } from "./components.js";
import { printFrame, type Frame } from "./guest/stack.js";
import { NODE_SCHEME, type ModuleSource } from "./isolate.js";
import { decodeMap, type DecodedMap } from "./source-map.js";

/** The modules of a component, as they were pushed and as they run. */
export type Code = {
  readonly modules: ReadonlyMap<string, ModuleSource>;
  readonly pushed?: ReadonlyMap<string, PushedModule>;
};

/** The lines for a client. Those of `convex/server` at both ends are left out, as Convex does. */
export function printFrames(frames: readonly Frame[], code: Code): string[] {
  const mapped = frames.map((frame) => mappedOf(frame, code));
  const first = mapped.findIndex((frame) => !isInternal(frame));
  const last = mapped.findLastIndex((frame) => !isInternal(frame));
  return first < 0 ? [] : mapped.slice(first, last + 1).map(printFrame);
}

/** Of a stack that Node printed: what the lines below its message tell. The message may have frames of its own. */
export function framesOf(stack: string, message: string): Frame[] {
  const start = stack.indexOf(message);
  const lines = stack.slice(start < 0 ? 0 : start + message.length).split("\n");
  return lines.flatMap((line) => {
    const found = /^\s+at (async )?(?:(.*) \()?(.*?):(\d+):(\d+)\)?$/.exec(line);
    if (!found || /^(node|runtime|file):/.test(found[3]!)) return [];
    const [, async, name, path = "", row, column] = found;
    const file = path.startsWith(NODE_SCHEME) ? path.slice(NODE_SCHEME.length) : path;
    const own = name?.replace(/^Object\./, "");
    return [
      {
        ...{ name: own ?? null, typeName: null, methodName: null, file, index: null },
        ...{ line: Number(row), column: Number(column) },
        ...{ isAsync: async !== undefined, isConstructor: false },
      },
    ];
  });
}

// --- internal ---

type Read = { readonly map: DecodedMap; readonly lineOf: (line: number) => number };

const reads = new WeakMap<PushedModule, Read>();
/** What isolate.ts writes before the first line of a module. */
const WRAPPER_LENGTH = '(function (require, module) {"use strict"; '.length;

const isInternal = ({ file }: Frame) => file?.includes("convex/src/server/impl") ?? false;

function mappedOf(frame: Frame, code: Code): Frame {
  const { file, line, column } = frame;
  if (file === null || line === null || column === null) return frame;
  const module = code.modules.get(file);
  const pushed = code.pushed?.get(file);
  if (!module || !pushed?.sourceMap) return frame;
  const { map, lineOf } = reads.get(pushed) ?? read(pushed, module);
  // Convex looks a position that counts from one up in a map that counts from zero, and prints what it finds.
  const found = map.lookUp(lineOf(line), line === 1 ? column - WRAPPER_LENGTH : column);
  return found ? { ...frame, file: found.source, line: found.line, column: found.column } : frame;
}

function read(pushed: PushedModule, module: ModuleSource): Read {
  const value = {
    map: decodeMap(pushed.sourceMap!), // the only caller has looked
    lineOf: lineFinder(module.source, pushed.source),
  };
  reads.set(pushed, value);
  return value;
}

/**
 * Lines of what runs, in what was pushed: prepare.ts puts some before, and leaves nearly all others as they are. Lines
 * that occur once in both tell how far they moved; what lies between moved as far as the one before it.
 */
function lineFinder(runs: string, pushed: string): (line: number) => number {
  const places = new Map<string, number>();
  pushed.split("\n").forEach((text, at) => places.set(text, places.has(text) ? SEVERAL : at));
  const lines = runs.split("\n");
  const counts = new Map<string, number>();
  for (const text of lines) counts.set(text, (counts.get(text) ?? 0) + 1);
  const moved = new Int32Array(lines.length);
  let by = 0;
  lines.forEach((text, at) => {
    const place = places.get(text) ?? SEVERAL;
    if (place !== SEVERAL && counts.get(text) === 1) by = place - at;
    moved[at] = by;
  });
  return (line) => line + (moved[line - 1] ?? 0);
}

const SEVERAL = -1;
