import type { Microphone } from "./microphone";
import { Observable } from "./observable";
import type { Speaker } from "./speaker";

export interface HelloView {
  state: "idle" | "recording" | "playing" | "done" | "failed";
  /** Loud enough to be heard, at least once while recording. */
  heard: boolean;
}

export const HELLO_MS = 3000;
export const HEARD_LEVEL = 0.35;
const LOOK_MS = 50;

/** "Say hello": keeps three seconds of the microphone in this page's memory, plays them back and forgets them. */
export class Hello extends Observable<HelloView> {
  #recorder: MediaRecorder | null = null;
  #turn = 0;

  constructor(
    private readonly microphone: Microphone,
    private readonly speaker: Speaker,
  ) {
    super({ state: "idle", heard: false });
  }

  static get isPossible(): boolean {
    return typeof MediaRecorder !== "undefined";
  }

  async start(): Promise<void> {
    const { stream } = this.microphone;
    if (stream === null) return;
    this.stop();
    const turn = this.#turn;
    this.change({ state: "recording", heard: false });
    try {
      const sound = await this.#record(stream);
      if (turn !== this.#turn) return;
      this.change({ state: "playing" });
      await this.speaker.play(sound);
      if (turn === this.#turn) this.change({ state: "done" });
    } catch {
      if (turn === this.#turn) this.change({ state: "failed" });
    }
  }

  /** Also when the microphone goes, is changed, or the call begins. */
  stop(): void {
    this.#turn += 1;
    if (this.#recorder?.state === "recording") this.#recorder.stop();
    this.#recorder = null;
    if (this.get().state === "playing") this.speaker.stop();
    this.change({ state: "idle" });
  }

  #record(stream: MediaStream): Promise<Blob> {
    const recorder = new MediaRecorder(stream);
    this.#recorder = recorder;
    const parts: Blob[] = [];
    const listening = setInterval(() => {
      if (this.microphone.level() > HEARD_LEVEL) this.change({ heard: true });
    }, LOOK_MS);
    return new Promise<Blob>((resolve, reject) => {
      recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
      recorder.addEventListener("stop", () => resolve(new Blob(parts, { type: recorder.mimeType })));
      recorder.addEventListener("error", () => reject(new Error("the recorder failed")));
      recorder.start();
      setTimeout(() => recorder.state === "recording" && recorder.stop(), HELLO_MS);
    }).finally(() => clearInterval(listening));
  }
}
