import type { Dictionary } from "../i18n/dictionary.js";
import { text } from "../i18n/text.js";
import type { Heartbeat } from "../state/heartbeat.js";
import { badge } from "../state/store.js";

export function badgeText(t: Dictionary, state: Heartbeat): string {
  const words: Record<Heartbeat, string> = {
    connecting: t.heartbeatConnecting,
    live: t.heartbeatLive,
    delay: t.heartbeatDelay,
    error: t.heartbeatError,
    offline: t.heartbeatOffline,
    off: t.heartbeatOff,
    resting: t.heartbeatResting,
  };
  return words[state];
}

/** LIVE, DELAY, ERROR or OFFLINE (C2). */
export function Badge() {
  return <BadgeOf state={badge.value} testId="badge" />;
}

export function BadgeOf({ state, testId }: { state: Heartbeat; testId: string }) {
  return (
    <span class="badge" data-testid={testId} data-state={state}>
      <span class="badge-dot" aria-hidden="true" />
      {badgeText(text.value, state)}
    </span>
  );
}
