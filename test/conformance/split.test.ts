import { runConformance } from "./run.js";

await runConformance("split");
