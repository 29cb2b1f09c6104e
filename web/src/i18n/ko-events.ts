import type { EventTexts } from "./event-texts.js";

export const koEvents: EventTexts = {
  guardReduced: "보호 기능이 영상을 가볍게 했습니다",
  guardStopped: "보호 기능이 영상을 멈췄습니다",
  guardBack: "보호 기능이 한 단계 되돌렸습니다",
  cameraStalled: "카메라가 영상을 보내지 않았습니다",
  cameraFrozen: "카메라가 같은 영상만 보냈습니다",
  cameraLost: "카메라가 끊겼습니다",
  encoderStalled: "인코더가 아무것도 만들지 않았습니다",
  encoderFailed: "인코더에 오류가 났습니다",
  nginxDied: "웹 서버가 끝나 다시 시작했습니다",
  controllerBlocked: "서비스 자체가 멈춰 있었습니다",
  serviceCrashed: "서비스가 갑자기 끝나 다시 시작했습니다",
  serviceDown: "기기가 꺼졌거나 다시 시작되었습니다",
  serviceStopped: "서비스를 멈췄습니다",
  switch: "전환",
};
