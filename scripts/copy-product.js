/**
 * `node scripts/copy-product.js FOLDER`: puts what the product runs on into a folder, and nothing else: the built
 * programs and page, NGINX's templates, the npm packages it uses at run time, licence and documents. The folder is made
 * whole beside itself and then takes the former one's place.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Beside the packages. */
const parts = ["dist/server", "dist/web", "nginx", "docs", "package.json", "LICENSE", "README.md", "README.ko.md"];

/** Vite puts these into the page: at run time nobody loads them. */
const inPage = /^node_modules\/(?:hls\.js|preact|@preact\/signals(?:-core)?|uplot)$/;
/** What better-sqlite3 was compiled from, and what fluent-ffmpeg was tested with (12 MB). */
const isSource = (path) =>
  /\/better-sqlite3\/(?:deps|src|build\/Release\/(?:obj|\.deps))(?:\/|$)/.test(path) ||
  /\/fluent-ffmpeg\/(?:coverage|tools)(?:\/|$)/.test(path);

/** Folders of the npm packages of the lock file that are no tools of developers, and were installed on this machine. */
function packages() {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== "" && dev !== true && devOptional !== true)
    .map(([path]) => path)
    .filter((path) => !inPage.test(path) && existsSync(join(root, path)));
}

/** A package alone: those below it are entries of the lock file of their own. */
function copyPackage(path, target) {
  const nested = join(root, path, "node_modules");
  const filter = (source) => source !== nested && !isSource(source);
  cpSync(join(root, path), join(target, path), { recursive: true, filter, verbatimSymlinks: true });
}

const target = process.argv[2];
if (target === undefined) throw new Error("Which folder?");
const [fresh, former] = [`${target}.new`, `${target}.old`];
for (const folder of [fresh, former]) rmSync(folder, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
for (const part of parts) cpSync(join(root, part), join(fresh, part), { recursive: true });
for (const path of packages()) copyPackage(path, fresh);
if (existsSync(target)) renameSync(target, former);
renameSync(fresh, target);
rmSync(former, { recursive: true, force: true });
