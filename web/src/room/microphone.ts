import { Observable } from "./observable";

export type MicrophoneTrouble = "denied" | "missing" | "busy" | "unavailable";
export type MicrophoneState = "closed" | "asking" | "live" | MicrophoneTrouble;

const TROUBLES: readonly MicrophoneState[] = ["denied", "missing", "busy", "unavailable"];

export const inTrouble = (state: MicrophoneState): state is MicrophoneTrouble => TROUBLES.includes(state);

export interface MicrophoneView {
  state: MicrophoneState;
  device_id: string | null;
  devices: readonly { id: string; label: string }[];
  /** The browser shows no level before the first touch of the page. */
  level_waits: boolean;
}

/** Which trouble a failed getUserMedia means. */
export function troubleOf(error: unknown): MicrophoneTrouble {
  const name = error instanceof DOMException || error instanceof Error ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "unavailable";
}

const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

/**
 * The reader's microphone: opened once, its level shown before the call, and the same track published in it.
 * Chromium's test microphone starts its file again at each opening, so the track is kept, never reopened.
 */
export class Microphone extends Observable<MicrophoneView> {
  #stream: MediaStream | null = null;
  #context: AudioContext | null = null;
  #analyser: AnalyserNode | null = null;
  #samples = new Float32Array(1024);
  #opening: Promise<void> = Promise.resolve();
  #turn = 0;

  constructor() {
    super({ state: "closed", device_id: null, devices: [], level_waits: false });
  }

  get track(): MediaStreamTrack | null {
    return this.#stream?.getAudioTracks()[0] ?? null;
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  /** Resolves when the microphone is live or its trouble is known. */
  open(deviceId?: string): Promise<void> {
    const turn = ++this.#turn;
    this.#release();
    this.change({ state: "asking" });
    this.#opening = this.#acquire(turn, deviceId);
    return this.#opening;
  }

  /** Waits for an opening under way. */
  ready(): Promise<void> {
    return this.#opening;
  }

  close(): void {
    this.#turn += 1;
    this.#release();
    navigator.mediaDevices?.removeEventListener?.("devicechange", this.#onDevices);
    this.change({ state: "closed" });
  }

  /** Loudness now, 0 to 1 on a scale near the ear's (−60 dB is 0). */
  level(): number {
    if (this.#analyser === null) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const power = this.#samples.reduce((sum, x) => sum + x * x, 0) / this.#samples.length;
    return power === 0 ? 0 : Math.min(1, Math.max(0, 1 + (10 * Math.log10(power)) / 60));
  }

  async #acquire(turn: number, deviceId?: string): Promise<void> {
    try {
      if (!navigator.mediaDevices) throw new Error("no media devices here");
      const audio = deviceId === undefined ? VOICE : { ...VOICE, deviceId: { exact: deviceId } };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (turn !== this.#turn) return stopAll(stream);
      this.#stream = stream;
      this.#listen(stream);
      const track = this.track;
      track?.addEventListener("ended", () => turn === this.#turn && this.change({ state: "missing" }));
      this.change({ state: "live", device_id: track?.getSettings().deviceId ?? deviceId ?? null });
      navigator.mediaDevices.addEventListener?.("devicechange", this.#onDevices);
      await this.#listDevices();
    } catch (error) {
      if (turn === this.#turn) this.change({ state: troubleOf(error) });
    }
  }

  readonly #onDevices = () => void this.#listDevices();

  async #listDevices(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const inputs = all.filter((device) => device.kind === "audioinput" && device.deviceId !== "");
    this.change({
      devices: inputs.map((device, n) => ({
        id: device.deviceId,
        label: device.label || `Microphone ${n + 1}`,
      })),
    });
  }

  #listen(stream: MediaStream): void {
    if (typeof AudioContext === "undefined") return;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = this.#samples.length;
    context.createMediaStreamSource(stream).connect(analyser);
    this.#context = context;
    this.#analyser = analyser;
    const note = () => this.change({ level_waits: context.state === "suspended" });
    context.addEventListener("statechange", note);
    note();
    const wake = () => void context.resume().catch(() => undefined);
    for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, wake, { once: true });
  }

  #release(): void {
    if (this.#stream !== null) stopAll(this.#stream);
    void this.#context?.close().catch(() => undefined);
    this.#stream = null;
    this.#context = null;
    this.#analyser = null;
  }
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
