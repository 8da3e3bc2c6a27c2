import { DisconnectReason } from "livekit-client";
import { describe, expect, it } from "vitest";
import { goneBecause, isAgentMissing } from "./call-room";
import { CONSENT, wayOf, waysOf } from "./consent";
import { troubleOf } from "./microphone";

describe("the end of a stay", () => {
  it.each([
    [DisconnectReason.CLIENT_INITIATED, "left"],
    [DisconnectReason.DUPLICATE_IDENTITY, "elsewhere"],
    [DisconnectReason.ROOM_DELETED, "ended"],
    [DisconnectReason.ROOM_CLOSED, "ended"],
    [DisconnectReason.PARTICIPANT_REMOVED, "removed"],
    [DisconnectReason.STATE_MISMATCH, "lost"],
    [undefined, "lost"],
  ])("%s means %s", (reason, gone) => {
    expect(goneBecause(reason)).toBe(gone);
  });
});

describe("a notice of the server", () => {
  it.each([
    ['{"notice":"agent_missing"}', true],
    ['{"notice":"else"}', false],
    ["null", false],
    ["not json", false],
  ])("%s", (text, expected) => {
    expect(isAgentMissing(new TextEncoder().encode(text))).toBe(expected);
  });
});

describe("a microphone's trouble", () => {
  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "missing"],
    ["NotReadableError", "busy"],
    ["TypeError", "unavailable"],
  ])("%s is %s", (name, trouble) => {
    expect(troubleOf(new DOMException("no", name))).toBe(trouble);
  });
});

describe("consent given before", () => {
  const both = { transcription: true, recording: true };

  it("preselects the same way, never one that says more", () => {
    expect(wayOf({ transcription: true, recording: true }, both)).toBe("record");
    expect(wayOf({ transcription: true, recording: false }, both)).toBe("transcribe");
    expect(wayOf({ transcription: false, recording: false }, both)).toBe("text");
    expect(wayOf(null, both)).toBe("record");
    expect(wayOf(null, both, true), "who prefers text").toBe("text");
    expect(wayOf({ transcription: true, recording: true }, both, true), "a choice counts more").toBe(
      "record",
    );
  });

  it("counts only for what the call asks", () => {
    const all = { transcription: true, recording: true };
    expect(wayOf(all, { transcription: true, recording: false })).toBe("transcribe");
    expect(wayOf(all, { transcription: false, recording: true })).toBe("keep");
    expect(wayOf(all, { transcription: false, recording: false })).toBe("unheard");
    expect(wayOf(null, { transcription: true, recording: false })).toBe("transcribe");
    const none = { transcription: false, recording: false };
    expect(wayOf(none, { transcription: false, recording: true })).toBe("text");
  });

  it("no way gives a consent that was not asked for", () => {
    for (const transcription of [true, false])
      for (const recording of [true, false])
        for (const way of waysOf({ transcription, recording })) {
          expect(CONSENT[way].transcription && !transcription, way).toBe(false);
          expect(CONSENT[way].recording && !recording, way).toBe(false);
        }
  });
});
