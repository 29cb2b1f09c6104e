import { text } from "../i18n/text.js";
import { figureGroups, type Figure, type FigureGroup } from "../state/figures.js";
import { offlineMisses } from "../state/heartbeat.js";
import { mainChannel, misses, player, status } from "../state/store.js";

/** Live figures of the picture and of the machine (C1, C2). */
export function Figures() {
  const facts = {
    online: misses.value < offlineMisses && status.value !== null,
    status: status.value,
    channel: mainChannel.value,
    player: player.value,
  };
  return (
    <section class="card figures" aria-labelledby="figures-title">
      <h2 id="figures-title">{text.value.figures}</h2>
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

function FigureRow({ figure: { key, label, value, part }, saysWhy }: { figure: Figure; saysWhy: boolean }) {
  return (
    <div class="figure" data-part={part}>
      <dt>{label}</dt>
      <dd data-testid={`figure-${key}`} data-known={"known" in value}>
        {"known" in value ? value.known : <Unknown why={value.unknown} saysWhy={saysWhy} />}
      </dd>
    </div>
  );
}

function Unknown({ why, saysWhy }: { why: string; saysWhy: boolean }) {
  return (
    <span title={why}>
      <span aria-hidden="true">–</span>
      <small class={saysWhy ? "" : "visually-hidden"}>{why}</small>
    </span>
  );
}
