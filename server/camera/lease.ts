/** What a lease covers: one camera by its number, or all of them (a listing acquires every camera). */
export type LeaseScope = number | "all";

/** The right to open a camera. Whoever acquired it releases it, once what it ran is gone; further calls do nothing. */
export interface Lease {
  readonly scope: LeaseScope;
  release(): void;
}

interface Waiter {
  readonly lease: Lease;
  readonly grant: () => void;
}

function conflict(one: LeaseScope, other: LeaseScope): boolean {
  return one === "all" || other === "all" || one === other;
}

/**
 * One lease per camera, for rpicam-vid, rpicam-still and every listing alike (I1). First come, first served: nobody
 * passes a waiter whom it would keep waiting.
 */
export class Leases {
  readonly #held = new Set<Lease>();
  readonly #yielding = new Map<Lease, () => void>();
  #waiting: Waiter[] = [];

  /** The scopes that are leased now. */
  get held(): readonly LeaseScope[] {
    return [...this.#held].map(({ scope }) => scope);
  }

  /**
   * The lease if it is free at this moment and nobody waits, else null. `onWanted` is called when somebody comes to wait
   * for it: whoever holds it for something that matters less lets go.
   */
  tryAcquire(scope: LeaseScope, onWanted: () => void): Lease | null {
    const held = [...this.#held, ...this.#waiting.map(({ lease }) => lease)];
    if (held.some((other) => conflict(other.scope, scope))) return null;
    const lease: Lease = {
      scope,
      release: () => {
        this.#yielding.delete(lease);
        if (this.#held.delete(lease)) this.#grant();
      },
    };
    this.#held.add(lease);
    this.#yielding.set(lease, onWanted);
    return lease;
  }

  /** From now on `onWanted` is called when somebody comes to wait for what this lease covers; null: nobody is told. */
  yieldWhenWanted(lease: Lease, onWanted: (() => void) | null): void {
    if (onWanted === null) this.#yielding.delete(lease);
    else if (this.#held.has(lease)) this.#yielding.set(lease, onWanted);
  }

  /** Waits for its turn. Rejects with the signal's reason when that is aborted first. */
  acquire(scope: LeaseScope, signal?: AbortSignal): Promise<Lease> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const lease: Lease = {
        scope,
        release: () => {
          this.#yielding.delete(lease);
          if (this.#held.delete(lease)) this.#grant();
        },
      };
      const giveUp = (): void => {
        this.#waiting = this.#waiting.filter((waiter) => waiter.lease !== lease);
        reject(signal?.reason as Error);
        this.#grant();
      };
      const grant = (): void => {
        signal?.removeEventListener("abort", giveUp);
        resolve(lease);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#waiting.push({ lease, grant });
      this.#grant();
      if (!this.#held.has(lease)) this.#askToYield(scope);
    });
  }

  #askToYield(scope: LeaseScope): void {
    for (const [lease, onWanted] of this.#yielding) if (conflict(lease.scope, scope)) onWanted();
  }

  /** Grants every waiter whom neither a holder nor an earlier waiter keeps back. */
  #grant(): void {
    const kept: Waiter[] = [];
    for (const waiter of this.#waiting) {
      const before = [...this.#held, ...kept.map(({ lease }) => lease)];
      if (before.some(({ scope }) => conflict(scope, waiter.lease.scope))) {
        kept.push(waiter);
      } else {
        this.#held.add(waiter.lease);
        waiter.grant();
      }
    }
    this.#waiting = kept;
  }
}
