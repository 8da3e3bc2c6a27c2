import { Observable } from "./observable";

export interface SpeakerView {
  /** More than one only where the browser lets a page choose. */
  devices: readonly { id: string; label: string }[];
  /** null: the system's own. */
  device_id: string | null;
  state: "quiet" | "playing" | "blocked";
}

const LONGEST_MS = 10_000;

/** Where the reader hears the others; plays short sounds before the call to try it. */
export class Speaker extends Observable<SpeakerView> {
  #sound: HTMLAudioElement | null = null;

  constructor() {
    super({ devices: [], device_id: null, state: "quiet" });
  }

  /** The names are known only once the microphone was allowed. */
  async list(): Promise<void> {
    if (!canChoose() || !navigator.mediaDevices) return;
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const outputs = all.filter((device) => device.kind === "audiooutput" && device.deviceId !== "");
    this.change({
      devices: outputs.map(({ deviceId: id, label }, n) => ({ id, label: label || `Speaker ${n + 1}` })),
    });
  }

  choose(device_id: string): void {
    this.stop();
    this.change({ device_id });
  }

  /** Resolves when the sound is over, stopped or could not be played; never later than the longest sound. */
  async play(sound: Blob): Promise<void> {
    this.stop();
    const address = URL.createObjectURL(sound);
    const element = new Audio(address);
    this.#sound = element;
    this.change({ state: "playing" });
    const over = ended(element);
    let blocked = false;
    try {
      const { device_id } = this.get();
      if (device_id !== null && canChoose()) await element.setSinkId(device_id);
      await element.play();
      await over;
    } catch {
      blocked = true;
    }
    URL.revokeObjectURL(address);
    if (this.#sound !== element) return;
    this.#sound = null;
    this.change({ state: blocked ? "blocked" : "quiet" });
  }

  stop(): void {
    this.#sound?.pause();
    this.#sound = null;
    this.change({ state: "quiet" });
  }
}

const canChoose = () => typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;

function ended(element: HTMLAudioElement): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_MS);
    for (const name of ["ended", "pause", "error"]) {
      element.addEventListener(name, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

const RATE_HZ = 24_000;
const NOTES_HZ = [523.25, 659.25];
const NOTE_SECONDS = 0.35;

/** Two soft notes, as a WAV (16 bit, mono). */
export function chime(): Blob {
  const perNote = Math.round(RATE_HZ * NOTE_SECONDS);
  const samples = new Int16Array(perNote * NOTES_HZ.length);
  for (const [n, pitch_hz] of NOTES_HZ.entries()) {
    for (let i = 0; i < perNote; i += 1) {
      const swell = Math.sin((Math.PI * i) / perNote) ** 2;
      samples[n * perNote + i] = 9000 * swell * Math.sin((2 * Math.PI * pitch_hz * i) / RATE_HZ);
    }
  }
  return new Blob([wavHeader(samples.byteLength), samples], { type: "audio/wav" });
}

/** Source: RIFF WAVE, PCM: a 44-byte header, all numbers little-endian. */
function wavHeader(bytes: number): ArrayBuffer {
  const header = new DataView(new ArrayBuffer(44));
  const word = (at: number, text: string) => {
    for (const [n, letter] of [...text].entries()) header.setUint8(at + n, letter.charCodeAt(0));
  };
  word(0, "RIFF");
  header.setUint32(4, 36 + bytes, true);
  word(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, RATE_HZ, true);
  header.setUint32(28, RATE_HZ * 2, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  word(36, "data");
  header.setUint32(40, bytes, true);
  return header.buffer;
}
