// The stack of an error as Convex gives it: its frames without the message, and what the text is made of beside it.
// Must not know source maps: the deployment has them, and names the app's own files in what a client sees.

/** One call on the stack, in V8's terms. */
export type Frame = {
  readonly name: string | null;
  readonly typeName: string | null;
  readonly methodName: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly isAsync: boolean;
  readonly isConstructor: boolean;
  /** Of `Promise.all`: which one. */
  readonly index: number | null;
};

type Site = NodeJS.CallSite & {
  isAsync(): boolean;
  isPromiseAll(): boolean;
  getPromiseIndex(): number | null;
};

/** Called by V8 when the stack of an error is first asked for. */
export function prepareStackTrace(error: object, sites: NodeJS.CallSite[]): string {
  const frames = (sites as Site[]) // V8's have these, too
    .filter((site) => !isRuntime(site.getFileName()))
    .map(frameOf);
  Object.defineProperty(error, "__frameData", {
    ...{ value: JSON.stringify(frames), configurable: true },
  });
  return frames.map(printFrame).join("\n");
}

export function printFrame(frame: Frame): string {
  const { name, typeName, methodName, file, line, column, isAsync, isConstructor, index } = frame;
  const position = `${file ?? "<anonymous>"}${line === null ? "" : `:${line}:${column ?? 0}`}`;
  if (index !== null) return `    at async Promise.all (index ${index}) (${position})`;
  const start = `    at ${isAsync ? "async " : ""}`;
  if (isConstructor) return `${start}new ${name ?? "<anonymous>"} (${position})`;
  if (name === null)
    return `${start}${typeName === null ? "" : `${typeName}.`}${methodName ?? "<anonymous>"} (${position})`;
  const owner = typeName !== null && name.startsWith(typeName) ? `${typeName}.` : "";
  const alias = methodName !== null && name.endsWith(methodName) ? ` [as ${methodName}]` : "";
  return `${start}${owner}${name}${alias} (${position})`;
}

// --- internal ---

/** Frames of the stand-in stand for Convex's own, which nobody is shown. */
function isRuntime(file: string | null | undefined): boolean {
  return file != null && /^(node|runtime|file):/.test(file);
}

function frameOf(site: Site): Frame {
  return {
    name: site.getFunctionName(),
    typeName: site.getTypeName(),
    methodName: site.getMethodName(),
    file: site.getFileName() ?? null,
    line: site.getLineNumber(),
    column: site.getColumnNumber(),
    isAsync: site.isAsync(),
    isConstructor: site.isConstructor(),
    index: site.isPromiseAll() ? site.getPromiseIndex() : null,
  };
}
