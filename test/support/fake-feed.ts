import { EventEmitter } from "node:events";
import type { Frame } from "../../server/camera/frame.js";
import type { FrameFeed } from "../../server/live/frame-feed.js";

/** A channel whose frames a test gives by hand. */
export class FakeFeed extends EventEmitter<{ frame: [Frame] }> implements FrameFeed {
  newestFrame: Frame | null = null;

  give(frame: Frame): void {
    this.newestFrame = frame;
    this.emit("frame", frame);
  }
}
