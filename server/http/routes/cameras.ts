import { z } from "zod";
import { cameraNumber } from "../camera-number.js";
import { jsonRoute, ok, type Route } from "../route.js";
import type { SmartToggleService } from "../service.js";
import { committed } from "../switch-answer.js";
import {
  cameraOrderSchema,
  cameraViewSchema,
  listedCameraSchema,
  profileChangeSchema,
  profilePatchSchema,
} from "../wire.js";

const cameras = z.array(cameraViewSchema);

/** The cameras, their profiles (A7) and their numbers (A1). */
export function camerasRoutes(service: SmartToggleService): Route[] {
  return [
    jsonRoute({
      method: "get",
      path: "/api/cameras",
      access: "viewer",
      summary: "All cameras with their profiles, and who else holds them",
      answers: { 200: { description: "By number", schema: z.array(listedCameraSchema) } },
      errors: [],
      handle: async () => ok(await service.listCameras()),
    }),
    // Before the address of one camera, which would take “order” for a number.
    jsonRoute({
      method: "put",
      path: "/api/cameras/order",
      access: "administrator",
      audit: "settingsChanged",
      summary: "Give the cameras new numbers",
      body: cameraOrderSchema,
      answers: { 200: { description: "By their new numbers", schema: cameras } },
      errors: ["setByEnvironment"],
      handle: async ({ body }) => ok(await service.reorderCameras(body.order)),
    }),
    jsonRoute({
      method: "patch",
      path: "/api/cameras/:camera",
      access: "operator",
      audit: "cameraChanged",
      summary: "Change some fields of a camera's profile",
      params: z.object({ camera: z.string().meta({ description: "Camera number" }) }),
      body: profilePatchSchema.refine((patch) => Object.keys(patch).length > 0, "must name at least one field"),
      answers: {
        200: {
          description: "Changed; with the receipt of the switch if the camera is live",
          schema: profileChangeSchema,
        },
      },
      errors: ["unknownCamera", "setByEnvironment", "superseded", "switchFailed"],
      async handle({ params, body }) {
        const change = await service.changeProfile(cameraNumber(params.camera), body);
        if (change.receipt !== null) committed(change.receipt);
        return ok(change);
      },
    }),
  ];
}
