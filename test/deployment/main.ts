// The process that hosts a deployment. Prints one JSON line with its addresses, then serves until it is ended.
import { createDeployment } from "./deployment.js";
import { attachSync } from "./sync.js";
import { createCloudServer, createSiteServer, listen, type Access } from "./http-server.js";

const {
  cloudPort = 0,
  sitePort = 0,
  adminKey = "",
  env = {},
  concurrency,
} = JSON.parse(process.env.STANDIN_OPTIONS ?? "{}") as {
  cloudPort?: number;
  sitePort?: number;
  adminKey?: string;
  env?: Record<string, string>;
  concurrency?: number;
};
const { stdout: out, stderr: errors } = process;
const log = (line: string) => errors.write(`${line}\n`);
const parent = process.ppid;

const cloud = createCloudServer(() => access);
const site = createSiteServer(() => access);
const cloudUrl = `http://127.0.0.1:${await listen(cloud, cloudPort)}`;
const siteUrl = `http://127.0.0.1:${await listen(site, sitePort)}`;
const deployment = createDeployment({
  ...{ cloudUrl, siteUrl, onLog: log },
  ...(concurrency && { concurrency }),
});
await deployment.setEnv(Object.entries(env).map(([name, value]) => ({ name, value })));
const access: Access = { deployment, adminKey, cloudUrl, siteUrl, log };
attachSync(cloud, () => access);
out.write(`${JSON.stringify({ cloudUrl, siteUrl })}\n`);

// A parent that died cannot end us any more.
setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
}, 1000).unref();
