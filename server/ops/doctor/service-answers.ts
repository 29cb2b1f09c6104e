/** What a running controller says of itself, on its own port of loopback. */
import { readUnit } from "./service-probes.js";
import type { ServiceFacts } from "./judge-service.js";

const limitMs = 3000;

/** Its answer as JSON and whether it was a good one; null: nobody answers, or something that is not ours. */
export async function askController(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ ok: boolean; body: unknown } | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, signal: AbortSignal.timeout(limitMs) });
    return { ok: response.ok, body: await response.json() };
  } catch {
    return null;
  }
}

/** `headers` show who asks: why there is no picture is not told to everybody. */
export async function readService(port: number, headers: Readonly<Record<string, string>>): Promise<ServiceFacts> {
  const health = await askController(port, "/healthz");
  if (health?.ok !== true) return { answers: false, unit: await readUnit() };
  const ready = await askController(port, "/readyz", headers);
  const { detail = "it does not say why" } = (ready?.body ?? {}) as { detail?: string };
  return { answers: true, live: ready?.ok === true, why: detail };
}
