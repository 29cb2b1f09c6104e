import { describe, expect, it } from "vitest";
import { edgeOf } from "../../bench/low-latency-client.js";

const head = "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n";
const part = (number: number) => `#EXT-X-PART:DURATION=0.20000,URI="part_${number}.m4s"\n`;
const segment = (number: number) => `#EXTINF:1.00000,\nseg_${number}.m4s\n`;

describe("edgeOf", () => {
  it("asks for the next part of the open segment", () => {
    const text = `${head}${part(35)}${segment(7)}${part(36)}${part(37)}#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part_38.m4s"\n`;
    expect(edgeOf(text)).toEqual({ sequence: 8, part: 2, uris: ["part_35.m4s", "part_36.m4s", "part_37.m4s"] });
  });

  it("asks for the first part of the next segment when none is open", () => {
    expect(edgeOf(`${head}${part(35)}${segment(7)}`)).toMatchObject({ sequence: 8, part: 0 });
  });
});
