import { api } from "../api/client";
import { asProblem, type Problem } from "../api/problem";
import { CallRoom } from "./call-room";
import { EventReader } from "./events";
import { admission } from "./line";
import { Microphone } from "./microphone";
import { NudgeAnswers } from "./nudge-answers";
import { Observable } from "./observable";
import { LiveStore } from "./store";

export interface RepView {
  stage: "outside" | "entering" | "waiting" | "inside";
  /** In the line in front of a full room, from 1; null: in none. */
  place: number | null;
  problem: Problem | null;
  room: CallRoom | null;
  /** The event log is lost for the moment; captions from the room go on. */
  log_waits: boolean;
}

/** A rep's stay in the room of a call: the room and the event log feed one store. */
export class Rep extends Observable<RepView> {
  readonly microphone = new Microphone();
  readonly live = new LiveStore();
  readonly answers: NudgeAnswers;
  #line = new AbortController();
  #reader: EventReader | null = null;

  constructor(private readonly callId: string) {
    super({ stage: "outside", place: null, problem: null, room: null, log_waits: false });
    this.answers = new NudgeAnswers(callId, this.live.dispatch);
  }

  async join(withMicrophone: boolean): Promise<void> {
    const { stage } = this.get();
    if (stage === "entering" || stage === "waiting") return;
    this.change({ stage: "entering", problem: null });
    const room = new CallRoom(this.live.dispatch);
    try {
      const track = withMicrophone ? await this.#openMicrophone() : null;
      this.#line = new AbortController();
      const access = await admission(
        () => api.enterAsUser(this.callId),
        (place) => this.change({ stage: "waiting", place }),
        this.#line.signal,
      );
      if (access === null) return this.microphone.close();
      this.change({ stage: "entering", place: null });
      await room.connect(access, track);
      this.change({ stage: "inside", room });
      this.#read();
      void this.#catchUp();
    } catch (error) {
      await room.leave().catch(() => undefined);
      this.microphone.close();
      this.change({ stage: "outside", place: null, problem: asProblem(error) });
    }
  }

  /** Out of the line: the place is lost when nobody asks for it any more. */
  giveUpWaiting(): void {
    this.#line.abort();
    this.change({ stage: "outside", place: null });
  }

  /** The first time on asks the browser for the microphone; after that it is muted and unmuted. */
  async speak(on: boolean): Promise<void> {
    const { room } = this.get();
    if (room === null) return;
    if (this.microphone.get().state === "live") return room.mute(!on);
    const track = await this.#openMicrophone();
    if (track !== null) await room.publish(track);
  }

  /** Asks the agent to leave, or to come back; it does so within seconds, for everybody. */
  async wantAgent(wanted: boolean): Promise<void> {
    await api.setAgent(this.callId, wanted);
    this.live.dispatch({ type: "agent_wanted", wanted });
  }

  endCall(): Promise<void> {
    return api.endCall(this.callId);
  }

  async leave(): Promise<void> {
    this.#reader?.stop();
    await this.get().room?.leave();
    this.microphone.close();
  }

  dispose(): void {
    this.#line.abort();
    void this.leave();
    this.live.stop();
  }

  async #openMicrophone(): Promise<MediaStreamTrack | null> {
    await this.microphone.open();
    return this.microphone.track;
  }

  /** What the log does not tell: the questions nobody has come to, and what this rep said about earlier nudges. */
  async #catchUp(): Promise<void> {
    const { dispatch } = this.live;
    await Promise.allSettled([
      api.coverage(this.callId).then(({ items }) => dispatch({ type: "coverage", items })),
      api.nudges(this.callId).then(({ items }) => dispatch({ type: "kept", items })),
    ]);
  }

  #read(): void {
    this.#reader?.stop();
    this.#reader = new EventReader({
      url: (after) => api.eventsUrl(this.callId, after),
      onEvent: (event) => this.live.dispatch({ type: "event", event, now: Date.now() }),
      onWaiting: (log_waits) => this.change({ log_waits }),
      onRefused: (problem) => this.change({ problem }),
    });
    void this.#reader.run();
  }
}
