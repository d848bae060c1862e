// Loaded before every Node program that a suite starts: keeps what V8 compiles of the largest ones between processes, and
// has kitcn run without the optimizing compiler.
// To start the convex CLI takes 0.6 s of CPU time, two thirds of it for reading its six megabytes twice; hundreds of
// calls start it. Must not change what a program does. Node 22 does the same with NODE_COMPILE_CACHE.
const { createHash } = process.getBuiltinModule("node:crypto");
const fs = process.getBuiltinModule("node:fs");
const Module = process.getBuiltinModule("node:module");
const { dirname, join } = process.getBuiltinModule("node:path");
const vm = process.getBuiltinModule("node:vm");
const v8 = process.getBuiltinModule("node:v8");
const { isMainThread } = process.getBuiltinModule("node:worker_threads");

const kept = join(__dirname, "../../.tmp/code-cache");
const LARGE =
  /[\\/](convex[\\/]dist[\\/]cli\.bundle\.cjs|typescript[\\/]lib[\\/](_tsc|typescript)\.js)$/;

// A command of kitcn ends before the code that V8 optimizes has paid for itself: without, `add auth` takes a fifth less
// CPU time. An import runs long.
if (isMainThread && isKitcn(process.argv[1]) && process.argv[2] !== "import")
  v8.setFlagsFromString("--no-opt");

if (isMainThread) {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (text, filename, ...rest) {
    if (!LARGE.test(filename)) return compile.call(this, text, filename, ...rest);
    const wrapper = scriptOf(text, filename).runInThisContext();
    const own = Module.createRequire(filename);
    return wrapper.call(this.exports, this.exports, own, this, filename, dirname(filename));
  };

  const { runMain } = Module;
  /** convex/bin/main.js imports its bundle as if it were an ES module: Node parses it once more, for its exports. */
  Module.runMain = function (main = process.argv[1]) {
    const bundle = bundleOf(process.argv[1]);
    return bundle ? void Module.createRequire(bundle)(bundle) : runMain.call(this, main);
  };
}

// --- internal ---

function isKitcn(main) {
  if (!main || !fs.existsSync(main)) return false;
  return /[\\/]dist[\\/]codegen[\\/](bin|cli)\.js$/.test(fs.realpathSync(main));
}

function scriptOf(text, filename) {
  const hash = createHash("sha1").update(text).digest("hex").slice(0, 16);
  const file = join(kept, `${hash}-${process.version}-${process.arch}`);
  const known = read(file);
  const script = new vm.Script(Module.wrap(text), {
    ...{ filename, ...(known && { cachedData: known }) },
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  // At the end, what was compiled on the way is in it.
  if (!known || script.cachedDataRejected) process.once("exit", () => write(file, script));
  return script;
}

function read(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    // Nobody has written it yet.
    return undefined;
  }
}

/** By renaming: others may be reading. */
function write(file, script) {
  fs.mkdirSync(kept, { recursive: true });
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, script.createCachedData());
  fs.renameSync(draft, file);
}

/** Only where main.js does nothing else. */
function bundleOf(main) {
  if (!main || !fs.existsSync(main)) return undefined;
  const path = fs.realpathSync(main);
  if (!/[\\/]convex[\\/]bin[\\/]main\.js$/.test(path)) return undefined;
  const lines = fs.readFileSync(path, "utf8").trim().split("\n");
  const isOnly = lines.length === 2 && lines[1] === 'import("../dist/cli.bundle.cjs");';
  return isOnly ? join(dirname(path), "../dist/cli.bundle.cjs") : undefined;
}
