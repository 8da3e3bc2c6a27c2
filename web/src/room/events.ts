import { createParser } from "eventsource-parser";
import { type Problem, problemFrom, unreachable } from "../api/problem";
import { asUnreachable, fetchInSession, mayPass } from "../api/session";
import type { CallEvent } from "../api/types";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export interface EventsOptions {
  /** The address to read from, resuming behind this `seq`. */
  url: (after: number) => string;
  onEvent: (event: CallEvent) => void;
  /** Lost and trying again (true), or reading (false). */
  onWaiting?: (waiting: boolean) => void;
  /** The server will not let us read: no more tries. */
  onRefused?: (problem: Problem) => void;
}

/** Reads one call's events until it ended, `stop()` or a refusal; resumes behind the last `seq` after a break. */
export class EventReader {
  #stop = new AbortController();
  #after = 0;
  #over = false;

  constructor(private readonly options: EventsOptions) {}

  async run(): Promise<void> {
    let wait_ms = FIRST_WAIT_MS;
    let failures = 0;
    while (!this.#over && !this.#stop.signal.aborted) {
      const before = this.#after;
      const problem = await this.#readOnce();
      if (this.#over || this.#stop.signal.aborted) return;
      if (problem !== null && problem.status >= 400 && !mayPass(problem.status)) {
        this.options.onRefused?.(problem);
        return;
      }
      // A stream that only ended is back at once; that is not worth a word.
      failures = problem === null ? 0 : failures + 1;
      if (failures > 0) this.options.onWaiting?.(true);
      wait_ms = this.#after > before ? FIRST_WAIT_MS : Math.min(wait_ms * 2, LONGEST_WAIT_MS);
      await pause(wait_ms, this.#stop.signal);
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  async #readOnce(): Promise<Problem | null> {
    try {
      const response = await fetchInSession(this.options.url(this.#after), {
        credentials: "same-origin",
        headers: { accept: "text/event-stream" },
        signal: this.#stop.signal,
      });
      if (!response.ok) return await problemFrom(response);
      if (response.body === null) return unreachable();
      this.options.onWaiting?.(false);
      await this.#readBody(response.body);
      return null;
    } catch (error) {
      return asUnreachable(error);
    }
  }

  async #readBody(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({ onEvent: ({ data }) => this.#take(data) });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parser.feed(decoder.decode(part.value, { stream: true }));
      if (this.#over) return await reader.cancel();
    }
  }

  #take(data: string): void {
    const event = parseEvent(data);
    if (event === null) return;
    this.#after = Math.max(this.#after, event.seq ?? 0);
    this.#over ||= event.kind === "call_ended";
    this.options.onEvent(event);
  }
}

/** One event from its JSON; null for what is not one, so that a stray message cannot break the room. */
export function parseEvent(data: string): CallEvent | null {
  try {
    const event: unknown = JSON.parse(data);
    if (typeof event !== "object" || event === null) return null;
    const isEvent = "event_id" in event && "kind" in event && "at_ms" in event;
    return isEvent ? (event as CallEvent) : null;
  } catch {
    return null;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
