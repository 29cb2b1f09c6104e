import type { ErrorDetails, ErrorTypes } from "hls.js";
import type { Recovery } from "./engine.js";

/** An error of hls.js, as far as the policy looks at it. */
export interface PlayerError {
  readonly type: `${ErrorTypes}`;
  readonly details: `${ErrorDetails}`;
  readonly fatal: boolean;
}

interface Rule {
  readonly type: PlayerError["type"] | "any";
  readonly details: readonly PlayerError["details"][] | "any";
  readonly fatal: boolean;
  readonly action: Recovery | "ignore";
}

/**
 * The first rule that fits decides. What is not fatal hls.js mends by itself (it retries, and nudges over holes), except
 * a part that is gone: then the picture is too far behind.
 */
export const errorRules: readonly Rule[] = [
  { type: "networkError", details: ["fragLoadError"], fatal: false, action: "jump" },
  { type: "any", details: "any", fatal: false, action: "ignore" },
  // A decoder that was set up for other codecs does not come back by a reset of its source buffer.
  {
    type: "mediaError",
    details: ["manifestIncompatibleCodecsError", "bufferIncompatibleCodecsError", "bufferAddCodecError"],
    fatal: true,
    action: "recreate",
  },
  { type: "mediaError", details: "any", fatal: true, action: "recoverMedia" },
  { type: "any", details: "any", fatal: true, action: "recreate" },
];

export function actionFor(error: PlayerError): Recovery | "ignore" {
  return errorRules.find((rule) => fits(rule, error))?.action ?? "recreate";
}

function fits(rule: Rule, error: PlayerError): boolean {
  return (
    rule.fatal === error.fatal &&
    (rule.type === "any" || rule.type === error.type) &&
    (rule.details === "any" || rule.details.includes(error.details))
  );
}
