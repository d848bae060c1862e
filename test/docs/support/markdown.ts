// Code blocks of the documentation, with where they stand. Reads; knows nothing of what a block means.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type CodeBlock = {
  /** The document, from the root of the repository. */
  readonly document: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** The last line of text before it. */
  readonly lead: string;
};

const FENCED = /^\s*```[^]*?^\s*```/gm;

/** The documents that users read. */
export function loadDocuments(root: string): string[] {
  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  return [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    ...pages.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
  ].sort();
}

export function loadBlocks(root: string, document: string): CodeBlock[] {
  return blocksOf(readFileSync(join(root, document), "utf8")).map((block) => ({
    document,
    ...block,
  }));
}

/** Where the links of a document lead, those to other sites left out. */
export function loadLinks(root: string, document: string): string[] {
  const text = readFileSync(join(root, document), "utf8").replace(FENCED, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What stands in backticks: in the text, and in what the programs print. */
export function loadSpans(root: string, document: string): string[] {
  const text = readFileSync(join(root, document), "utf8");
  const printed = blocksOf(text).filter(({ language }) => language === "text");
  return [text.replace(FENCED, ""), ...printed.map((block) => block.text)]
    .flatMap((part) => [...part.matchAll(/`([^`]+)`/g)])
    .map(([, span = ""]) => span.replace(/\s+/g, " "));
}

/** @throws Error for a fence that is never closed */
export function blocksOf(markdown: string): Omit<CodeBlock, "document">[] {
  const blocks: Omit<CodeBlock, "document">[] = [];
  let open: { indent: string; fence: string; language: string; line: number } | undefined;
  let text: string[] = [];
  let lead = "";
  for (const [index, line] of markdown.split("\n").entries()) {
    const [, indent = "", fence = "", language = ""] = /^(\s*)(`{3,})(\w*)/.exec(line) ?? [];
    if (!open) {
      if (fence) open = { indent, fence, language, line: index + 1 };
      else if (line.trim() !== "") lead = line.trim();
      text = [];
    } else if (line.trim() === open.fence) {
      const { language } = open;
      blocks.push({ line: open.line, language, lead, text: `${text.join("\n")}\n` });
      open = undefined;
    } else text.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
  }
  if (open) throw new Error(`the code block at line ${open.line} is never closed`);
  return blocks;
}
