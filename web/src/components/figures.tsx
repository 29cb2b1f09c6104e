import { text } from "../i18n/text.js";
import type { Figure } from "../state/figure.js";
import { figureGroups, type FigureGroup } from "../state/figures.js";
import { online } from "../state/protection-store.js";
import { instant, stageChannel, pictureFrom, player, status } from "../state/store.js";
import type { Unknown } from "../state/unknown-figure.js";
import { DrillMark } from "./drill-mark.js";
import { GuardBadge } from "./guard-badge.js";

/** Live figures of the picture and of the machine (C1, C2). */
export function Figures() {
  const facts = {
    online: online.value,
    status: status.value,
    channel: stageChannel.value,
    player: player.value,
    instant: pictureFrom.value === "instant" ? (instant.value?.figures ?? null) : null,
  };
  return (
    <section class="card figures" aria-labelledby="figures-title">
      <h2 id="figures-title">{text.value.figures}</h2>
      <GuardBadge />
      <div class="figure-groups">
        {figureGroups(facts, text.value).map((group) => (
          <Group key={group.title} group={group} />
        ))}
      </div>
    </section>
  );
}

function Group({ group: { title, absent, figures } }: { group: FigureGroup }) {
  return (
    <div>
      <h3>{title}</h3>
      {absent !== null && <p class="figures-absent">{absent}</p>}
      <dl>
        {figures.map((figure) => (
          <FigureRow key={figure.key} figure={figure} saysWhy={absent === null} />
        ))}
      </dl>
    </div>
  );
}

function FigureRow({ figure, saysWhy }: { figure: Figure; saysWhy: boolean }) {
  const { key, label, value, part, bad, simulated } = figure;
  return (
    <div class="figure" data-part={part} data-bad={bad}>
      <dt>{label}</dt>
      <dd data-testid={`figure-${key}`} data-known={"known" in value}>
        {simulated && <DrillMark />}
        {"known" in value ? value.known : <UnknownValue value={value} saysWhy={saysWhy} />}
      </dd>
    </div>
  );
}

function UnknownValue({ value: { unknown, why }, saysWhy }: { value: Unknown; saysWhy: boolean }) {
  return (
    <span title={why ?? unknown}>
      {!saysWhy && <span aria-hidden="true">–</span>}
      <small class={saysWhy ? "" : "visually-hidden"}>{unknown}</small>
    </span>
  );
}
