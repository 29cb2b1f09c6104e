import type { Dictionary } from "../i18n/dictionary.js";
import { formatDuration } from "../i18n/format.js";
import { reasonText, text } from "../i18n/text.js";
import type { TurnedAway } from "../state/cover.js";
import { secondsLeft, useNowMs } from "./use-now.js";

/** Why this page gets no instant view: all places are taken, or what the service says. */
export function turnedAwayTitle(t: Dictionary, { refusal }: TurnedAway): { title: string; detail: string } {
  if (refusal.holders.length > 0) return { title: t.turnedAwayFullTitle, detail: "" };
  return { title: t.turnedAwayTitle, detail: reasonText(refusal.code, refusal.message) };
}

/** Who has the places, and when the other view comes by itself. */
export function TurnedAwayWords({ view: { refusal, untilMs } }: { view: TurnedAway }) {
  const t = text.value;
  const nowMs = useNowMs();
  return (
    <>
      {refusal.holders.length > 0 && (
        <ul class="cover-detail" data-testid="holders">
          {refusal.holders.map(({ address, sinceMs }, place) => (
            <li key={place}>{t.turnedAwayHolder(address, formatDuration(sinceMs))}</li>
          ))}
        </ul>
      )}
      <p class="cover-detail">{t.turnedAwayGoesOn(secondsLeft(untilMs - nowMs, nowMs, nowMs))}</p>
    </>
  );
}
