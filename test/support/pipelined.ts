import { once } from "node:events";
import { connect } from "node:net";

export interface PipelinedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: object;
}

export interface PipelinedAnswer {
  readonly status: number;
  readonly body: unknown;
}

const blankLine = "\r\n\r\n";

function textOf({ method, path, body }: PipelinedRequest): string {
  const json = JSON.stringify(body);
  const head = [`${method} ${path} HTTP/1.1`, "Host: 127.0.0.1", "Content-Type: application/json"];
  return `${[...head, `Content-Length: ${Buffer.byteLength(json)}`].join("\r\n")}${blankLine}${json}`;
}

/** The first answer of what was received, and how long it is; null: it is not whole yet. */
function takeAnswer(held: Buffer): { readonly answer: PipelinedAnswer; readonly length: number } | null {
  const head = held.indexOf(blankLine);
  if (head < 0) return null;
  const text = held.toString("latin1", 0, head);
  const begin = head + blankLine.length;
  const end = begin + Number(/^content-length: (\d+)$/im.exec(text)?.[1]);
  if (Number.isNaN(end)) throw new Error(`An answer without a length: ${text}`);
  if (held.length < end) return null;
  const body = JSON.parse(held.toString("utf8", begin, end)) as unknown;
  return { answer: { status: Number(text.split(" ", 2)[1]), body }, length: end };
}

/**
 * Sends all requests at once on one connection to the controller, which so begins with each in this order without having
 * answered the one before. Resolves with the answers in the same order.
 */
export async function pipelined(port: number, requests: readonly PipelinedRequest[]): Promise<PipelinedAnswer[]> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(requests.map(textOf).join(""));
  const answers: PipelinedAnswer[] = [];
  let held = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    held = Buffer.concat([held, chunk]);
    for (let taken = takeAnswer(held); taken !== null; taken = takeAnswer(held)) {
      answers.push(taken.answer);
      held = held.subarray(taken.length);
    }
    if (answers.length === requests.length) return answers;
  }
  throw new Error(`The connection ended after ${answers.length} of ${requests.length} answers.`);
}
