import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";

export interface FromAddress {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** One request from another address of this machine (127.0.0.2 and so on): for others that is a visitor of the network. */
export async function requestFrom(
  localAddress: string,
  port: number,
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<FromAddress> {
  const { method = "GET", headers = {}, body } = options;
  const req = request({ host: "127.0.0.1", port, path, method, localAddress, headers, agent: false });
  req.end(body);
  const [res] = (await once(req, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of res.setEncoding("utf8")) text += chunk as string;
  return { status: res.statusCode ?? 0, headers: res.headers, text };
}
