/**
 * Stand-in for rpicam-vid (rpicam-apps 1.12): its command line, signals, exit codes and error texts, and a camera that
 * one process at a time can have. Only endless MJPEG on standard output is made.
 */
import { setTimeout as wait } from "node:timers/promises";
import { announceCameras, announceSensor, availableCameras, selectCamera } from "./available-cameras.js";
import { acquireCamera } from "./camera-lock.js";
import { parseRpicamOptions, timeMs } from "./command-line.js";
import { FaultReader } from "./fault-reader.js";
import { pictureOptions } from "./picture-options.js";
import { fail, say, sayAsLibcamera } from "./rpicam-voice.js";
import { readSimulation, simulationDirectory } from "./simulation.js";
import { VidSignals } from "./vid-signals.js";

/** The real program traps signals once the camera has started; before, they end it at once. */
const trapSignalsMs = 100;

const options = parseRpicamOptions(process.argv.slice(2));
if (options.codec !== "mjpeg" || options.output !== "-") fail("this simulation only gives mjpeg to standard output");
process.stdout.on("error", () => {
  // The real program dies of an exception in its output thread.
  say("terminate called after throwing an instance of 'std::runtime_error'\n  what():  failed to write output bytes");
  process.kill(process.pid, "SIGABRT");
});

const directory = simulationDirectory();
const { startMs, stopMs } = readSimulation(directory);
const cameras = availableCameras(directory);
announceCameras(cameras);
const camera = selectCamera(cameras, Number(options.camera));
const faults = new FaultReader(directory, camera.index);
if (faults.current?.kind === "busy" || !(await acquireCamera(directory, camera.index))) {
  sayAsLibcamera("INFO", "Camera camera.cpp:1021", "Pipeline handler in use by another process");
  fail(`failed to acquire camera ${camera.id}`);
}
const picture = pictureOptions(camera, options, { width: 640, height: 480, quality: 50 });
const streams = `configuring streams: (0) ${picture.width}x${picture.height}-YUV420/sYCC (1) ${camera.sensorSize}-raw`;
sayAsLibcamera("INFO", "Camera camera.cpp:1215", streams);
announceSensor(camera);

const signals = new VidSignals(options.initial === "pause");
void wait(Math.max(0, Math.min(trapSignalsMs, startMs) - performance.now())).then(() => {
  signals.install(options.signal ?? false);
});
// Loaded late, so that errors come as quickly as from the real program.
const { VidRun } = await import("./vid-run.js");
const timeoutMs = timeMs(options.timeout);
const run = new VidRun({ picture, fps: Number(options.framerate), faults, signals, startMs, timeoutMs });
await run.untilStopped();
await wait(Math.max(0, (signals.stopAskedMs ?? performance.now()) + stopMs - performance.now()));
process.exit(0);
