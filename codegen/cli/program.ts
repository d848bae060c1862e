// The commands and flags of `kitcn`, with their help. Declares only: what a command does is in commands/,
// which is loaded when it is called.
import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Report } from "../commands/report.js";
import { schemaOfPreset, uiWithoutFrontEnd } from "../errors/cli.js";
import { kitcnVersion } from "../packages/version.js";
import type { Template } from "../scaffold/template.js";
import { CWD_FLAG, JSON_FLAG, VERBOSE_FLAG } from "../grow/flags.js";
import { loading } from "../terminal/timing.js";
import type { Ui } from "../terminal/ui.js";
import type { Placement, Preset } from "../types.js";
import { declareEnvPush, previewName } from "./env-program.js";
import { declareGrowing } from "./grow-program.js";
import { declareImport } from "./import-program.js";

export type ProgramInput = {
  readonly ui: Ui;
  /** Takes the result of a command. */
  readonly finish: (report: Report) => Promise<void>;
  /** Takes the exit code of a command that has nothing to report. */
  readonly end: (code: number) => void;
};

/** The program, ready to parse. Throws commander's errors instead of exiting. */
export function createProgram(input: ProgramInput): Command {
  const program = base(new Command("kitcn"))
    .description("Better Auth on Convex, with nothing to wire by hand.")
    .version(kitcnVersion(), "-v, --version", "Print the version.")
    .helpCommand("help [command]", "Print the help of a command.")
    .addHelpText("after", PROGRAM_EXAMPLES);
  declareInit(base(program.command("init [folder]")), input);
  const add = base(program.command("add")).description("Add a feature to the app.");
  declareAddAuth(base(add.command("auth")), input);
  const remove = base(program.command("remove")).description("Remove a feature from the app.");
  declareGrowing({ add, remove }, input);
  declareCodegen(base(program.command("codegen")), input);
  declareDev(base(program.command("dev [convexArgs...]")), input);
  const env = base(program.command("env")).description("Variables of the deployment.");
  declareEnvPush(base(env.command("push")), input);
  declareImport(base(program.command("import")), input);
  declareDoctor(base(program.command("doctor")), input);
  return program;
}

// --- internal ---

const PROGRAM_EXAMPLES = `
Examples:
  $ npx kitcn init my-app -t next --yes  make a new app
  $ npx kitcn add auth --yes             add auth to a Convex app
  $ npx kitcn add plugin organization    add a plugin to auth.ts, to the client and to the tables
  $ npx kitcn add social github google   add sign-in with GitHub and Google, buttons included
  $ npx kitcn add auth --schema --yes    refresh the auth tables after a change of your own
  $ npx kitcn dev                        run codegen and convex dev at every change
  $ npx kitcn env push                   send convex/.env, the secret and the keys to your deployment
  $ npx kitcn import clerk users.csv     import the users of another library
  $ npx kitcn doctor                     find what is wrong with auth, and how to fix it`;

const INIT_EXAMPLES = `
Examples:
  $ npx kitcn init my-app -t next --yes    a new Next.js app; also vite, start
  $ npx kitcn init --yes                   add Convex to the app in this folder`;

const ADD_AUTH_EXAMPLES = `
Examples:
  $ npx kitcn add auth                          show what would be written, then ask
  $ npx kitcn add auth --yes                    write it without asking
  $ npx kitcn add auth --ui better-auth-ui      with the views of Better Auth UI, where the app has Tailwind and shadcn/ui
  $ npx kitcn add auth --schema --yes           refresh the auth tables of schema.ts, and nothing else
  $ npx kitcn add auth --replace --dry-run      show how kitcn would replace Clerk, or another library
  $ npx kitcn add auth --schema --check         in CI: exit code 1 and a diff when schema.ts is out of date
  $ npx kitcn add auth --schema --prune --yes   also remove tables of plugins that are gone
  $ npx kitcn add auth --preset convex --yes    only the server files, tables in authSchema.ts; run it again after a change`;

const CODEGEN_EXAMPLES = `
Examples:
  $ npx kitcn codegen            refresh convex/generated
  $ npx kitcn codegen --check    in CI: exit code 1 and a diff when it is out of date`;

const DEV_EXAMPLES = `
Examples:
  $ npx kitcn dev                           push at every change; Ctrl-C ends it
  $ npx kitcn dev -- --start "next dev"     also start the app`;

const DOCTOR_EXAMPLES = `
Examples:
  $ npx kitcn doctor           the app and its development deployment
  $ npx kitcn doctor --prod    the app and production, as after "Invalid token signature"
  $ npx kitcn doctor --json    for a script: findings with code, message and fix`;

/** Errors are thrown, and printed by cli.ts alone. */
function base(command: Command): Command {
  return command
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .showSuggestionAfterError()
    .helpOption("-h, --help", "Print this help.")
    .helpCommand(false);
}

function declareInit(command: Command, { ui, finish }: ProgramInput): void {
  command
    .description("Make a new app, or add Convex to the app in this folder.")
    .addOption(
      new Option("-t, --template <name>", "A new app of this kind, in an empty folder.").choices([
        "next",
        "vite",
        "start",
      ]),
    )
    .option("-y, --yes", "Write without asking.")
    .option(
      "--crpc",
      "Also write lib/crpc.ts with procedures, and an http.ts with Hono for their routes.",
    )
    .option("--dry-run", "Write nothing; show what would be written.")
    .option("--no-install", "Install no packages.")
    .option(...JSON_FLAG)
    .option(...VERBOSE_FLAG)
    .option(...CWD_FLAG)
    .addHelpText("after", INIT_EXAMPLES)
    .action(async (folder: string | undefined, flags: InitFlags) => {
      const { runInit } = await loading(() => import("../commands/init.js"));
      const options = {
        cwd: resolve(flags.cwd ?? ".", folder ?? "."),
        template: flags.template,
        yes: flags.yes === true,
        dryRun: flags.dryRun === true,
        install: flags.install,
        crpc: flags.crpc === true,
      };
      await finish(await runInit(options, ui));
    });
}

function declareAddAuth(command: Command, { ui, finish }: ProgramInput): void {
  command
    .description("Add Better Auth to a Convex app, or refresh its auth tables.")
    .option("--schema", "Only the auth tables in schema.ts, their lock and the generated modules.")
    .option("-y, --yes", "Write without asking. A second run changes nothing.")
    .addOption(
      new Option(
        "--check",
        "Write nothing; exit code 1 with a diff if anything is out of date.",
      ).conflicts(["dryRun", "yes"]),
    )
    .option("--dry-run", "Write nothing; show what would be written.")
    .addOption(
      new Option(
        "--replace",
        "Replace @convex-dev/better-auth, Convex Auth, Clerk, WorkOS AuthKit or Auth0 with kitcn.",
      ).conflicts(["schema", "preset"]),
    )
    .option("--overwrite", "Replace auth fields and indexes that you edited.")
    .option("--prune", "Remove tables, fields and indexes that no plugin asks for any more.")
    .addOption(
      new Option("--placement <where>", "Where the auth tables live.").choices([
        "split",
        "component",
        "app",
      ]),
    )
    .addOption(
      new Option(
        "--ui <kind>",
        "What to write at /auth: kitcn's page (the default), the views of Better Auth UI (Next.js and TanStack Start with Tailwind and shadcn/ui), or nothing. kitcn adds the provider and the client either way.",
      ).choices(["page", "better-auth-ui", "none"]),
    )
    .addOption(
      new Option(
        "--crpc",
        "Also write lib/crpc.ts with procedures, public and for signed-in users, and an http.ts with Hono for their routes.",
      ).conflicts("schema"),
    )
    .addOption(
      new Option(
        "--preset <name>",
        "convex: write only the server files, with the auth tables in authSchema.ts.",
      )
        .choices(["convex"])
        .conflicts("crpc"),
    )
    .option("--no-install", "Install no packages.")
    .option(...JSON_FLAG)
    .option(...VERBOSE_FLAG)
    .option(...CWD_FLAG)
    .addHelpText("after", ADD_AUTH_EXAMPLES)
    .action(async (flags: AddAuthFlags) => {
      if (flags.schema && flags.preset) throw schemaOfPreset({ preset: flags.preset });
      if (flags.ui === "better-auth-ui") assertFrontEnd(flags);
      const { addAuth } = await loading(() => import("../commands/add-auth.js"));
      const options = {
        cwd: resolve(flags.cwd ?? "."),
        schema: flags.schema === true,
        yes: flags.yes === true,
        check: flags.check === true,
        dryRun: flags.dryRun === true,
        overwrite: flags.overwrite === true,
        replace: flags.replace === true,
        prune: flags.prune === true,
        install: flags.install,
        page: flags.ui !== "none",
        betterAuthUi: flags.ui && flags.ui === "better-auth-ui",
        crpc: flags.crpc === true,
        preset: flags.preset,
        ...(flags.placement && { placement: flags.placement }),
      };
      await finish(await addAuth(options, ui));
    });
}

function declareCodegen(command: Command, { ui, finish }: ProgramInput): void {
  command
    .description("Refresh the generated modules. Quick, and never needs a deployment.")
    .option("--check", "Write nothing; exit code 1 with a diff if anything is out of date.")
    .option(...JSON_FLAG)
    .option(...VERBOSE_FLAG)
    .option(...CWD_FLAG)
    .addHelpText("after", CODEGEN_EXAMPLES)
    .action(async (flags: CommonFlags & { check?: boolean }) => {
      const { runCodegen } = await loading(() => import("../commands/codegen.js"));
      const options = { cwd: resolve(flags.cwd ?? "."), check: flags.check === true };
      await finish(await runCodegen(options, ui));
    });
}

function declareDev(command: Command, { ui, end }: ProgramInput): void {
  command
    .description(
      "Run `convex dev`, and codegen at every change. Arguments after -- go to `convex dev`.",
    )
    .option(...CWD_FLAG)
    .addHelpText("after", DEV_EXAMPLES)
    .action(async (convexArgs: string[], flags: CommonFlags) => {
      const { runDev } = await loading(() => import("../commands/dev.js"));
      end(await runDev({ cwd: resolve(flags.cwd ?? "."), convexArgs }, ui));
    });
}

function declareDoctor(command: Command, { ui, finish }: ProgramInput): void {
  command
    .description("Find what is wrong with auth in this app and on its deployment. Changes nothing.")
    .option("--prod", "Look at the production deployment.")
    .addOption(previewName("Look at the preview deployment of this name."))
    .option(...JSON_FLAG)
    .option(...CWD_FLAG)
    .addHelpText("after", DOCTOR_EXAMPLES)
    .action(async (flags: CommonFlags & { prod?: boolean; previewName?: string }) => {
      const { runDoctor } = await loading(() => import("../commands/doctor.js"));
      const { prod = false, previewName } = flags;
      const options = { cwd: resolve(flags.cwd ?? "."), prod, previewName };
      await finish(await runDoctor(options, ui));
    });
}

// What commander parses the declared flags into.
type CommonFlags = { cwd?: string; json?: boolean };

type InitFlags = CommonFlags & {
  template?: Template;
  yes?: boolean;
  dryRun?: boolean;
  crpc?: boolean;
  install: boolean;
};

type AddAuthFlags = CommonFlags & {
  schema?: boolean;
  yes?: boolean;
  check?: boolean;
  dryRun?: boolean;
  overwrite?: boolean;
  replace?: boolean;
  prune?: boolean;
  placement?: Placement;
  ui?: "page" | "better-auth-ui" | "none";
  crpc?: boolean;
  preset?: Preset;
  install: boolean;
};

/** Without a front end, there is nothing that could show views. */
function assertFrontEnd({ schema, preset }: AddAuthFlags): void {
  const flag = schema ? "--schema" : preset && `--preset ${preset}`;
  if (flag !== undefined) throw uiWithoutFrontEnd({ flag });
}
