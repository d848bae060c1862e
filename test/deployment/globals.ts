// The names that Convex's default runtime gives beyond the language itself, and names that other runtimes have and
// it lacks. Read in npm-packages/udf-runtime/src/setup.ts and the files it calls.

/** Everything that is set up there; each context of the stand-in has these and no others. */
export const PRESENT: readonly string[] = [
  ..."AbortController AbortSignal AsyncLocalStorage AsyncResource Blob Convex Crypto CryptoKey".split(
    " ",
  ),
  ..."DOMException Event EventTarget File FormData Headers Performance PerformanceEntry".split(" "),
  ..."PerformanceMark PerformanceMeasure ReadableStream ReadableStreamBYOBReader".split(" "),
  ..."ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder TextDecoderStream".split(
    " ",
  ),
  ..."TextEncoder TextEncoderStream TransformStream URL URLSearchParams WritableStream".split(" "),
  ..."WritableStreamDefaultWriter atob btoa clearInterval clearTimeout console crypto fetch".split(
    " ",
  ),
  ..."performance process self setInterval setTimeout structuredClone".split(" "),
];

/** Of its prototype: the global object is an EventTarget. */
export const INHERITED: readonly string[] =
  "addEventListener removeEventListener dispatchEvent".split(" ");

/** What code of npm asks for most, since Node, browsers or workers have it. */
export const ABSENT: readonly string[] = [
  ..."Buffer queueMicrotask setImmediate clearImmediate global require module exports".split(" "),
  ..."__dirname __filename MessageChannel MessagePort MessageEvent BroadcastChannel Worker".split(
    " ",
  ),
  ..."WebSocket EventSource CompressionStream DecompressionStream navigator location document".split(
    " ",
  ),
  ..."window localStorage CustomEvent ErrorEvent reportError URLPattern XMLHttpRequest".split(" "),
  ..."FileReader caches ByteLengthQueuingStrategy CountQueuingStrategy".split(" "),
  ..."WritableStreamDefaultController ReadableStreamDefaultController".split(" "),
  ..."ReadableByteStreamController Deno Bun EdgeRuntime".split(" "),
];
