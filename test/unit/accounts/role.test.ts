import { describe, expect, it } from "vitest";
import { accessLevels, allows, roles } from "../../../server/accounts/role.js";

describe("G5 the roles", () => {
  it("may each what those before them may, and no more", () => {
    const may = roles.map((role) => accessLevels.filter((access) => allows(role, access)));
    expect(may).toEqual([
      ["open", "viewer"],
      ["open", "viewer", "operator"],
      ["open", "viewer", "operator", "administrator"],
    ]);
  });

  it("leave who is not signed in with what is open", () => {
    expect(accessLevels.filter((access) => allows(null, access))).toEqual(["open"]);
  });
});
