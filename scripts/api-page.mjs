// docs/api.md: what each entry of the package exports, out of its docstrings and declarations.
// Reads src/; prints, and writes nothing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Entries that users import, by what they are for. What only generated code imports is left out. */
const ENTRIES = {
  "kitcn/auth": "src/auth/index",
  "kitcn/auth/plugin": "src/auth/plugins",
  "kitcn/auth/config": "src/auth/config",
  "kitcn/auth/http": "src/auth/http",
  "kitcn/auth/client": "src/client/index",
  "kitcn/auth/react": "src/client/react",
  "kitcn/auth/browser": "src/client/browser",
  "kitcn/auth/nextjs": "src/nextjs/index",
  "kitcn/auth/start": "src/start/index",
  "kitcn/auth/web": "src/web/index",
  "kitcn/orm": "src/orm/index",
  "kitcn/server": "src/server/index",
  "kitcn/test": "src/test/index",
};

/** The text of docs/api.md. */
export function printApiPage(root) {
  const paths = Object.values(ENTRIES).map((entry) => sourceOf(root, entry));
  const checker = openProgram(root, paths);
  const sections = Object.keys(ENTRIES).map((name, at) => {
    const exported = checker.exportsOf(paths[at]).filter((one) => one.isOurs);
    const values = exported.filter(({ isType }) => !isType);
    const types = exported.filter(({ isType }) => isType);
    return [
      `## ${name}`,
      ...values.flatMap((one) => [`### ${one.name}`, ...printEntry(one)]),
      ...(types.length > 0 ? [`### Types of ${name}`, ...types.flatMap(printEntry)] : []),
    ].join("\n\n");
  });
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

// --- internal ---

const INTRODUCTION = `# API reference

Generated from the sources by \`npm run generate\`. In your app, \`generated/auth\` exports \`defineAuth\` and \`getAuth\`
([how it works](concepts.md)), and \`generated/server\` the builders of queries, mutations and actions
([server](server.md)). Of types that are too long for a line, only the names of the members are listed.`;

function sourceOf(root, entry) {
  return [".ts", ".tsx"].map((ending) => join(root, entry + ending)).find(existsSync);
}

function openProgram(root, paths) {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const { options } = ts.getParsedCommandLineOfConfigFile(
    join(root, "tsconfig.build.json"),
    {},
    host,
  );
  const program = ts.createProgram(paths, options);
  const checker = program.getTypeChecker();
  const exportsOf = (path) =>
    checker
      .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)))
      .map((symbol) => describe(symbol, checker));
  return { exportsOf };
}

function fail({ messageText }) {
  throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
}

function describe(exported, checker) {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
  const declarations = symbol.declarations ?? [];
  const [first] = declarations;
  const text = (parts) =>
    ts
      .displayPartsToString(parts)
      .replace(/[ \t]*\n(?!\n)[ \t]*/g, " ")
      .trim();
  const tags = symbol.getJsDocTags(checker);
  return {
    name: exported.name,
    isOurs: !first.getSourceFile().fileName.includes("/node_modules/"),
    isType: ts.isTypeAliasDeclaration(first) || ts.isInterfaceDeclaration(first),
    about: text(symbol.getDocumentationComment(checker)),
    notes: tags
      .filter(({ name }) => name === "param" || name === "throws")
      .map((tag) => `- ${tag.name === "throws" ? "Throws " : ""}${escape(noteOf(tag, text))}`),
    examples: tags
      .filter((tag) => tag.name === "example")
      .map((tag) => ts.displayPartsToString(tag.text).trim().replaceAll("*\\/", "*/")),
    code: declarations
      .filter(isShown)
      .map((one) => signatureOf(one, checker))
      .join("\n"),
  };
}

function noteOf({ name, text: parts }, text) {
  const said = text(parts);
  return name === "param" ? said.replace(/^(\S+)\s+/, "`$1`: ") : said;
}

/** Of an overloaded function, what callers see. */
function isShown(declaration, _at, all) {
  return all.length === 1 || !ts.isFunctionDeclaration(declaration) || !declaration.body;
}

function signatureOf(node, checker) {
  const file = node.getSourceFile();
  const source = (from, to) => file.text.slice(from, to).trimEnd();
  if (ts.isFunctionDeclaration(node))
    return `${source(node.getStart(file), node.body?.pos ?? node.end)};`;
  if (ts.isVariableDeclaration(node)) {
    const flags =
      ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
    const type = checker.typeToString(checker.getTypeAtLocation(node), undefined, flags);
    return `export const ${node.name.getText(file)}: ${type};`;
  }
  if (ts.isClassDeclaration(node)) return classOf(node, source);
  if (ts.isInterfaceDeclaration(node) && isOfPrivateType(node, checker))
    return `export interface ${node.name.text} {\n${membersOf(node, checker).join("\n")}\n}`;
  return source(node.getStart(file), node.end);
}

/** A class without the bodies of its methods. */
function classOf(node, source) {
  const file = node.getSourceFile();
  const head = source(node.getStart(file), node.members.pos);
  const members = node.members
    .filter((one) => !one.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword))
    .map((one) => {
      const end = one.body?.pos ?? one.initializer?.pos ?? one.end;
      return `  ${source(one.getStart(file), end).replace(/\s*[=;]$/, "")};`;
    });
  return `${head}\n${members.join("\n")}\n}`;
}

/** True for an interface that only gives a name to a type which no reader sees: one that its module does not export. */
function isOfPrivateType(node, checker) {
  const [base] = node.heritageClauses?.[0]?.types ?? [];
  const symbol = base && checker.getSymbolAtLocation(base.expression);
  const isPrivate = (one) => (ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Export) === 0;
  return symbol?.declarations.some((one) => ts.isTypeAliasDeclaration(one) && isPrivate(one));
}

/** The members of an interface, a line each; of a long type only the names of its own members. */
function membersOf(node, checker) {
  return checker
    .getTypeAtLocation(node)
    .getProperties()
    .map((symbol) => {
      const type = checker.getTypeOfSymbol(symbol);
      const text = checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation);
      const names = type.getProperties().map(({ name }) => name);
      const isWhole = text.length <= 80 || names.length === 0;
      return `  ${symbol.name}: ${isWhole ? text : `{ ${names.join("; ")} }`};`;
    });
}

function printEntry({ about, notes, examples, code }) {
  return [
    ...(about === "" ? [] : [escape(about)]),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
    `\`\`\`ts\n${code}\n\`\`\``,
    ...examples.flatMap((text) => ["For example:", `\`\`\`${languageOf(text)}\n${text}\n\`\`\``]),
  ];
}

function languageOf(code) {
  return /<\/\w/.test(code) ? "tsx" : "ts";
}

/** Angle brackets and stars outside of code spans are text. */
function escape(text) {
  return text
    .split("`")
    .map((part, at) => (at % 2 === 0 ? part.replace(/[<*]/g, "\\$&") : part))
    .join("`");
}
