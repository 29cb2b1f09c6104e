import { z } from "zod";
import { toAppError } from "../../lib/errors.js";
import type { RecorderAnswer, RecorderRequests, RequestHandlers, RequestKind } from "../messages.js";
import { libraryParams } from "./requests.js";

const paramsSchemas: { readonly [Kind in RequestKind]: z.ZodType<RecorderRequests[Kind]["params"]> } = {
  status: z.strictObject({}),
  ...libraryParams,
};

/** Checks what a client may have said, and answers it. Never rejects. */
export async function answerRequest(
  kind: string,
  params: unknown,
  handlers: () => Promise<RequestHandlers>,
  onError: (error: unknown) => void,
): Promise<RecorderAnswer> {
  try {
    if (!(kind in paramsSchemas)) throw new Error(`There is no request ${kind}.`);
    return { ok: true, result: await handle(await handlers(), kind as RequestKind, params) };
  } catch (error) {
    onError(error);
    const { code, message } = toAppError(error);
    return { ok: false, code, message };
  }
}

function handle(handlers: RequestHandlers, kind: RequestKind, params: unknown): unknown {
  // Each handler takes what the schema of its own kind gives: more than the types can say of a union of kinds.
  const act = handlers[kind] as (params: unknown) => unknown;
  return act(paramsSchemas[kind].parse(params));
}
