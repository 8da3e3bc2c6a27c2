import { api } from "../api/client";
import type { NudgeResponse } from "../api/types";
import type { Action } from "./reducer";

/** Brings what the rep says about nudges to the server: shown at once, the last word wins, a failure is said. */
export class NudgeAnswers {
  /** The newest answer that the server does not have, by nudge; at most one for each nudge of the call. */
  readonly #wanted = new Map<string, NudgeResponse>();
  readonly #sending = new Set<string>();

  constructor(
    private readonly callId: string,
    private readonly dispatch: (action: Action) => void,
  ) {}

  give(nudge_id: string, response: NudgeResponse): void {
    this.dispatch({ type: "respond", nudge_id, response, now: Date.now() });
    this.#wanted.set(nudge_id, response);
    void this.#send(nudge_id);
  }

  /** Once more, all that could not be saved. */
  again(): void {
    for (const nudge_id of this.#wanted.keys()) void this.#send(nudge_id);
  }

  /** One request at a time for a nudge, so that an older answer never arrives behind a newer one. */
  async #send(nudge_id: string): Promise<void> {
    if (this.#sending.has(nudge_id)) return;
    this.#sending.add(nudge_id);
    let unsaved = false;
    for (let next = this.#wanted.get(nudge_id); next && !unsaved; next = this.#wanted.get(nudge_id)) {
      try {
        await api.respond(this.callId, nudge_id, next);
        if (this.#wanted.get(nudge_id) === next) this.#wanted.delete(nudge_id);
      } catch {
        // A newer answer gets its own try.
        unsaved = this.#wanted.get(nudge_id) === next;
      }
    }
    this.#sending.delete(nudge_id);
    this.dispatch({ type: "unsaved", nudge_id, unsaved });
  }
}
