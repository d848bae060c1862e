// What agents read: llms.txt (an index), llms-full.txt (every page in one file) and skills/kitcn/SKILL.md.
// Made from README.md and docs/, so that none of them says anything the pages do not. Prints, and writes nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of llms.txt: a title, a summary and a line for each page. */
export function printIndex(root) {
  const lines = pagesOf(root).map(({ file, title, about }) => `- [${title}](${file}): ${about}`);
  return [
    "# kitcn",
    `> ${summaryOf(root)}`,
    "Read `docs/agents.md` first: it lists the commands, their JSON output and their exit codes.",
    "## Pages",
    `${["- [README](README.md): the quick start", ...lines].join("\n")}\n`,
  ].join("\n\n");
}

/** The text of llms-full.txt: README.md and every page, one after the other, each under its path. */
export function printEverything(root) {
  const files = ["README.md", ...pagesOf(root).map(({ file }) => file)];
  return files.map((file) => `<!-- ${file} -->\n\n${read(root, file).trim()}\n`).join("\n");
}

/** The text of skills/kitcn/SKILL.md: the page for agents, with the header that agents look for. */
export function printSkill(root) {
  const page = read(root, "docs/agents.md").replace(/^# .*\n/, "# kitcn\n");
  const links = page.replace(/\]\((?!https?:|#)(?:\.\/)?([^)]+)\)/g, (_link, path) =>
    path.startsWith("../") ? `](../${path})` : `](../../docs/${path})`,
  );
  return `---
name: kitcn
description: ${SKILL}
---

${links.trim()}
`;
}

// --- internal ---

/** When an agent should read the skill. */
const SKILL =
  "Add Better Auth to a Convex app, change its plugins, keep the auth tables in sync and fix what is wrong with sign-in. Use it when an app depends on kitcn, or when somebody asks for authentication in a Convex app.";

/** The pages in the order of docs/README.md, with the line that it has for each. */
function pagesOf(root) {
  const entries = read(root, "docs/README.md").matchAll(/^- \[([^\]]+)\]\(([^)]+)\): (.*)$/gm);
  return [...entries].flatMap(([, title, file, about]) => {
    const also = [...about.matchAll(/\[([^\]]+)\]\(([^)]+\.md)\)/g)];
    return [
      { title, file: `docs/${file}`, about: about.replace(/, and \[.*$/, "") },
      ...also.map(([, name, path]) => ({
        title: name,
        file: `docs/${path}`,
        about: "every code, what it means and how to fix it",
      })),
    ];
  });
}

/** What README.md says in its first lines, as one. */
function summaryOf(root) {
  const [, first, second] = read(root, "README.md").split("\n\n");
  return `${first} ${second}`.replace(/\s+/g, " ");
}

function read(root, file) {
  return readFileSync(join(root, file), "utf8");
}
