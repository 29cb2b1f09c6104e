/** What each file of HLS tests stands on: encoders recorded once, and a channel of its own for each test. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { ChannelFixture, RecordedEncoders } from "./channel-fixture.js";

export let recorded: RecordedEncoders;
export let channel: ChannelFixture;

/** To be called once, at the top of a file. */
export function setUpScene(): void {
  beforeAll(async () => {
    recorded = await RecordedEncoders.record();
  });
  afterAll(() => {
    recorded.remove();
  });
  beforeEach(() => {
    channel = new ChannelFixture();
  });
  afterEach(async () => {
    await channel.close();
  });
}
