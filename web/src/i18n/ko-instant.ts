import type { Dictionary } from "./dictionary.js";
import type { enInstant } from "./en-instant.js";

/** 즉시 보기와 사진 저장의 문구, 한국어. */
export const koInstant: Pick<Dictionary, keyof typeof enInstant> = {
  delivery: "영상 전송 방식",
  deliveryHls: "효율",
  deliveryHlsHint: "효율(HLS): 부드럽고 네트워크 부담이 적으며, 약 1초 늦습니다",
  deliveryInstant: "즉시",
  deliveryInstantHint: "즉시(MJPEG): 지연이 거의 없지만 데이터를 더 쓰고, 볼 수 있는 자리가 적습니다",
  keyDelivery: "효율 보기/즉시 보기",
  snapshot: "이 장면 저장",
  snapshotNone: "아직 나온 영상이 없습니다",
  keySnapshot: "장면 저장",
  fullScreenNeedsHls: "이 휴대전화에서는 효율 보기만 전체 화면으로 볼 수 있습니다",

  turnedAwayTitle: "지금은 즉시 보기를 할 수 없습니다",
  turnedAwayFullTitle: "즉시 보기 자리가 모두 찼습니다",
  turnedAwayHolder: (address, time) => `${address}, ${time} 동안`,
  turnedAwayGoesOn: (seconds) => `${seconds}초 후 효율 보기로 바뀝니다.`,
  turnedAwayButton: "지금 효율 보기로",

  figuresInstant: "즉시 보기",
  figureInstantLatency: "기기에서 화면까지",
  figureInstantFps: "초당 표시",
  figureInstantFrames: "표시한 프레임",
  figureInstantSize: "평균 프레임 크기",
  figureInstantDropped: "건너뛴 프레임",
};
