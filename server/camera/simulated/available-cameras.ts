import { FaultReader } from "./fault-reader.js";
import { fail, sayAsLibcamera } from "./rpicam-voice.js";
import { readSimulation, simulatedCamera, type SimulatedCamera } from "./simulation.js";

/** The cameras that are connected now, in rpicam's order: by descending id. */
export function availableCameras(directory: string): SimulatedCamera[] {
  return Array.from({ length: readSimulation(directory).count }, (_, index) => simulatedCamera(index))
    .filter(({ index }) => new FaultReader(directory, index).current?.kind !== "gone")
    .sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** What libcamera says while it looks for cameras. */
export function announceCameras(cameras: readonly SimulatedCamera[]): void {
  sayAsLibcamera("INFO", "Camera camera_manager.cpp:340", "libcamera v0.7.0 (simulated)");
  for (const { id, index } of cameras) {
    sayAsLibcamera("INFO", "Camera camera_manager.cpp:223", `Adding camera '${id}' for pipeline handler rpi/pisp`);
    const devices = `CFE device /dev/media${index * 2} and ISP device /dev/media${index * 2 + 1}`;
    sayAsLibcamera("INFO", "RPI pisp.cpp:1181", `Registered camera ${id} to ${devices} using PiSP variant BCM2712_D0`);
  }
}

/** What libcamera says of the camera that is opened, once its sensor is set up. */
export function announceSensor({ id, sensorSize }: SimulatedCamera): void {
  const formats = `Selected sensor format: ${sensorSize}-SBGGR10_1X10/RAW - Selected CFE format: ${sensorSize}-PC1B/RAW`;
  sayAsLibcamera("INFO", "RPI pisp.cpp:1485", `Sensor: ${id} - ${formats}`);
}

/** The camera of rpicam's number, or the end of the program with rpicam's error. */
export function selectCamera(cameras: readonly SimulatedCamera[], number: number): SimulatedCamera {
  if (cameras.length === 0) fail("no cameras available");
  return cameras[number] ?? fail("selected camera is not available");
}
