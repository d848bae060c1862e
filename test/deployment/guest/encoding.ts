// Text to bytes and back: TextEncoder, TextDecoder, their streams, atob and btoa. The thread does the work.
import { DOMException } from "./dom-exception.js";
import { host, ownBytes, type Decoder, type DecoderOptions } from "./host.js";

type Source = ArrayBuffer | ArrayBufferView;

export class TextEncoder {
  get encoding(): string {
    return "utf-8";
  }
  encode(text: unknown = ""): Uint8Array<ArrayBuffer> {
    return encode(String(text));
  }
  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const character of text) {
      const bytes = encode(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
  get [Symbol.toStringTag](): string {
    return "TextEncoder";
  }
}

export class TextDecoder {
  readonly #decoder: Decoder;
  readonly #options: DecoderOptions;

  constructor(label = "utf-8", { fatal = false, ignoreBOM = false }: Partial<DecoderOptions> = {}) {
    this.#options = { fatal, ignoreBOM };
    const decoder = host.createDecoder(String(label), this.#options);
    if (!decoder)
      throw new DOMException(`The encoding label provided ('${label}') is invalid.`, "RangeError");
    this.#decoder = decoder;
  }
  get encoding(): string {
    return this.#decoder.encoding;
  }
  get fatal(): boolean {
    return this.#options.fatal;
  }
  get ignoreBOM(): boolean {
    return this.#options.ignoreBOM;
  }
  /** Undefined, not an error, for bytes that a fatal decoder refuses; "" without any bytes. */
  decode(source?: Source, options?: { stream?: boolean }): string | undefined {
    if (source === undefined) return "";
    return this.#decoder.decode(viewOf(source), options?.stream ?? false);
  }
  get [Symbol.toStringTag](): string {
    return "TextDecoder";
  }
}

export function encode(text: string): Uint8Array<ArrayBuffer> {
  return ownBytes(host.encode(text));
}

export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes) ?? "";
}

export function atob(text: unknown): string {
  return checked(host.atob(String(text)), "atob");
}

export function btoa(text: unknown): string {
  return checked(host.btoa(String(text)), "btoa");
}

/** A view of the same bytes. */
export function viewOf(source: Source): Uint8Array<ArrayBuffer> {
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source);
  const { buffer, byteOffset, byteLength } = source;
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength); // a shared one does here, too
}

export function createTextStreams() {
  const { TransformStream } = host.streams() as unknown as typeof globalThis; // the polyfill's class
  class TextDecoderStream {
    readonly #decoder: TextDecoder;
    readonly #transform: TransformStream<Source, string>;
    constructor(label?: string, options?: Partial<DecoderOptions>) {
      const decoder = (this.#decoder = new TextDecoder(label, options));
      this.#transform = new TransformStream({
        transform: (chunk, controller) => {
          const text = decoder.decode(chunk, { stream: true });
          if (text) controller.enqueue(text);
        },
      });
    }
    get encoding(): string {
      return this.#decoder.encoding;
    }
    get readable(): ReadableStream<string> {
      return this.#transform.readable;
    }
    get writable(): WritableStream<Source> {
      return this.#transform.writable;
    }
  }
  class TextEncoderStream {
    readonly #transform = new TransformStream<string, Uint8Array>({
      transform: (chunk, controller) => controller.enqueue(encode(String(chunk))),
    });
    get encoding(): string {
      return "utf-8";
    }
    get readable(): ReadableStream<Uint8Array> {
      return this.#transform.readable;
    }
    get writable(): WritableStream<string> {
      return this.#transform.writable;
    }
  }
  return { TextDecoderStream, TextEncoderStream };
}

// --- internal ---

function checked(result: string | undefined, name: string): string {
  if (result === undefined)
    throw new DOMException(
      `Failed to execute '${name}': the text holds an invalid character`,
      "InvalidCharacterError",
    );
  return result;
}
