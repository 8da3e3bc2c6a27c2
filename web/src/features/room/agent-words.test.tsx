import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type AgentPart, agentWord } from "./agent-words";
import { useLasting } from "./useLasting";

const part: AgentPart = { name: "Agent", silent: false, hears: true, wanted: true };

describe("the agent in a few words", () => {
  it("speaks of what it does in a call that it leads", () => {
    expect(agentWord("thinking", true, part)).toBe("Thinking");
    expect(agentWord(null, false, part)).toBe("Joining");
    expect(agentWord(null, false, part, { late: true })).toBe("Not in the room");
  });

  it("says what its absence means: on its way back, or not there", () => {
    expect(agentWord(null, false, part, { away: true })).toBe("Reconnecting");
    expect(agentWord(null, false, { ...part, silent: true }, { away: true })).toBe("Not in the room");
    expect(agentWord(null, false, part, { missing: true })).toBe("Cannot come");
    expect(agentWord("listening", true, part, { missing: true }), "it came after all").toBe("Listening");
  });

  it("never claims to hear or speak where it does not", () => {
    expect(agentWord("listening", true, { ...part, silent: true })).toBe("Listens, does not speak");
    expect(agentWord("listening", true, { ...part, silent: true }, { brief: true })).toBe("Listens only");
    expect(agentWord("listening", true, { ...part, hears: false })).toBe("Here, hears nobody");
    expect(agentWord(null, true, { ...part, silent: true, hears: false })).toBe("Does not hear or speak");
    expect(agentWord(null, false, { ...part, wanted: false }, { late: true })).toBe("Asked to leave");
  });
});

describe("what lasts", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("is true only after its time without a break", () => {
    const { result, rerender } = renderHook(({ on }) => useLasting(on, 1000), { initialProps: { on: true } });
    act(() => vi.advanceTimersByTime(900));
    rerender({ on: false });
    rerender({ on: true });
    act(() => vi.advanceTimersByTime(900));
    expect(result.current).toBe(false);
    act(() => vi.advanceTimersByTime(100));
    expect(result.current).toBe(true);
    rerender({ on: false });
    expect(result.current).toBe(false);
  });
});
