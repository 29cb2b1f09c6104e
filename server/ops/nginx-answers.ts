import { get } from "node:http";

/** Whether NGINX answers on its loopback port within `limitMs`. A stopped one takes the connection and says nothing. */
export function nginxAnswers(port: number, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path: "/nginx-answers", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 204);
    });
    const late = setTimeout(() => request.destroy(), limitMs);
    request.on("error", () => undefined);
    request.on("close", () => {
      clearTimeout(late);
      resolve(false);
    });
  });
}
