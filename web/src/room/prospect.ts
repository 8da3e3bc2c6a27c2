import { api } from "../api/client";
import { asProblem, Problem } from "../api/problem";
import { CallRoom } from "./call-room";
import { CONSENT, speaks, type Way } from "./consent";
import { Hello } from "./hello";
import { admission } from "./line";
import { Microphone } from "./microphone";
import { Observable } from "./observable";
import { Speaker } from "./speaker";
import { LiveStore } from "./store";

export interface ProspectView {
  stage: "outside" | "entering" | "waiting" | "inside";
  /** In the line in front of a full room, from 1; null: in none. */
  place: number | null;
  way: Way;
  problem: Problem | null;
  room: CallRoom | null;
}

/** A guest's visit from the join page to the end: the order of consent, connection and microphone lives here. */
export class Prospect extends Observable<ProspectView> {
  readonly microphone = new Microphone();
  readonly speaker = new Speaker();
  readonly hello = new Hello(this.microphone, this.speaker);
  readonly live = new LiveStore();
  #name = "";
  #line = new AbortController();

  constructor(
    private readonly link: string,
    way: Way,
  ) {
    super({ stage: "outside", place: null, way, problem: null, room: null });
  }

  /** Before the call: opens or closes the microphone as the way needs it. */
  choose(way: Way): void {
    this.hello.stop();
    this.change({ way, problem: null });
    const { state } = this.microphone.get();
    if (!speaks(way)) this.microphone.close();
    else if (state === "closed") void this.microphone.open();
  }

  /** Consent goes first, then the line if there is one, then the room, then the microphone. Stays outside when the microphone has trouble. */
  async join(name: string): Promise<void> {
    const { way, stage } = this.get();
    if (stage === "entering" || stage === "waiting") return;
    this.#name = name;
    this.#quiet();
    this.change({ stage: "entering", problem: null });
    if (speaks(way)) {
      if (this.microphone.get().state === "closed") void this.microphone.open();
      await this.microphone.ready();
      if (this.microphone.get().state !== "live") return this.change({ stage: "outside" });
    }
    const room = new CallRoom(this.live.dispatch);
    try {
      this.#line = new AbortController();
      const access = await admission(
        () => api.enterAsGuest(this.link, name, CONSENT[way]),
        (place) => this.change({ stage: "waiting", place }),
        this.#line.signal,
      );
      if (access === null) return;
      this.change({ stage: "entering", place: null });
      const { device_id } = this.speaker.get();
      if (device_id !== null) await room.chooseSpeaker(device_id);
      await room.connect(access, speaks(way) ? this.microphone.track : null);
      this.change({ stage: "inside", room });
    } catch (error) {
      await room.leave().catch(() => undefined);
      this.change({ stage: "outside", place: null, problem: entryProblem(error) });
    }
  }

  /** Out of the line; whoever stands behind moves up at once. */
  async giveUpWaiting(): Promise<void> {
    this.#line.abort();
    this.change({ stage: "outside", place: null });
    // Without this the place is lost ten seconds later.
    await api.leaveLine(this.link).catch(() => undefined);
  }

  /** Withdrawing takes the microphone away first; granting asks the server first. */
  async changeWay(way: Way): Promise<void> {
    const { room } = this.get();
    if (!speaks(way)) await this.#silence(room);
    if (speaks(way) && this.microphone.get().state !== "live") {
      await this.microphone.open();
      if (this.microphone.get().state !== "live") throw microphoneProblem();
    }
    await api.changeConsent(this.link, CONSENT[way]);
    const wasSpeaking = speaks(this.get().way);
    this.change({ way });
    if (speaks(way) && !wasSpeaking && this.microphone.track) await room?.publish(this.microphone.track);
  }

  write(text: string): Promise<void> {
    return api.write(this.link, text);
  }

  async leave(): Promise<void> {
    await this.get().room?.leave();
    this.microphone.close();
  }

  async rejoin(): Promise<void> {
    await this.join(this.#name);
  }

  dispose(): void {
    this.#quiet();
    if (this.get().stage === "waiting") void this.giveUpWaiting();
    else this.#line.abort();
    void this.get().room?.leave();
    this.microphone.close();
    this.live.stop();
  }

  /** No sound of the checks goes on into the call. */
  #quiet(): void {
    this.hello.stop();
    this.speaker.stop();
  }

  async #silence(room: CallRoom | null): Promise<void> {
    await room?.unpublish();
    this.microphone.close();
  }
}

function entryProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const unknown = asProblem(error);
  return new Problem(
    "/problems/room-unavailable",
    "The room cannot be reached",
    unknown.status,
    "Your browser could not connect. Check your connection, or try another network, and join again.",
  );
}

function microphoneProblem(): Problem {
  return new Problem(
    "/problems/microphone",
    "Your microphone cannot be used",
    0,
    "Nothing has changed. Allow the microphone in your browser, or go on by text.",
  );
}
