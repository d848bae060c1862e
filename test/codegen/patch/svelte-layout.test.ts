// The root layout of a SvelteKit app: one import and one call more in its script, and nothing else moves.
import { expect, test } from "vitest";
import { patchSvelteLayout } from "../../../codegen/patch/svelte-layout.js";

const setUp = { name: "setUp", source: "$lib/set-up.svelte" };

const patch = (text: string, language: "ts" | "js" = "ts") =>
  patchSvelteLayout({ path: "src/routes/+layout.svelte", text }, setUp, language).text;

test.each([
  {
    name: "after the last import, as the file is written",
    before: `<script lang="ts">\n\timport icon from '$lib/icon.svg'\n\n\tlet { children } = $props()\n</script>\n\n{@render children()}\n`,
    after: `<script lang="ts">\n\timport icon from '$lib/icon.svg'\n\timport { setUp } from '$lib/set-up.svelte'\n\n\tsetUp()\n\n\tlet { children } = $props()\n</script>\n\n{@render children()}\n`,
  },
  {
    name: "before the first statement where nothing is imported",
    before: `<script>\n  let { children } = $props();\n</script>\n{@render children()}\n`,
    after: `<script>\n  import { setUp } from "$lib/set-up.svelte";\n\n  setUp();\n  let { children } = $props();\n</script>\n{@render children()}\n`,
  },
  {
    name: "in an empty script",
    before: `<script lang="ts">\n</script>\n<slot />\n`,
    after: `<script lang="ts">\n  import { setUp } from "$lib/set-up.svelte";\n\n  setUp();\n</script>\n<slot />\n`,
  },
  {
    name: "in a script of its own where there is none",
    before: `<!-- our layout -->\n<slot />\n`,
    after: `<!-- our layout -->\n<script lang="ts">\n  import { setUp } from "$lib/set-up.svelte";\n\n  setUp();\n</script>\n\n<slot />\n`,
  },
  {
    name: "below options, comments and the module's script",
    before: `<svelte:options runes={true} />\n<!-- <script>old()</script> -->\n<script module>\n  export const a = 1;\n</script>\n\n<script lang="ts">\n  import b from "b";\n</script>\n`,
    after: `<svelte:options runes={true} />\n<!-- <script>old()</script> -->\n<script module>\n  export const a = 1;\n</script>\n\n<script lang="ts">\n  import b from "b";\n  import { setUp } from "$lib/set-up.svelte";\n\n  setUp();\n</script>\n`,
  },
])("$name", ({ before, after }) => {
  expect(patch(before)).toBe(after);
  expect(patch(after)).toBeUndefined();
});

test("line ends stay as they are", () => {
  const before = `<script lang="ts">\r\n\timport a from 'a';\r\n</script>\r\n`;
  expect(patch(before)).toBe(
    `<script lang="ts">\r\n\timport a from 'a';\r\n\timport { setUp } from '$lib/set-up.svelte';\r\n\r\n\tsetUp();\r\n</script>\r\n`,
  );
});

test("a call under another name is a call", () => {
  expect(
    patch(`<script>\n  import { setUp as go } from "$lib/set-up.svelte.js";\n  go();\n</script>\n`),
  ).toBeUndefined();
});

test("an import without the call is not enough", () => {
  const text = patch(`<script>\n  import { setUp } from "$lib/set-up.svelte";\n</script>\n`);
  expect(text?.match(/setUp\(\);/g)).toHaveLength(1);
  expect(text?.match(/import/g)).toHaveLength(1);
});

test.each([
  { name: "a script below the markup", text: `<div />\n<script>\n  let a;\n</script>\n` },
  {
    name: "an element of the markup",
    text: `<svelte:head><script src="/a.js"></script></svelte:head>\n`,
  },
  { name: "another thing of the name", text: `<script>\n  const setUp = 1;\n</script>\n` },
])("refuses $name, with the lines to write", ({ text }) => {
  expect(() => patch(text)).toThrow(
    expect.objectContaining({
      code: "LAYOUT_UNKNOWN_FORM",
      message: expect.stringContaining("src/routes/+layout.svelte"),
      hint: expect.stringContaining('import { setUp } from "$lib/set-up.svelte";'),
    }),
  );
});

test("a script that does not parse is told by its line in the file", () => {
  expect(() => patch(`<!-- a -->\n<script>\n  let = ;\n</script>\n`)).toThrow(
    /layout\.svelte.*:3:/,
  );
});
