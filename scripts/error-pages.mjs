// docs/errors.md: every error of kitcn by its code, out of the sources, so that none is missing and none is stale.
// Reads src/ and codegen/; prints, and writes nothing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "@babel/parser";

const SECTIONS = [
  {
    title: "Commands",
    about:
      "What `kitcn` prints, with exit code 1, or 2 for wrong usage. Nothing was written unless it says so.",
    has: (path) => path.startsWith("codegen/") && !path.startsWith("codegen/doctor/"),
  },
  {
    title: "Findings of `kitcn doctor`",
    about: "With what mends them.",
    has: (path) => path.startsWith("codegen/doctor/"),
  },
  {
    title: "In functions, HTTP and the browser",
    about: "A `KitcnError`, in the logs of the deployment or the console of the browser.",
    has: (path) => path.startsWith("src/"),
  },
];

/** The text of docs/errors.md. */
export function printErrorPage(root) {
  const errors = sourcesOf(root).flatMap((path) => errorsIn(root, path));
  const sections = SECTIONS.map(({ title, about, has }) =>
    [`## ${title}`, about, ...printErrors(errors.filter(({ path }) => has(path)))].join("\n\n"),
  );
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

// --- internal ---

const INTRODUCTION = `# Errors by code

Generated from the sources by \`npm run generate\`. \`--json\` output and \`KitcnError\` carry the code; \`…\` stands for
names of your app. When you have a symptom and no code, begin with [troubleshooting](troubleshooting.md).`;

function sourcesOf(root) {
  return ["codegen", "src"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
      .filter((path) => /\.tsx?$/.test(path))
      .sort(),
  );
}

/** Objects with a code, a message and what mends it, whatever function takes them. */
function errorsIn(root, path) {
  const { program } = parse(readFileSync(join(root, path), "utf8"), {
    sourceType: "module",
    plugins: ["typescript", ...(path.endsWith("x") ? ["jsx"] : [])],
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
        path,
        code: name,
        messages: messagesOf(said, { program, node, around }),
        hint: lines ? "The message names the edit to make by hand." : textOf(mends),
      });
  });
  return errors;
}

function printErrors(errors) {
  const codes = [...new Set(errors.map(({ code }) => code))].sort();
  return codes.flatMap((code) => {
    const own = errors.filter((one) => one.code === code);
    const texts = own.flatMap(({ messages, hint }) => [
      ...messages.map((message) => `\`\`\`text\n${message}\n\`\`\``),
      ...(hint.replaceAll("…", "").trim() === "" ? [] : [escape(hint)]),
    ]);
    return [`### ${code}`, ...texts];
  });
}

/** Angle brackets and stars outside of code spans are text. */
function escape(hint) {
  return hint
    .split("`")
    .map((part, at) => (at % 2 === 0 ? part.replace(/[<*]/g, "\\$&") : part))
    .join("`");
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
