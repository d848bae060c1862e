// What the built package imports: strict installations give it only what its package.json names.
import { parse } from "@babel/parser";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { walk } from "../../codegen/edit/index.js";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  name: string;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

test("every package that dist/ imports is a dependency or a peer", () => {
  const named = new Set([
    manifest.name,
    ...Object.keys(manifest.dependencies),
    ...Object.keys(manifest.peerDependencies),
  ]);
  const files = readdirSync("dist", { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(js|d\.ts)$/.test(name),
  );
  expect(files.filter((name) => name.endsWith(".d.ts")).length).toBeGreaterThan(50);
  const strangers = files.flatMap((name) =>
    packagesOf(join("dist", name))
      .filter((one) => !named.has(one))
      .map((one) => `${name}: ${one}`),
  );
  expect(strangers).toEqual([]);
});

test("what the test reads imports by", () => {
  const text = `import a from "one"; import "two/sub"; export * from "@three/x/y"; const b = await import("four");
type C = import("five").C; import d = require("six"); import "./seven"; import "node:fs"; import "#nine";
declare module "ten" {}`;
  expect(packagesIn(text)).toEqual(["one", "two", "@three/x", "four", "five", "six", "ten"]);
});

// --- internal ---

function packagesOf(path: string): string[] {
  return packagesIn(readFileSync(path, "utf8"), path.endsWith(".d.ts"));
}

/** By syntax: texts that kitcn writes into apps look like imports, too. */
function packagesIn(text: string, dts = false): string[] {
  const { program } = parse(text, { sourceType: "module", plugins: [["typescript", { dts }]] });
  const found = new Set<string>();
  walk(program, (node) => {
    const specifier = specifierOf(node as Readonly<Record<string, unknown>> & { type: string }); // read defensively
    if (specifier !== undefined && !/^[.#/]/.test(specifier) && !isBuiltin(specifier))
      found.add(specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
  });
  return [...found];
}

function specifierOf(
  node: Readonly<Record<string, unknown>> & { type: string },
): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return textIn(node.source);
    case "CallExpression": {
      const callee = node.callee as { type: string }; // any node has a type
      return callee.type === "Import" ? textIn((node.arguments as unknown[])[0]) : undefined;
    }
    case "TSImportType":
      return textIn(node.argument);
    case "TSExternalModuleReference":
      return textIn(node.expression);
    case "TSModuleDeclaration":
      return textIn(node.id);
    default:
      return undefined;
  }
}

function textIn(node: unknown): string | undefined {
  const literal = node as { type?: string; value?: unknown; literal?: unknown } | null | undefined;
  if (literal?.type === "TSLiteralType") return textIn(literal.literal);
  return literal?.type === "StringLiteral" && typeof literal.value === "string"
    ? literal.value
    : undefined;
}
