/** `raspberry-pi-source.js ADDRESS KEY FOLDER`: writes apt's source for the packages of Raspberry Pi, with their key in it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const [address, keyAddress, folder] = process.argv.slice(2);
const answer = await fetch(keyAddress);
if (!answer.ok) throw new Error(`${keyAddress}: ${answer.status}`);
const key = (await answer.text()).trim();
if (!key.startsWith("-----BEGIN PGP PUBLIC KEY BLOCK-----")) throw new Error(`${keyAddress} is no key`);
// In the form of deb822 an empty line is a dot, and each line of a value begins with a blank.
const lines = key.split("\n").map((line) => ` ${line.trim() === "" ? "." : line.trim()}`);
const source = ["Types: deb", `URIs: ${address}`, "Suites: trixie", "Components: main", "Signed-By:", ...lines, ""];
writeFileSync(join(folder, "raspberry-pi.sources"), source.join("\n"));
