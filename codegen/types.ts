// Plain-data types that the steps of codegen hand to each other. No behaviour here.

/** A user's app, as found on disk. All paths are absolute. */
export type Project = {
  /** Folder of package.json. */
  readonly root: string;
  /** `<fn>`: convex.json's `functions`, default `<root>/convex`. */
  readonly functionsDir: string;
  readonly packageJson: {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
    readonly [key: string]: unknown;
  };
  /** The folder of the repository, where its packages are several: paths are printed from there. Default: `root`. */
  readonly home?: string;
  /** Other packages of the repository whose front ends use this backend; each has its functions directory. */
  readonly fronts?: readonly Project[];
  /** Of a front end in another package: the package that the functions directory is in. */
  readonly backend?: Project;
  /** The app before this run changed its packages: what it used is not in package.json any more. */
  readonly former?: Project;
};

/** One file to write, or to take away. `before` is undefined for a new file; equal texts are not a change. */
export type FileChange = {
  /** Absolute path. */
  readonly path: string;
  readonly before: string | undefined;
  /** Empty for a file that goes. */
  readonly after: string;
  /** The file is taken away. */
  readonly isRemoved?: true;
};

/** Where auth tables live; see spec C1-C3. */
export type Placement = "split" | "component" | "app";

/** `convex`: tables, options and routes of an app that stays plain Convex; no front end, no ORM. */
export type Preset = "convex";
