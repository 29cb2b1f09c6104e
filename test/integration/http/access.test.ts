import { afterAll, beforeAll, describe } from "vitest";
import { AccessScene } from "../../support/access-scene.js";
import { tellMedia } from "./access/media.js";
import { tellNames } from "./access/names.js";
import { tellRoles } from "./access/roles.js";
import { tellSessions } from "./access/sessions.js";

/** One site for all stories: a start of it costs more than most of them. */
describe("G5 accounts, through NGINX", () => {
  let scene: AccessScene;

  beforeAll(async () => {
    scene = await AccessScene.start();
  });

  afterAll(() => scene.close());

  const open = () => scene;
  // First of all, because nothing has had an effect yet.
  tellRoles(open);
  tellMedia(open);
  tellSessions(open);
  tellNames(open);
});
