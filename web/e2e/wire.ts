import type { Page } from "@playwright/test";

/** Keeps everything that reaches the page on a data channel, before any of our code sees it. */
export async function recordWire(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: string[] = [];
    Object.assign(window, { keptFromWire: kept });
    const listen = (channel: RTCDataChannel) =>
      channel.addEventListener("message", (message) => {
        const data: unknown = message.data;
        if (typeof data === "string") kept.push(data);
        else if (data instanceof ArrayBuffer) kept.push(new TextDecoder("latin1").decode(data));
        else if (data instanceof Blob)
          void data.arrayBuffer().then((bytes) => kept.push(new TextDecoder("latin1").decode(bytes)));
      });
    const Original = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        this.addEventListener("datachannel", (event) => listen(event.channel));
        Object.assign(window, { peers: [...(window.peers ?? []), this] });
      }

      override createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel {
        const channel = super.createDataChannel(label, init);
        listen(channel);
        return channel;
      }
    };
  });
}

export function keptFromWire(page: Page): Promise<string> {
  return page.evaluate(() => window.keptFromWire.join("\n"));
}

/**
 * The topics of the text streams in what was kept. A stream's header is protobuf in clear (its text may be deflated):
 * the topic, a quotation mark and a line break (field 4, ten bytes), the type "text/plain". `streams` counts the types, so that no topic can hide.
 */
export function textStreams(kept: string): { topics: string[]; streams: number } {
  const headers = [...kept.matchAll(/([\w.-]+)"\ntext\/plain/g)];
  return { topics: headers.map((header) => header[1] ?? ""), streams: kept.split("text/plain").length - 1 };
}

/** Sum of what was heard from others since joining: 0 is silence. Source: W3C webrtc-stats, totalAudioEnergy. */
export function heardEnergy(page: Page): Promise<number> {
  return page.evaluate(async () => {
    let energy = 0;
    for (const peer of window.peers ?? []) {
      for (const stat of (await peer.getStats()).values()) {
        if (stat.type === "inbound-rtp" && stat.kind === "audio") energy += stat.totalAudioEnergy ?? 0;
      }
    }
    return energy;
  });
}

declare global {
  interface Window {
    keptFromWire: string[];
    peers?: RTCPeerConnection[];
  }
}
