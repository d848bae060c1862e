// What `npm run next` changes in package.json, and how it reports what broke. Pure.

/** The part of package.json that is changed. */
export type Manifest = Readonly<Record<string, unknown>> & {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

/** Packages that are released together, from the range of package.json to one version. */
export type Move = {
  readonly names: readonly string[];
  readonly from: string;
  readonly to: string;
};

/** What vitest's JSON reporter writes, as far as it is read. */
export type TestRun = {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
};

/** What is moved. better-auth and its core are one release. */
const PACKAGES = [["better-auth", "@better-auth/core"], ["convex"], ["convex-helpers"]] as const;

/**
 * The newest version of each package, whatever it is called: betas and release candidates are after the release that
 * they follow.
 *
 * @param versionsOf the versions of a package, oldest first
 */
export function planMoves(
  manifest: Manifest,
  versionsOf: (name: string) => readonly string[],
): Move[] {
  return PACKAGES.map((names) => {
    const to = versionsOf(names[0]).at(-1);
    if (to === undefined) throw new Error(`npm knows no version of ${names[0]}.`);
    return { names, from: rangeOf(manifest, names[0]) ?? "none", to };
  });
}

/** The same package.json with these versions. */
export function moveTo(manifest: Manifest, moves: readonly Move[]): Manifest {
  const versions = new Map(moves.flatMap(({ names, to }) => names.map((name) => [name, to])));
  const moved = (ranges: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.entries(ranges).map(([name, range]) => [name, versions.get(name) ?? range]),
    );
  return {
    ...manifest,
    dependencies: moved(manifest.dependencies),
    devDependencies: moved(manifest.devDependencies),
  };
}

/** Failed steps with their last lines, then failed tests by file with the first line of each error. */
export function printBreaks({
  moves,
  failed,
  run,
  root,
}: {
  readonly moves: readonly Move[];
  readonly failed: readonly { readonly title: string; readonly output: string }[];
  readonly run: TestRun | undefined;
  /** Where the tests ran, which is left out of paths. */
  readonly root: string;
}): string {
  const versions = moves.map(({ names, to }) => `${names[0]} ${to}`).join(", ");
  const steps = failed.map(
    ({ title, output }) => `${title} failed:\n${indent(output.trimEnd().split("\n").slice(-30))}`,
  );
  const files = (run?.testResults ?? [])
    .filter(({ status }) => status === "failed")
    .map(({ name, message, assertionResults }) => {
      const lines = assertionResults
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages?.[0])}`);
      return `${name.replace(`${root}/`, "")}\n${indent(lines.length > 0 ? lines : [firstLine(message)])}`;
    });
  const broken = [...steps, ...files];
  const passed = run ? `${run.numPassedTests} tests passed.` : "No test ran.";
  return broken.length === 0
    ? `With ${versions}, nothing breaks. ${passed}`
    : [`With ${versions}, this breaks:`, ...broken, passed].join("\n\n");
}

// --- internal ---

function rangeOf({ dependencies, devDependencies }: Manifest, name: string): string | undefined {
  return devDependencies?.[name] ?? dependencies?.[name];
}

function firstLine(text = ""): string {
  return text.split("\n")[0] ?? "";
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`.trimEnd()).join("\n");
}
