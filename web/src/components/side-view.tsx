import { useEffect, useRef } from "preact/hooks";
import { text } from "../i18n/text.js";
import { RecordMark } from "../recordings/record-button.js";
import { mountSide, sideBadge, sideCover } from "../state/side-player.js";
import { labelOf, sideChannel } from "../state/store.js";
import { BadgeOf } from "./badge.js";
import { coverWords, isOpaque } from "./cover-panel.js";

/** Beside the large picture in dual mode: the other camera, with its own label and its own badge. */
export function SideView() {
  const channel = sideChannel.value;
  if (channel === null) return null;
  return <Side camera={channel.camera} />;
}

function Side({ camera }: { camera: number | null }) {
  const video = useRef<HTMLVideoElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (video.current === null || still.current === null) return;
    return mountSide(video.current, still.current);
  }, []);
  const t = text.value;
  const label = camera === null ? "" : labelOf(camera);
  return (
    <div class="side" data-testid="side" data-state={sideBadge.value} data-camera={camera ?? ""}>
      <video
        ref={video}
        class="picture"
        data-testid="side-player"
        aria-label={t.picture(label)}
        autoplay
        muted
        playsInline
      />
      <canvas ref={still} class="picture" aria-hidden="true" hidden />
      <SideCover />
      <div class="stage-top">
        <span class="stage-label" data-testid="side-label" title={label}>
          {label}
        </span>
        <BadgeOf state={sideBadge.value} testId="side-badge" />
        <div class="stage-tools">{camera !== null && <RecordMark camera={camera} />}</div>
      </div>
    </div>
  );
}

function SideCover() {
  const view = sideCover.value;
  const words = coverWords(text.value, view);
  if (words === null) return null;
  return (
    <div class="cover" data-testid="side-cover" data-kind={view.kind} data-opaque={isOpaque(view, sideChannel.value)}>
      {view.kind === "loading" && <span class="spinner" aria-hidden="true" />}
      <p class="cover-title">{words.title}</p>
      {words.detail !== "" && <p class="cover-detail">{words.detail}</p>}
    </div>
  );
}
