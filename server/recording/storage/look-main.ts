/**
 * A look at the disk of the recordings while no recorder runs: a program of its own, because a disk that hangs holds
 * whoever asks it (I8). Writes nothing. Told the folders of recordings and state; says on its standard output what it
 * saw. An error of the disk ends it with another code than 0: what the error means, the recorder finds out.
 */
import { access, constants } from "node:fs/promises";
import { nearestFolder, RecordingsFolder } from "./recordings-folder.js";
import { spaceOf } from "./space.js";

const [directory = "", state = ""] = process.argv.slice(2);
const isMissing = (await new RecordingsFolder(directory, state).judge()) === "missing";
// One that was never made is made where it can be.
const nearest = await nearestFolder(directory);
await access(nearest, constants.W_OK);
process.stdout.write(JSON.stringify(isMissing ? null : await spaceOf(nearest)));
