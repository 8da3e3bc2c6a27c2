import { DisconnectReason } from "livekit-client";
import { describe, expect, it } from "vitest";
import { goneBecause } from "./call-room";
import { wayOf } from "./consent";
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
  it("preselects the same way, never one that says more", () => {
    expect(wayOf({ transcription: true, recording: true })).toBe("record");
    expect(wayOf({ transcription: true, recording: false })).toBe("transcribe");
    expect(wayOf({ transcription: false, recording: false })).toBe("text");
    expect(wayOf(null)).toBe("record");
  });
});
