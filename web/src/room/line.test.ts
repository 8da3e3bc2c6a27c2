import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem, unreachable } from "../api/problem";
import { admission } from "./line";

const access = { token: "t", url: "ws://room", identity: "prospect-1" };
const waiting = (place: number) => ({ place, ahead: place - 1, ask_again_ms: 1500 });

describe("the line in front of a full room", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("is not there when the room has a place", async () => {
    const places: number[] = [];
    const ask = vi.fn().mockResolvedValue(access);
    const line = new AbortController();
    expect(await admission(ask, (place) => places.push(place), line.signal)).toEqual(access);
    expect([places, ask.mock.calls.length]).toEqual([[], 1]);
  });

  it("moves up by asking again when the server says", async () => {
    const places: number[] = [];
    const ask = vi
      .fn()
      .mockResolvedValueOnce(waiting(3))
      .mockResolvedValueOnce(waiting(1))
      .mockResolvedValueOnce(access);
    const entered = admission(ask, (place) => places.push(place), new AbortController().signal);
    await vi.advanceTimersByTimeAsync(1499);
    expect(places).toEqual([3]);
    await vi.advanceTimersByTimeAsync(1);
    expect(places).toEqual([3, 1]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(await entered).toEqual(access);
  });

  it("is kept through trouble that passes, and only by those who stand in it", async () => {
    const busy = new Problem("about:blank", "Busy", 503, "");
    const ask = vi
      .fn()
      .mockResolvedValueOnce(waiting(1))
      .mockRejectedValueOnce(unreachable())
      .mockRejectedValueOnce(busy)
      .mockResolvedValueOnce(access);
    const entered = admission(ask, () => undefined, new AbortController().signal);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await entered).toEqual(access);
    const refused = admission(vi.fn().mockRejectedValue(busy), () => undefined, new AbortController().signal);
    await expect(refused).rejects.toBe(busy);
  });

  it("ends for good with the call, and at once when one gives up", async () => {
    const over = new Problem("/problems/call-ended", "The call is over", 410, "");
    const ask = vi.fn().mockResolvedValueOnce(waiting(1)).mockRejectedValueOnce(over);
    const refused = expect(admission(ask, () => undefined, new AbortController().signal)).rejects.toBe(over);
    await vi.advanceTimersByTimeAsync(1500);
    await refused;
    const line = new AbortController();
    const again = vi.fn().mockResolvedValue(waiting(2));
    const given_up = admission(again, () => undefined, line.signal);
    await vi.advanceTimersByTimeAsync(1600);
    line.abort();
    expect(await given_up).toBeNull();
    expect(again).toHaveBeenCalledTimes(2);
  });
});
