import { expect, it } from "vitest";
import type { IncidentPage } from "../../../server/http/wire-protection.js";
import { Product } from "../../support/product.js";
import { until } from "../../support/until.js";

it("a hardware encoder that this machine does not have is replaced by libx264, with an incident", async () => {
  const product = await Product.start({ settings: { stream: { encoder: "h264_v4l2m2m" } }, readyMs: 30_000 });
  try {
    const { service } = await until("libx264", 15_000, async () => {
      const status = await product.status();
      return status.service.encoder.taken === "libx264" ? status : null;
    });
    expect(service.encoder.why).toContain("h264_v4l2m2m failed");
    const { body } = await product.api<IncidentPage>("/api/incidents");
    expect(body.incidents.map(({ code }) => code)).toContain("encoderFellBack");
  } finally {
    await product.close();
  }
});
