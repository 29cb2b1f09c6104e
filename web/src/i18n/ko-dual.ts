import type { Dictionary } from "./dictionary.js";
import type { enDual } from "./en-dual.js";

/** 동시 보기의 한국어 문구. */
export const koDual: Pick<Dictionary, keyof typeof enDual> = {
  mode: "카메라 작동 방식",
  modeToggle: "한 대씩",
  modeDual: "동시 보기",
  view: "여기에 보여 줄 영상",
  viewBoth: "나란히 보기",
  keyDual: "동시 보기/한 대씩 보기",
  modeLeft: "지금은 한 대씩 보여 줍니다.",
  changingMode: "카메라 작동 방식을 바꾸는 중",
};
