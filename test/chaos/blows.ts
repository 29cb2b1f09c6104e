/**
 * The blows of a chaos run. Each is over when it resolves: what it set it has taken back, and only the product can make
 * a picture again. They act from outside, through signals, files, sensors and the API.
 */
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { FaultInput } from "../../server/camera/simulated/faults.js";
import { frameRates } from "../../server/config/profile.js";
import { rolesOf } from "../bench/roles.js";
import { until } from "../support/until.js";
import { between, oneOf, type World } from "./world.js";

export interface Blow {
  readonly name: string;
  /** How often it falls, beside the others. */
  readonly weight: number;
  readonly strike: (world: World) => Promise<void>;
}

type Victim = "camera" | "encoder" | "nginx";

function victims({ product }: World, victim: Victim): readonly number[] {
  const { cameras, encoders, nginx } = rolesOf(product);
  return { camera: cameras, encoder: encoders, nginx }[victim];
}

/** It may have ended since it was looked up. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function kill(victim: Victim): Blow["strike"] {
  return (world) => {
    for (const pid of victims(world, victim)) signal(pid, "SIGKILL");
    return Promise.resolve();
  };
}

/** Halts it; the product may end it meanwhile. */
function halt(victim: Victim, leastMs: number, mostMs: number): Blow["strike"] {
  return async (world) => {
    const pids = victims(world, victim);
    for (const pid of pids) signal(pid, "SIGSTOP");
    await wait(between(world, leastMs, mostMs));
    for (const pid of pids) signal(pid, "SIGCONT");
  };
}

async function breakCamera(world: World): Promise<void> {
  const camera = between(world, 0, 1);
  const faults: readonly FaultInput[] = [
    { kind: "hang" },
    { kind: "freeze" },
    { kind: "restartLoop" },
    { kind: "garbage", everyFrames: 2 },
    { kind: "torn", everyFrames: 3 },
    { kind: "ignoreSigint", sigterm: true },
    { kind: "busy" },
    { kind: "gone" },
    { kind: "neverStarts" },
    { kind: "unevenRate", jitterMs: 80 },
    { kind: "die", signal: "SIGSEGV" },
  ];
  await world.product.setFault(camera, oneOf(world, faults));
  await wait(between(world, 200, 6000));
  await world.product.setFault(camera, null);
}

/** What the API answers is the business of the watches: in chaos a refusal is as good as a receipt. */
async function ask({ product }: World, path: string, body: object, method = "POST"): Promise<void> {
  await product.api(path, body, method).catch(() => undefined);
}

async function switchOver(world: World): Promise<void> {
  await ask(world, "/api/switch", { camera: between(world, 0, 1) });
}

async function switchWildly(world: World): Promise<void> {
  const many = Array.from({ length: between(world, 2, 12) }, () => switchOver(world));
  await Promise.all(many);
}

async function turnOffAndOn(world: World): Promise<void> {
  await ask(world, "/api/mode", { mode: "off" }, "PUT");
  await wait(between(world, 0, 3000));
  await turnOn(world);
}

/** The page's person presses until the cameras are on: that alone is not the product's to mend. */
async function turnOn(world: World): Promise<void> {
  await until("that the cameras are on", 30_000, async () => {
    await ask(world, "/api/mode", { mode: "toggle" }, "PUT");
    return (await world.product.status().catch(() => undefined))?.mode === "toggle";
  });
}

async function changeProfile(world: World): Promise<void> {
  const size = oneOf(world, [
    { width: 640, height: 480 },
    { width: 320, height: 240 },
  ]);
  const fps = oneOf(
    world,
    frameRates.filter((rate) => rate >= 10 && rate <= 30),
  );
  await ask(world, `/api/cameras/${between(world, 0, 1)}`, { ...size, fps }, "PATCH");
}

async function overheat(world: World): Promise<void> {
  world.pi.temperature(between(world, 76, 92));
  await wait(between(world, 500, 6000));
  world.pi.temperature(50);
}

async function killController({ product }: World): Promise<void> {
  await product.kill9();
  await until("the end of all children", 3000, () => product.processes().length === 0);
  product.spawn();
}

async function reboot(world: World): Promise<void> {
  const { product } = world;
  await product.kill9();
  await until("the end of all children", 3000, () => product.processes().length === 0);
  product.loseTmpfs();
  product.spawn();
}

async function haltController(world: World): Promise<void> {
  const { pid } = world.product;
  if (pid === undefined) return;
  signal(pid, "SIGSTOP");
  await wait(between(world, 100, 3000));
  signal(pid, "SIGCONT");
}

/** Clients that ask for events and never read, and ones that go at once (I8). */
async function rudeClients(world: World): Promise<void> {
  const { port } = new URL(world.product.url);
  const sockets = Array.from({ length: between(world, 5, 40) }, () => {
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    return socket.pause();
  });
  await wait(between(world, 0, 2000));
  for (const socket of sockets) socket.destroy();
}

export const blows: readonly Blow[] = [
  { name: "kill the camera", weight: 2, strike: kill("camera") },
  { name: "kill the encoder", weight: 2, strike: kill("encoder") },
  { name: "kill NGINX", weight: 1, strike: kill("nginx") },
  { name: "halt the camera", weight: 2, strike: halt("camera", 200, 5000) },
  { name: "halt the encoder", weight: 2, strike: halt("encoder", 200, 5000) },
  { name: "halt NGINX", weight: 1, strike: halt("nginx", 200, 4000) },
  { name: "break a camera", weight: 5, strike: breakCamera },
  { name: "switch", weight: 5, strike: switchOver },
  { name: "switch wildly", weight: 2, strike: switchWildly },
  { name: "off and on", weight: 1, strike: turnOffAndOn },
  { name: "change a profile", weight: 2, strike: changeProfile },
  { name: "overheat", weight: 2, strike: overheat },
  { name: "kill the controller", weight: 1, strike: killController },
  { name: "reboot", weight: 1, strike: reboot },
  { name: "halt the controller", weight: 1, strike: haltController },
  { name: "rude clients", weight: 1, strike: rudeClients },
];

/** The next blow, by weight. */
export function nextBlow({ random }: Pick<World, "random">): Blow {
  const total = blows.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  for (const blow of blows) {
    left -= blow.weight;
    if (left < 0) return blow;
  }
  throw new Error("There is no blow.");
}
