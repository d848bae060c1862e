// How places of a local component are called in a report. Plain data.

/** Where such a function reads by an index of the component. */
export const INDEX = "withIndex";

/** Where such a function reads or writes a table. */
export const READ = "ctx.db";

/** Where another module needs a file that goes. */
export const IMPORT = "an import of the local component";
