import type { Receipt, SwitchStep, SwitchView } from "../../../server/http/wire.js";

export interface ProgressStep {
  readonly step: SwitchStep;
  readonly state: "done" | "now" | "todo";
}

/** A running switch, as the strip on the picture shows it. */
export interface Progress {
  readonly from: number | null;
  readonly to: number | null;
  readonly direction: "forward" | "back";
  /** Null: it was just asked for on this page. */
  readonly trigger: Receipt["trigger"] | null;
  /** Camera of the request behind it. */
  readonly waiting: number | null;
  readonly startedAtMs: number;
  readonly steps: readonly ProgressStep[];
}

export interface ProgressFacts {
  readonly view: SwitchView | null;
  /** When that view arrived. */
  readonly viewAtMs: number;
  /** A request of this page that is not answered yet. */
  readonly pending: { readonly to: number | null; readonly atMs: number; readonly seen: boolean } | null;
}

/** “Prepare” is off the critical path: it is not shown. */
const stopSteps = ["stop", "drain"] as const;
const startSteps = ["start", "handOver", "verify"] as const;

/** The switch that runs, else the one just asked for, which begins with the click; null if there is neither. */
export function progressOf({ view, viewAtMs, pending }: ProgressFacts): Progress | null {
  if (view?.kind === "switching") {
    const startedAtMs = viewAtMs - view.elapsedMs;
    const asked = pending !== null && pending.to === view.to && pending.atMs < startedAtMs;
    return {
      from: view.from,
      to: view.to,
      direction: view.direction,
      trigger: view.trigger,
      waiting: view.waiting,
      startedAtMs: asked ? Math.max(pending.atMs, startedAtMs - mostLeadMs) : startedAtMs,
      steps: stepsAt(stepsOf(view), view.step),
    };
  }
  if (pending === null || pending.seen) return null;
  const from = view?.kind === "idle" ? view.live : null;
  if (from !== null && from === pending.to) return null;
  const steps = stepsAt(stepsOf({ from, to: pending.to, direction: "forward" }), "prepare");
  const asked = { from, to: pending.to, direction: "forward", trigger: null } as const;
  return { ...asked, waiting: null, startedAtMs: pending.atMs, steps };
}

/** A request that waited behind another switch is older than its own; the way to the service is shorter than this. */
const mostLeadMs = 500;

/** On the way back the former camera is started again, whatever had been stopped. */
function stepsOf(way: { from: number | null; to: number | null; direction: "forward" | "back" }): SwitchStep[] {
  const target = way.direction === "back" ? way.from : way.to;
  const source = way.direction === "back" ? way.to : way.from;
  return [...(source === null ? [] : stopSteps), ...(target === null ? [] : startSteps), "commit"];
}

function stepsAt(steps: readonly SwitchStep[], at: SwitchStep): ProgressStep[] {
  const place = steps.indexOf(at);
  return steps.map((step, index) => ({ step, state: stateOf(index, place) }));
}

function stateOf(index: number, place: number): ProgressStep["state"] {
  if (index === place) return "now";
  return index < place ? "done" : "todo";
}
