import type { CameraView } from "../../../server/http/wire.js";

const widest = 16 / 9;
const tallest = 4 / 3;

/**
 * Width by height of the stage: that of the tallest picture among the cameras, from 4:3 to 16:9; 4:3 while none is
 * known. It does not depend on
 * the live camera, so that nothing on the page moves under the hand that switches.
 */
export function stageAspect(cameras: readonly Pick<CameraView, "profile">[]): number {
  if (cameras.length === 0) return tallest;
  const aspects = cameras.map(({ profile }) => profile.width / profile.height);
  return Math.max(tallest, Math.min(widest, ...aspects));
}
