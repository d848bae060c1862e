import { expect, test } from "vitest";
import { randomSource } from "../../../src/request/random.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const filled = (source: ReturnType<typeof randomSource>, count: number) => {
  const bytes = new Uint8Array(count);
  source.fill(bytes);
  return bytes;
};

/** RFC 8439, appendix A.1: test vectors 1 and 2, key and nonce of zeros, blocks 0 and 1. */
const BLOCKS = [
  "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586",
  "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
];

test("a source is the key stream of ChaCha20, in pieces of any length", () => {
  const seed = new Uint8Array(32);
  expect(hex(filled(randomSource(seed), 128))).toBe(BLOCKS.join(""));
  const source = randomSource(seed);
  const pieces = [1, 30, 33, 0, 64].map((count) => hex(filled(source, count)));
  expect(pieces.join("")).toBe(BLOCKS.join(""));
});

test("another seed gives other bytes", () => {
  const seed = Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? 0xff : 0));
  expect(hex(filled(randomSource(seed), 16))).not.toBe(BLOCKS[0]!.slice(0, 32));
});

test("a source does not end", () => {
  const source = randomSource(new Uint8Array(32));
  const blocks = new Set(Array.from({ length: 500 }, () => hex(filled(source, 64))));
  expect(blocks.size).toBe(500);
});

test("branches are other bytes, and change nothing of the source", () => {
  const source = randomSource(new Uint8Array(32));
  const [one, two] = [source.branch(), source.branch()];
  const drawn = [one, two, one.branch()].map((branch) => hex(filled(branch, 128)));
  expect(new Set([...drawn, BLOCKS.join("")]).size).toBe(4);
  expect(hex(filled(source, 128))).toBe(BLOCKS.join(""));
  const again = randomSource(new Uint8Array(32));
  expect(hex(filled(again.branch(), 128))).toBe(drawn[0]);
});
