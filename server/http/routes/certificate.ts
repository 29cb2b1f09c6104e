import { AppError } from "../../lib/errors.js";
import type { Route } from "../route.js";
import type { SmartToggleService } from "../service.js";

/** The self-made certificate, to be trusted on another device. It is no secret: every connection begins with it. */
export function certificateRoutes(service: SmartToggleService): Route[] {
  return [
    {
      kind: "text",
      method: "get",
      path: "/api/certificate",
      access: "open",
      summary: "The certificate that this service made for itself, to be trusted on other devices",
      answers: { 200: { description: "PEM", contentType: "application/x-x509-ca-cert" } },
      errors: ["notFound"],
      async page() {
        const text = await service.certificate();
        if (text === null) throw new AppError("notFound", "This service made no certificate (tls.mode).");
        return { contentType: "application/x-x509-ca-cert", text };
      },
    },
  ];
}
