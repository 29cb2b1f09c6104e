import { useEffect, useRef } from "preact/hooks";
import { text } from "../i18n/text.js";
import {
  badge,
  isFormer,
  labelOf,
  liveCamera,
  pictureFrom,
  player,
  shownCamera,
  sideChannel,
  stageChannel,
  status,
} from "../state/store.js";
import { stageAspect } from "../state/stage-aspect.js";
import { progress } from "../state/view.js";
import { stage } from "../state/stage-player.js";
import { Badge } from "./badge.js";
import { CoverNews, CoverPanel } from "./cover-panel.js";
import { DeliveryChoice } from "./delivery-choice.js";
import { GuardBanner } from "./guard-banner.js";
import { LeaveFullScreenButton } from "./full-screen-button.js";
import { RecordButton } from "../recordings/record-button.js";
import { SideView } from "./side-view.js";
import { SnapshotButton } from "./snapshot-button.js";
import { SwitchStrip } from "./switch-strip.js";

/**
 * The large player. The elements of the picture and the players on them are made once and live as long as the page:
 * everything else here lies over them.
 */
export function Stage() {
  const t = text.value;
  const camera = shownCamera.value;
  const label = camera === null ? null : labelOf(camera);
  return (
    <div
      class="stage"
      id="stage"
      data-testid="stage"
      data-state={badge.value}
      data-switching={progress.value !== null}
      data-former={isFormer.value}
      data-player={player.value.kind}
      data-delivery={pictureFrom.value}
      data-camera={liveCamera.value ?? ""}
      data-shown-camera={camera ?? ""}
      data-layout={sideChannel.value === null ? "single" : "both"}
      data-generation={stageChannel.value?.generation ?? ""}
      style={{ "--aspect": String(stageAspect(status.value?.cameras ?? [])) }}
    >
      <Picture label={label === null ? t.noPicture : t.picture(label)} />
      <CoverPanel />
      <CoverNews />
      <div class="stage-top">
        <GuardBanner />
        <span class="stage-label" data-testid="label" title={label ?? undefined}>
          {label}
        </span>
        <Badge />
        <div class="stage-tools">
          <RecordButton />
          <DeliveryChoice />
          <SnapshotButton />
        </div>
      </div>
      <SideView />
      <LeaveFullScreenButton />
      <SwitchStrip />
    </div>
  );
}

function Picture({ label }: { label: string }) {
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const instant = useRef<HTMLCanvasElement>(null);
  const isInstant = pictureFrom.value === "instant";
  useEffect(() => {
    if (video.current === null || still.current === null || instant.current === null) return;
    return stage.mount({ video: video.current, still: still.current, instant: instant.current });
  }, []);
  return (
    <>
      <video
        ref={video}
        class="picture"
        data-testid="player"
        aria-label={label}
        aria-hidden={isInstant}
        autoplay
        muted
        playsInline
      />
      <canvas ref={still} class="picture" aria-hidden="true" hidden />
      <canvas
        ref={instant}
        class="picture"
        role="img"
        aria-label={label}
        aria-hidden={!isInstant}
        data-testid="instant"
        hidden
      />
    </>
  );
}
