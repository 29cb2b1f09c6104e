/** Incidents of the controller itself. */
import type { Incidents, NewIncident } from "../../guard/ledger/incidents.js";
import type { ResourceMonitor } from "../../guard/resources/resource-monitor.js";
import { describeEnd, type ControllerEnd } from "../../ops/supervision.js";

/** Of the controller before this one, as the supervisor tells, and of an event loop that stood still. */
export function reportController(incidents: Incidents, last: ControllerEnd | null, monitor: ResourceMonitor): void {
  if (last !== null) incidents.note(endIncident(last));
  monitor.on("loopBlocked", (blockedMs) => {
    const seconds = (blockedMs / 1000).toFixed(1);
    incidents.note({
      ...{ kind: "controller", code: "controllerBlocked", severity: "warning", value: Math.round(blockedMs) },
      message: `The controller stood still for ${seconds} s and goes on. If it happens often, the device is overloaded.`,
    });
  });
}

function endIncident(end: ControllerEnd): NewIncident {
  const codes = { exited: "controllerCrashed", killed: "controllerKilled", unresponsive: "controllerUnresponsive" };
  const what = describeEnd(end);
  const message = `${what.charAt(0).toUpperCase()}${what.slice(1)}; it was started again. ${advice(end)}`.trim();
  return { kind: "controller", code: codes[end.kind], severity: "error", message };
}

function advice(end: ControllerEnd): string {
  if (end.kind === "exited") return "The log of that moment says why.";
  if (end.kind === "unresponsive") return "If it happens again, the device is overloaded or its disk hangs.";
  return end.outOfMemory === true ? "See what else uses the memory." : "";
}
