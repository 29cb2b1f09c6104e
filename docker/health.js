/** Health of the container: the controller answers. Whether its picture is live is no reason to start it again. */
const port = process.env.SMART_TOGGLE__HTTP__PORT ?? "8002";
fetch(`http://127.0.0.1:${port}/healthz`).then(
  (answer) => (process.exitCode = answer.ok ? 0 : 1),
  () => (process.exitCode = 1),
);
