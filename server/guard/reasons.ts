/** Why the guard changed the picture, in plain words. Pure. */
import type { Figure, Standing } from "./figures.js";
import type { Rung } from "./ladder.js";

/** The figure that moved the guard, its value and the threshold it crossed; null where the figure has no number. */
export interface GuardReason {
  readonly figure: Figure;
  readonly value: number | null;
  readonly threshold: number | null;
  readonly message: string;
}

const upwards: Record<Rung, string> = {
  normal: "the picture is as set",
  single: "only one camera is shown",
  slower: "the frame rate is lowered",
  smaller: "the picture is made smaller",
  mjpegOff: "instant viewing is ended",
  warmOff: "the second camera is no longer kept warm",
  stopped: "the picture is stopped",
};

const back: Record<Rung, string> = {
  normal: "the picture is as set again",
  single: "one step back, still only one camera is shown",
  slower: "one step back, the frame rate is still lowered",
  smaller: "one step back, the picture is still small",
  mjpegOff: "one step back, instant viewing is still off",
  warmOff: "one step back, the second camera is not kept warm",
  stopped: "the picture is stopped",
};

/** Of a step up. The hard limit of the temperature stands in for its threshold where that was crossed. */
export function reasonUp(figure: Figure, standing: Standing, to: Rung, hardLimitC?: number): GuardReason {
  const threshold = hardLimitC ?? standing.threshold;
  const { value } = standing;
  return { figure, value, threshold, message: `${over(figure, value, threshold)}: ${upwards[to]}.` };
}

/** Of a step back. */
export function reasonBack(figure: Figure, standing: Standing, to: Rung): GuardReason {
  const { value, calmBelow: threshold } = standing;
  return { figure, value, threshold, message: `${calm(figure, standing)}: ${back[to]}.` };
}

function over(figure: Figure, value: number | null, limit: number | null): string {
  switch (figure) {
    case "temperature":
      return `The temperature is ${rounded(value)} °C (limit ${rounded(limit)} °C)`;
    case "cpu":
      return `The processor is in use at ${rounded(value)} % (limit ${rounded(limit)} %)`;
    case "memory":
      return `The memory is in use at ${rounded(value)} % (limit ${rounded(limit)} %)`;
    case "throttling":
      return "The processor slows itself down because of heat";
  }
}

function calm(figure: Figure, { value, verdict, calmBelow }: Standing): string {
  if (verdict === "unknown") return `${names[figure]} has been unknown for long and does not count any more`;
  switch (figure) {
    case "temperature":
      return `The temperature is ${rounded(value)} °C (below ${rounded(calmBelow)} °C)`;
    case "cpu":
      return `The processor is in use at ${rounded(value)} % (below ${rounded(calmBelow)} %)`;
    case "memory":
      return `The memory is in use at ${rounded(value)} % (below ${rounded(calmBelow)} %)`;
    case "throttling":
      return "The processor does not slow itself down any more";
  }
}

const names: Record<Figure, string> = {
  temperature: "The temperature",
  cpu: "The use of the processor",
  memory: "The use of the memory",
  throttling: "Whether the processor slows itself down",
};

const rounded = (value: number | null): string => (value === null ? "?" : String(Math.round(value * 10) / 10));
