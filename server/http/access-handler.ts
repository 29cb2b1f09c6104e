/**
 * Answers NGINX when it asks whether a request may have a file that NGINX gives out itself (`auth_request`). The address
 * names the role, never the file: what NGINX decodes or normalises otherwise than we do can make no difference.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { roles } from "../accounts/role.js";
import type { Door } from "./door.js";
import { sendProblem, toRequestError } from "./problem.js";
import { AppError } from "../lib/errors.js";

const prefix = "/_access/";

export const isAccessQuestion = (url: string | undefined): boolean => url?.startsWith(prefix) === true;

/** 204, or the problem. Never throws. */
export async function answerAccess(door: Door, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    const role = roles.find((name) => req.url === prefix + name);
    if (role === undefined) throw new AppError("notFound", "There is nothing at this address.");
    await door.enter(req, role);
    res.writeHead(204).end();
  } catch (thrown) {
    sendProblem(res, toRequestError(thrown));
  }
}
