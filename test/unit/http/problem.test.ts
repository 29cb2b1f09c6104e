import { describe, expect, it } from "vitest";
import { RequestError, toProblem, toRequestError } from "../../../server/http/problem.js";
import { AppError } from "../../../server/lib/errors.js";
import { exampleReceipt } from "../../support/fake-service.js";

describe("a problem document", () => {
  it("has the status and title of its code, and the particulars", () => {
    const problem = toProblem(new AppError("unknownCamera", "There is no camera 9."), "/api/cameras/9");
    expect(problem).toEqual({
      type: "urn:smart-toggle:problem:unknownCamera",
      title: "There is no such camera",
      status: 404,
      code: "unknownCamera",
      detail: "There is no camera 9.",
      instance: "/api/cameras/9",
    });
  });

  it("carries the receipt of a failed switch", () => {
    const error = new RequestError("switchFailed", "It failed.", { receipt: exampleReceipt });
    expect(toProblem(error).receipt).toEqual(exampleReceipt);
  });

  it("never tells what an unexpected error says", () => {
    const problem = toProblem(toRequestError(new Error("/etc/shadow")));
    expect(JSON.stringify(problem)).not.toContain("shadow");
    expect(problem.status).toBe(500);
  });
});
