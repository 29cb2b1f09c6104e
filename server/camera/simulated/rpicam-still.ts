/** Stand-in for rpicam-still: one JPEG of a simulated camera, to a file or to standard output. */
import { writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { announceCameras, announceSensor, availableCameras, selectCamera } from "./available-cameras.js";
import { acquireCamera } from "./camera-lock.js";
import { parseRpicamOptions } from "./command-line.js";
import { FaultReader } from "./fault-reader.js";
import { pictureOptions } from "./picture-options.js";
import { fail, sayAsLibcamera } from "./rpicam-voice.js";
import { readSimulation, simulationDirectory } from "./simulation.js";

const options = parseRpicamOptions(process.argv.slice(2));
const directory = simulationDirectory();
const cameras = availableCameras(directory);
announceCameras(cameras);
const camera = selectCamera(cameras, Number(options.camera));
const fault = new FaultReader(directory, camera.index).current;
if (fault?.kind === "busy" || !(await acquireCamera(directory, camera.index))) {
  sayAsLibcamera("INFO", "Camera camera.cpp:1021", "Pipeline handler in use by another process");
  fail(`failed to acquire camera ${camera.id}`);
}
announceSensor(camera);
const { CameraPicture } = await import("./camera-picture.js");
const [width = 0, height = 0] = camera.sensorSize.split("x").map(Number);
const picture = new CameraPicture(pictureOptions(camera, options, { width, height, quality: 93 }));
await wait(Math.max(0, readSimulation(directory).startMs - performance.now()));
const jpeg = await picture.jpeg({ frame: 1, epochMs: Date.now() });
if (options.output === "-") process.stdout.write(jpeg);
else writeFileSync(options.output, jpeg);
