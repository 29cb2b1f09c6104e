import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Disclosure } from "../components/disclosure.js";
import { text } from "../i18n/text.js";
import { closePlots, openPlots } from "../state/protection-actions.js";
import { limits, track } from "../state/protection-store.js";
import { status } from "../state/store.js";
import { Plot } from "./plot.js";
import { plotPlans } from "./plots.js";
import { inSteps } from "./track.js";

/** Who wants less motion sees the plots move on in steps of this length. */
const calmStepMs = 10_000;

/** The figures of the last ten minutes, with the lines at which the guard acts. */
export function PlotsCard() {
  return (
    <Disclosure id="plots" title={text.value.plots}>
      {() => <Plots />}
    </Disclosure>
  );
}

function Plots() {
  useEffect(() => {
    openPlots();
    return closePlots;
  }, []);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const samples = calm ? inSteps(track.value, calmStepMs) : track.value;
  // Alone of the status: its other parts change more often than anything is drawn.
  const resources = useComputed(() => status.value?.resources ?? null);
  return (
    <div class="plots">
      {plotPlans(resources.value, limits.value, text.value).map((plan) => (
        <Plot key={plan.key} plan={plan} samples={samples} />
      ))}
    </div>
  );
}
