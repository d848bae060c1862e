// @babel/parser, required: it is CommonJS, of which an `import` reads all half a megabyte for names of exports
// before it is run. Must hold nothing but what the package exports.
import type * as Babel from "@babel/parser";
import { createRequire } from "node:module";

// The package's own types, which `require` does not carry.
const babel = createRequire(import.meta.url)("@babel/parser") as typeof Babel;

export const { parse, parseExpression } = babel;
