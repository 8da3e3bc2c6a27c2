import { type Action, currentNudge, type Live, NOTHING, reduce } from "./reducer";

const TICK_MS = 500;

/** Holds the live state of one call and tells who listens; made for React's useSyncExternalStore. */
export class LiveStore {
  #live: Live = NOTHING;
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  readonly get = (): Live => this.#live;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly dispatch = (action: Action): void => {
    const next = reduce(this.#live, action);
    if (next === this.#live) return;
    this.#live = next;
    this.#keepTime();
    for (const listener of this.#listeners) listener();
  };

  /** The clock runs only while a nudge is up. */
  #keepTime(): void {
    if (currentNudge(this.#live) === null) this.stop();
    else this.#timer ??= setInterval(() => this.dispatch({ type: "tick", now: Date.now() }), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
