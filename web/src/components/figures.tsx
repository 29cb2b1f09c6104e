import { text } from "../i18n/text.js";
import { figuresOf, type Figure } from "../state/figures.js";
import { mainChannel, misses, player, status } from "../state/store.js";
import { offlineMisses } from "../state/heartbeat.js";

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
      <dl>
        {figuresOf(facts, text.value).map((figure) => (
          <FigureRow key={figure.key} figure={figure} />
        ))}
      </dl>
    </section>
  );
}

function FigureRow({ figure }: { figure: Figure }) {
  const { value } = figure;
  return (
    <div class="figure" data-part={figure.part}>
      <dt>{figure.label}</dt>
      <dd data-testid={`figure-${figure.key}`} data-known={"known" in value}>
        {"known" in value ? value.known : <Unknown why={value.unknown} />}
      </dd>
    </div>
  );
}

function Unknown({ why }: { why: string }) {
  return (
    <span title={why}>
      <span aria-hidden="true">–</span>
      <small>{why}</small>
    </span>
  );
}
