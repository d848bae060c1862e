// docs/errors.md: every error of kitcn by its code. Those of the runtime and of the commands come from their catalogues,
// the findings of the doctor out of the sources of codegen/doctor/. Prints, and writes nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@babel/parser";
import { printCatalogue, printErrors } from "./error-catalogue.mjs";

/**
 * The text of docs/errors.md.
 *
 * @param runtime the modules of src/errors/
 * @param commands those of codegen/errors/
 */
export function printErrorPage(root, { runtime, commands }) {
  const findings = sourcesOf(root).flatMap((path) => errorsIn(root, path));
  const sections = [
    COMMANDS,
    printCatalogue(commands),
    FINDINGS,
    printErrors(findings.flatMap(eachMessage)),
    RUNTIME,
    printCatalogue(runtime),
  ];
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

// --- internal ---

const INTRODUCTION = `# Errors by code

Generated from the sources by \`npm run generate\`. \`--json\` output and \`KitcnError\` carry the code; \`<table>\` or
\`…\` stands for a name of your app, \`<at>\` for a file and a line, \`<lines>\` for the code to write. When you have a
symptom and no code, begin with [troubleshooting](troubleshooting.md).`;

const COMMANDS = `## Commands

What \`kitcn\` prints, with exit code 1, or 2 for wrong usage. Nothing was written unless it says so.`;

const FINDINGS = `## Findings of \`kitcn doctor\`

Each with its fix.`;

const RUNTIME = `## In functions, HTTP and the browser

A \`KitcnError\`, in the logs of the deployment or the console of the browser.`;

function sourcesOf(root) {
  return readdirSync(join(root, "codegen/doctor"), { recursive: true })
    .map((name) => `codegen/doctor/${name.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .sort();
}

/** Objects with a code, a message and what fixes it, whatever function takes them. */
function errorsIn(root, path) {
  const { program } = parse(readFileSync(join(root, path), "utf8"), {
    sourceType: "module",
    plugins: ["typescript"],
  });
  const errors = [];
  walkFunctions(program, (node, around) => {
    if (node.type !== "ObjectExpression") return;
    const { code, message, reason, what, hint, fix, lines } = membersOf(node);
    const mends = hint ?? fix ?? lines;
    const said = message ?? reason ?? what;
    if (!code || !said || !mends) return;
    for (const name of literalsOf(code).filter((one) => /^[A-Z][A-Z_]+$/.test(one)))
      errors.push({
        code: name,
        messages: messagesOf(said, { program, node, around }),
        hint: lines ? "The message names the edit to make by hand." : textOf(mends),
      });
  });
  return errors;
}

/** The hint follows the last message. A hint of placeholders alone says nothing. */
function eachMessage({ code, messages, hint }) {
  const said = hint.replaceAll("…", "").trim() === "" ? "" : hint;
  return messages.map((message, at) => ({
    code,
    message,
    hint: at === messages.length - 1 ? said : "",
  }));
}

/** What is said; where it is put together elsewhere, the sentences that the function around is given, or has. */
function messagesOf(said, { program, node, around }) {
  const text = textOf(said);
  if (text !== "…" || !around) return [text];
  const given = [];
  walk(program, (one) => {
    if (one.type === "CallExpression" && one.callee.name === around.id?.name)
      given.push(...sentencesIn(one.arguments));
  });
  const own = sentencesIn(around.body, node);
  const sentences = given.length > 0 ? given : own;
  return sentences.length > 0 ? [...new Set(sentences)] : [text];
}

function sentencesIn(node, except) {
  const found = [];
  walk(node, (one) => {
    if (one === except) return false;
    if (one.type !== "StringLiteral" && one.type !== "TemplateLiteral") return true;
    if (/\w \w/.test(textOf(one))) found.push(textOf(one));
    return false;
  });
  return found;
}

function membersOf(node) {
  return Object.fromEntries(
    node.properties.flatMap((member) =>
      member.type === "ObjectProperty" && member.key.type === "Identifier"
        ? [[member.key.name, member.value]]
        : [],
    ),
  );
}

function literalsOf(node) {
  if (node.type === "StringLiteral") return [node.value];
  return node.type === "ConditionalExpression"
    ? [...literalsOf(node.consequent), ...literalsOf(node.alternate)]
    : [];
}

function textOf(node) {
  switch (node.type) {
    case "StringLiteral":
      return node.value;
    case "TemplateLiteral":
      return node.quasis.map(({ value }) => value.cooked).join("…");
    case "BinaryExpression":
      return textOf(node.left) + textOf(node.right);
    case "ConditionalExpression":
      return `${textOf(node.consequent)} Or: ${textOf(node.alternate)}`;
    default:
      return "…";
  }
}

/** Visits every node together with the named function around it. */
function walkFunctions(node, visit, around) {
  walk(node, (one) => {
    if (one !== around && one.type === "FunctionDeclaration") {
      walkFunctions(one, visit, one);
      return false;
    }
    visit(one, around);
    return true;
  });
}

/** Visits every node; what stands below one is left out where `visit` says false. */
function walk(node, visit) {
  if (Array.isArray(node)) return node.forEach((one) => walk(one, visit));
  if (typeof node?.type !== "string") return;
  if (visit(node) === false) return;
  for (const value of Object.values(node)) if (typeof value === "object") walk(value, visit);
}
