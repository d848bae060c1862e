// docs/errors.md: every error of kitcn by its code, from the catalogues in codegen/errors/ and src/errors/.
// Prints, and writes nothing.
import { printCatalogue } from "./error-catalogue.mjs";

/**
 * The text of docs/errors.md.
 *
 * @param catalogues.commands the modules of codegen/errors/ with what commands refuse
 * @param catalogues.findings those with what `kitcn doctor` finds
 * @param catalogues.runtime the modules of src/errors/
 */
export function printErrorPage({ commands, findings, runtime }) {
  const sections = [
    [COMMANDS, commands],
    [FINDINGS, findings],
    [RUNTIME, runtime],
  ];
  const printed = sections.flatMap(([heading, modules]) => [heading, printCatalogue(modules)]);
  return `${[INTRODUCTION, ...printed].join("\n\n")}\n`;
}

// --- internal ---

const INTRODUCTION = `# Errors by code

Generated from the sources by \`npm run generate\`. Commands and \`KitcnError\` carry the code; \`<table>\` and
the like stand for a name of your app, \`<at>\` for a file and a line, \`<lines>\` for the code to write. When you have a
symptom and no code, begin with [troubleshooting](troubleshooting.md).`;

const COMMANDS = `## Commands

What \`kitcn\` prints, with exit code 1, or 2 for wrong usage. Nothing was written unless it says so.`;

const FINDINGS = `## Findings of \`kitcn doctor\`

Each with its fix. \`<flag>\` is \`--prod\` for production; leave it out otherwise. A finding with a code that is not here is an
error of a [command](#commands) that doctor ran into.`;

const RUNTIME = `## In functions, HTTP and the browser

A \`KitcnError\`, in the logs of the deployment or the console of the browser. Where a request is refused as a whole, its
answer is \`{ code, message, hint }\`.`;
