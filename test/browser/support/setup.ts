// Runs once before the browser suite: a browser, or a plain word that the suite did not run.
import type { TestProject } from "vitest/node";
import { ensureChromium } from "./chromium.js";

declare module "vitest" {
  interface ProvidedContext {
    chromium: string;
  }
}

export default async function setUp(project: TestProject): Promise<void> {
  try {
    project.provide("chromium", await ensureChromium());
  } catch (error) {
    console.error(
      `\nBrowser suite NOT RUN: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
}
