import { expect, it } from "vitest";
import { withParticle } from "../../../../web/src/i18n/particles.js";

it("particles follow the sound of the word before them (C3)", () => {
  const said = (word: string) => (["을/를", "은/는", "으로/로"] as const).map((pair) => withParticle(word, pair));
  expect(said("카메라")).toEqual(["카메라를", "카메라는", "카메라로"]);
  expect(said("현관")).toEqual(["현관을", "현관은", "현관으로"]);
  expect(said("거실")).toEqual(["거실을", "거실은", "거실로"]);
  // 영, 일, 이.
  expect(["카메라 0", "카메라 1", "카메라 2"].map((word) => withParticle(word, "으로/로"))).toEqual([
    "카메라 0으로",
    "카메라 1로",
    "카메라 2로",
  ]);
  expect(withParticle("카메라 1", "을/를")).toBe("카메라 1을");
  expect(said("Garage")).toEqual(["Garage을(를)", "Garage은(는)", "Garage(으)로"]);
  expect(withParticle("", "은/는")).toBe("은(는)");
});
