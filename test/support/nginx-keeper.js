// A process that owns a managed NGINX: for tests that kill the owner. Argument: the settings as JSON.
import { silentLog } from "../../dist/server/lib/log.js";
import { Nginx } from "../../dist/server/ops/nginx.js";

const nginx = await Nginx.start({ settings: JSON.parse(process.argv[2]), log: silentLog });
process.stdout.write(`${nginx.pid}\n`);
