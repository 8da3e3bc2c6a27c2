import { describe, expect, it, vi } from "vitest";
import type { CallEvent } from "../api/types";
import { EventReader, parseEvent } from "./events";

const written = (seq: number, kind = "participant_left", more: object = {}) =>
  `id: ${seq}\nevent: ${kind}\ndata: ${JSON.stringify({ event_id: `e${seq}`, call_id: "c", seq, at_ms: 0, kind, ...more })}\n\n`;

function body(...parts: (string | Uint8Array)[]): Response {
  const bytes = parts.map((part) => (typeof part === "string" ? new TextEncoder().encode(part) : part));
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of bytes) controller.enqueue(part);
      controller.close();
    },
  });
  return new Response(stream, { headers: { "content-type": "text/event-stream" } });
}

function reading(...answers: (Response | Error)[]) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const next = answers.shift() ?? new Error("no more");
    if (next instanceof Error) throw next;
    return next;
  });
  const events: CallEvent[] = [];
  const waiting: boolean[] = [];
  const onRefused = vi.fn();
  const reader = new EventReader({
    url: (after) => `events?after=${after}`,
    onEvent: (event) => events.push(event),
    onWaiting: (now) => waiting.push(now),
    onRefused,
  });
  return { reader, asked, events, waiting, onRefused };
}

describe("the event reader", () => {
  it("reads events, skips comments and stops behind the end of the call", async () => {
    const { reader, events, asked } = reading(
      body(": hello\n\n", written(1), written(2, "call_ended", { reason: "over" })),
    );
    await reader.run();
    expect(events.map(({ seq, kind }) => [seq, kind])).toEqual([
      [1, "participant_left"],
      [2, "call_ended"],
    ]);
    expect(asked).toEqual(["events?after=0"]);
  });

  it("puts together what arrives in pieces, even within a letter", async () => {
    const whole = new TextEncoder().encode(written(1, "call_ended", { reason: "Grüße" }));
    const cut = whole.indexOf(0xc3) + 1;
    const { reader, events } = reading(body(whole.slice(0, 5), whole.slice(5, cut), whole.slice(cut)));
    await reader.run();
    expect(events).toMatchObject([{ reason: "Grüße" }]);
  });

  it("comes back behind the last event after a break", async () => {
    const { reader, events, asked, waiting } = reading(
      body(written(1), written(2)),
      new Error("network"),
      body(written(3, "call_ended", { reason: "over" })),
    );
    await reader.run();
    expect(asked).toEqual(["events?after=0", "events?after=2", "events?after=2"]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(waiting).toEqual([false, true, false]);
  });

  it("does not ask again when it may not read", async () => {
    const { reader, onRefused, asked } = reading(new Response(null, { status: 401 }));
    await reader.run();
    expect(asked).toHaveLength(1);
    expect(onRefused.mock.calls[0]?.[0]).toMatchObject({ status: 401 });
  });

  it("comes back behind the last event when the session was renewed", async () => {
    const over = () =>
      Response.json(
        { type: "/problems/not-signed-in", title: "No", status: 401, detail: "Words." },
        { status: 401, headers: { "content-type": "application/problem+json" } },
      );
    const { reader, asked, events, onRefused } = reading(
      body(written(1)),
      over(),
      new Response(null, { status: 204 }),
      body(written(2, "call_ended", { reason: "over" })),
    );
    await reader.run();
    expect(asked).toEqual([
      "events?after=0",
      "events?after=1",
      "/api/v1/sign-in/refreshes",
      "events?after=1",
    ]);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(onRefused).not.toHaveBeenCalled();
  });

  it("waits and asks again when it was too often", async () => {
    const { reader, onRefused, asked } = reading(
      new Response(null, { status: 429 }),
      body(written(1, "call_ended", { reason: "over" })),
    );
    await reader.run();
    expect(asked).toHaveLength(2);
    expect(onRefused).not.toHaveBeenCalled();
  });

  it("ends when it is stopped", async () => {
    const { reader, asked } = reading(body(written(1)));
    const run = reader.run();
    reader.stop();
    await run;
    expect(asked).toHaveLength(1);
  });
});

describe("one event", () => {
  it("is null for anything else", () => {
    expect(parseEvent("hello")).toBeNull();
    expect(parseEvent("null")).toBeNull();
    expect(parseEvent('{"kind": "x"}')).toBeNull();
  });
});
