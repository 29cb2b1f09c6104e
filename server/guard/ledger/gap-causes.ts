/** Why a picture was away, where nothing but its absence is known, and where the service itself was. */

export interface Cause {
  /** Stable. */
  readonly code: string;
  readonly message: string;
  /** Somebody asked for it. */
  readonly planned: boolean;
  readonly camera: number | null;
}

/** What silence looks like, until something better is known. */
export const guesses = {
  silentCamera: { code: "cameraStalled", message: "The camera gave no frame.", planned: false },
  frozenCamera: { code: "cameraFrozen", message: "The camera gave the same picture again and again.", planned: false },
  silentEncoder: {
    code: "encoderStalled",
    message: "Frames came, but no new media of them were published.",
    planned: false,
  },
  ownStandstill: {
    code: "controllerBlocked",
    message: "The controller itself stood still and took no frames.",
    planned: false,
  },
} as const;

/** Of the time between two runs of the service. */
export const outages = {
  crashed: {
    code: "serviceCrashed",
    message: "The service ended without being asked to, and was started again.",
    planned: false,
  },
  down: {
    code: "serviceDown",
    message: "The machine was off or restarted without the service being stopped first.",
    planned: false,
  },
  stopped: { code: "serviceStopped", message: "The service was stopped.", planned: true },
} as const;
