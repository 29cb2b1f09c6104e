/**
 * Tells whoever starts the controller again, systemd or our own supervisor, that it lives. Built last, when the page is
 * served; closed first. It watches nothing itself: a pulse is given when all loops that do have turned.
 */
import type { Clock } from "../../lib/clock.js";
import type { Log } from "../../lib/log.js";
import { Liveness, type Turns } from "../../ops/liveness.js";
import { SdNotify } from "../../ops/sd-notify.js";
import { SupervisorLink } from "../../ops/supervisor-link.js";

export interface LifeSignsOptions {
  /** How often each supervision loop has turned. */
  readonly turns: Turns;
  /** What the service does now, in one line for people. */
  readonly status: () => string;
  readonly clock: Clock;
  readonly log: Log;
}

export class LifeSigns {
  readonly #liveness: Liveness;
  readonly #systemd: SdNotify;

  constructor({ turns, status, clock, log }: LifeSignsOptions) {
    const supervisor = new SupervisorLink();
    this.#systemd = new SdNotify({ env: process.env, clock, log: log.child({ part: "systemd" }) });
    this.#liveness = new Liveness(turns);
    this.#liveness.on("pulse", () => {
      supervisor.pulse();
      this.#systemd.pulse(status);
    });
    supervisor.started();
    this.#systemd.ready();
  }

  /** Tells that the service stops. */
  async close(): Promise<void> {
    this.#liveness.close();
    await this.#systemd.close();
  }
}
