// `npm run deployment`: the embedded deployment on its own, until Ctrl-C, with what the convex CLI needs to use it.
import { startEmbedded } from "../test/deployment/index.js";

const deployment = await startEmbedded({ log: (line) => console.error(line) });
console.log(`CONVEX_SELF_HOSTED_URL=${deployment.url}`);
console.log(`CONVEX_SELF_HOSTED_ADMIN_KEY='${deployment.adminKey}'`);
const end = () => void deployment.stop().then(() => process.exit(0));
process.once("SIGINT", end).once("SIGTERM", end);
