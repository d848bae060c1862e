// Configures the documentation site: README.md, docs/ and a few more pages of the repository, unchanged. Builds to
// site/.vitepress/dist. A link to a file that does not exist fails the build.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type MarkdownRenderer } from "vitepress";
import { withCosts } from "../costs.js";
import { anchorOf, targetOf } from "../links.js";
import { GROUPS, PAGES, titleOf } from "../pages.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");
const { version, description, repository } = JSON.parse(read("package.json")) as {
  version: string;
  description: string;
  repository?: { url: string };
};

export default defineConfig({
  lang: "en",
  title: "kitcn",
  description,
  srcDir: "..",
  srcExclude: otherFiles(),
  rewrites: { "site/index.md": "index.md" },
  cleanUrls: true,
  lastUpdated: false,
  // No icon, and no request for one.
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: { config: followLinks, anchor: { slugify: anchorOf } },
  vite: {
    plugins: [
      {
        name: "kitcn-costs",
        enforce: "pre",
        transform: (text, id) =>
          id === resolve(root, "site/index.md") ? withCosts(text, read("README.md")) : undefined,
      },
    ],
  },
  themeConfig: {
    search: { provider: "local" },
    nav: [
      { text: "Documentation", link: "/docs/README" },
      { text: "API", link: "/docs/api" },
      { text: `v${version}`, link: "/CHANGELOG" },
    ],
    sidebar: GROUPS.map(({ title, pages }) => ({
      text: title,
      items: pages.map((page) => ({
        text: page === "README" ? "Quick start" : titleOf(page, read(`${page}.md`)),
        link: `/${page}`,
      })),
    })),
    outline: [2, 3],
  },
});

// --- internal ---

/** Patterns of all files that are not pages. Add a new page to pages.ts. */
function otherFiles(): string[] {
  const folders = new Set([...PAGES].flatMap((page) => page.split("/").slice(0, -1)));
  const names = readdirSync(root, { withFileTypes: true });
  const isPage = (path: string) => PAGES.has(path.replace(/\.md$/, ""));
  return [
    ...names.flatMap((one) =>
      one.isDirectory()
        ? folders.has(one.name) || one.name === "site"
          ? [`${one.name}/*/**`]
          : [`${one.name}/**`]
        : isPage(one.name)
          ? []
          : [one.name],
    ),
    ...[...folders].flatMap((folder) =>
      readdirSync(join(root, folder))
        .map((name) => `${folder}/${name}`)
        .filter((path) => path.endsWith(".md") && !isPage(path)),
    ),
  ];
}

/** Turns the links of the repository's pages into links of the site. */
function followLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("kitcn-links", ({ tokens, env }) => {
    // VitePress sets both for a page, and neither for a heading. The first is the path in the repository.
    const { realPath, path } = env as { realPath?: string; path?: string };
    const page = realPath ?? path;
    if (page === undefined) return;
    const from = relative(root, page).split(sep).join("/");
    for (const { children } of tokens) {
      const open: { tag: string }[] = [];
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const href = token.attrGet("href") ?? "";
          const has = (file: string) => existsSync(join(root, file));
          const target = targetOf(decodeURI(href), { from, pages: PAGES, has });
          if (target.kind === "page") token.attrSet("href", target.link);
          if (target.kind === "file") leadToFile(token, target.path);
          open.push(token);
        } else if (token.type === "link_close") token.tag = open.pop()?.tag ?? "a";
      }
    }
  });
}

type Tag = {
  tag: string;
  attrs: [string, string][] | null;
  attrSet: (name: string, value: string) => void;
};

/** Links a file that is only in the repository. Without the repository's address, its name becomes plain text. */
function leadToFile(token: Tag, path: string): void {
  const home = repository?.url.replace(/^git\+/, "").replace(/\.git$/, "");
  if (home !== undefined) return token.attrSet("href", `${home}/blob/main/${path}`);
  token.tag = "span";
  token.attrs = [["title", path]];
}
