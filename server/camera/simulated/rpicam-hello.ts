/** Stand-in for rpicam-hello: lists the simulated cameras, in the same words and the same order. */
import { availableCameras } from "./available-cameras.js";
import { parseRpicamOptions } from "./command-line.js";
import { fail } from "./rpicam-voice.js";
import { simulationDirectory, type SimulatedCamera } from "./simulation.js";

function describe({ model, sensorSize, colourOrder, id, format }: SimulatedCamera, number: number): string {
  const title = `${number} : ${model} [${sensorSize} 10-bit ${colourOrder}] (${id})`;
  const modes = `    Modes: '${format}' : ${sensorSize} [30.00 fps - (0, 0)/${sensorSize} crop]`;
  return `${title}\n${modes}\n`;
}

const options = parseRpicamOptions(process.argv.slice(2));
if (options["list-cameras"] !== true) fail("this simulation of rpicam-hello only lists cameras");
const cameras = availableCameras(simulationDirectory());
console.log(
  cameras.length === 0
    ? "No cameras available!"
    : ["Available cameras", "-----------------", ...cameras.map(describe)].join("\n"),
);
