import {
  DisconnectReason,
  type RemoteTrack,
  Room,
  RoomEvent,
  type TextStreamReader,
  Track,
} from "livekit-client";
import type { Role, RoomAccess } from "../api/types";
import { parseEvent } from "./events";
import { Observable } from "./observable";
import { inOrder, type Person, personOf } from "./people";
import type { Action } from "./reducer";

export type Gone = "left" | "elsewhere" | "ended" | "removed" | "lost" | "failed";

export interface RoomView {
  phase: "idle" | "connecting" | "connected" | "reconnecting" | "gone";
  gone: Gone | null;
  people: readonly Person[];
  microphone: "off" | "on";
  /** The browser wants a tap before it plays the others. */
  sound_blocked: boolean;
  /** The agent was here and is not now: its voice is being restored. */
  agent_away: boolean;
  /** The server has said that no agent can come, and none has come since. */
  agent_missing: boolean;
}

const EMPTY: RoomView = {
  phase: "idle",
  gone: null,
  people: [],
  microphone: "off",
  sound_blocked: false,
  agent_away: false,
  agent_missing: false,
};

const PEOPLE_CHANGED = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.ParticipantAttributesChanged,
  RoomEvent.ParticipantNameChanged,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.TrackPublished,
  RoomEvent.TrackUnpublished,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ConnectionStateChanged,
] as const;

/** What the end of a connection means to the one who was in it. */
export function goneBecause(reason: DisconnectReason | undefined): Gone {
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return "left";
    case DisconnectReason.DUPLICATE_IDENTITY:
      return "elsewhere";
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return "ended";
    case DisconnectReason.PARTICIPANT_REMOVED:
      return "removed";
    default:
      return "lost";
  }
}

/** Whether a notice of the server says that the agent cannot come. */
export function isAgentMissing(data: Uint8Array): boolean {
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(data));
    return typeof said === "object" && said !== null && "notice" in said && said.notice === "agent_missing";
  } catch {
    return false;
  }
}

/** One stay in a call's room. Captions and nudges go out as actions, the rest is the view. */
export class CallRoom extends Observable<RoomView> {
  readonly #room = new Room({ adaptiveStream: false, dynacast: false });
  readonly #sounds = new Map<string, HTMLMediaElement>();
  #agentSeen = false;

  constructor(private readonly dispatch: (action: Action) => void) {
    super(EMPTY);
    const room = this.#room;
    for (const event of PEOPLE_CHANGED) room.on(event, () => this.#lookAround());
    room.on(RoomEvent.Connected, () => {
      dispatch({ type: "drop_drafts" });
      this.change({ phase: "connected" });
    });
    room.on(RoomEvent.SignalReconnecting, () => this.change({ phase: "reconnecting" }));
    room.on(RoomEvent.Reconnecting, () => this.change({ phase: "reconnecting" }));
    room.on(RoomEvent.Reconnected, () => this.change({ phase: "connected" }));
    room.on(RoomEvent.Disconnected, (reason) => this.#onGone(goneBecause(reason)));
    room.on(RoomEvent.TrackSubscribed, (track) => this.#play(track));
    room.on(RoomEvent.TrackUnsubscribed, (track) => this.#silence(track));
    room.on(RoomEvent.AudioPlaybackStatusChanged, () =>
      this.change({ sound_blocked: !room.canPlaybackAudio }),
    );
    room.on(RoomEvent.DataReceived, (data, from, _kind, topic) => {
      // Only the server may say so: what it sends is from nobody in the room.
      if (topic === "parley.notice" && from === undefined && isAgentMissing(data)) this.#onAgentMissing();
    });
    room.registerTextStreamHandler("lk.transcription", (reader, from) => {
      void this.#readCaption(reader, from.identity).catch(() => undefined);
    });
    room.registerTextStreamHandler("nudge", (reader, from) => {
      if (this.#isAgent(from.identity)) void this.#readNudge(reader).catch(() => undefined);
    });
  }

  /** Connects, then publishes the track. Rejects when the room cannot be reached. */
  async connect(access: RoomAccess, track: MediaStreamTrack | null): Promise<void> {
    this.change({ phase: "connecting", gone: null });
    try {
      await this.#room.connect(access.url, access.token);
    } catch (error) {
      this.change({ phase: "gone", gone: "failed" });
      throw error;
    }
    void this.turnOnSound();
    if (track !== null) await this.publish(track);
  }

  /** Where the others are heard; browsers that cannot choose keep the system's own. */
  async chooseSpeaker(deviceId: string): Promise<void> {
    await this.#room.switchActiveDevice("audiooutput", deviceId).catch(() => undefined);
  }

  async publish(track: MediaStreamTrack): Promise<void> {
    await this.#room.localParticipant.publishTrack(track, {
      source: Track.Source.Microphone,
      name: "microphone",
    });
    this.change({ microphone: "on" });
  }

  /** Takes the microphone out of the room; the track itself is the caller's to stop. */
  async unpublish(): Promise<void> {
    for (const publication of this.#room.localParticipant.audioTrackPublications.values()) {
      if (publication.track) await this.#room.localParticipant.unpublishTrack(publication.track, false);
    }
    this.change({ microphone: "off" });
  }

  async mute(muted: boolean): Promise<void> {
    for (const publication of this.#room.localParticipant.audioTrackPublications.values()) {
      await (muted ? publication.mute() : publication.unmute());
    }
    this.change({ microphone: muted ? "off" : "on" });
  }

  /** Asks the browser to play the others; works best inside a tap. */
  async turnOnSound(): Promise<void> {
    await this.#room.startAudio().catch(() => undefined);
    this.change({ sound_blocked: !this.#room.canPlaybackAudio });
  }

  async leave(): Promise<void> {
    await this.#room.disconnect();
  }

  #onGone(gone: Gone): void {
    for (const element of this.#sounds.values()) element.remove();
    this.#sounds.clear();
    // A failed connect says so itself.
    if (this.get().phase === "connecting") return;
    this.change({ phase: "gone", gone, people: [], microphone: "off" });
  }

  #lookAround(): void {
    const room = this.#room;
    if (room.state === "disconnected") return;
    const people = inOrder([room.localParticipant, ...room.remoteParticipants.values()].map(personOf));
    const agentHere = people.some((person) => person.is_agent);
    this.#agentSeen ||= agentHere;
    if (this.#agentSeen && !agentHere) this.dispatch({ type: "drop_drafts" });
    for (const person of people) {
      if (!person.is_agent) this.dispatch({ type: "person", identity: person.identity });
    }
    const agent_missing = this.get().agent_missing && !agentHere;
    this.change({ people, agent_away: this.#agentSeen && !agentHere, agent_missing });
  }

  #onAgentMissing(): void {
    if (!this.get().people.some((person) => person.is_agent)) this.change({ agent_missing: true });
  }

  #play(track: RemoteTrack): void {
    if (track.kind !== Track.Kind.Audio) return;
    const element = track.attach();
    element.hidden = true;
    document.body.append(element);
    this.#sounds.set(track.sid ?? "", element);
  }

  #silence(track: RemoteTrack): void {
    for (const element of track.detach()) element.remove();
    this.#sounds.delete(track.sid ?? "");
  }

  /** Words may come whole or in pieces; pieces show as they grow, the end says whether they are final. */
  async #readCaption(reader: TextStreamReader, sender: string): Promise<void> {
    const revision = performance.now();
    const attributes = reader.info.attributes ?? {};
    // Only the agent may speak for somebody else; anybody else's words are their own.
    const identity = (this.#isAgent(sender) ? attributes.speaker : undefined) ?? sender;
    const caption = {
      segment_id: attributes["lk.segment_id"] ?? reader.info.id,
      identity,
      name: (this.#isAgent(sender) && attributes.speaker_name) || this.#nameOf(identity),
      role: this.#roleOf(identity),
      revision,
    };
    let text = "";
    for await (const piece of reader) {
      text += piece;
      this.dispatch({ type: "caption", caption: { ...caption, text, final: false } });
    }
    const final = attributes["lk.transcription_final"] === "true";
    this.dispatch({ type: "caption", caption: { ...caption, text, final } });
  }

  async #readNudge(reader: TextStreamReader): Promise<void> {
    const event = parseEvent(await reader.readAll());
    if (event?.kind === "nudge_shown") this.dispatch({ type: "event", event, now: Date.now() });
  }

  #isAgent(identity: string): boolean {
    return this.#room.remoteParticipants.get(identity)?.isAgent ?? false;
  }

  #roleOf(identity: string): Role | null {
    return this.get().people.find((person) => person.identity === identity)?.role ?? null;
  }

  #nameOf(identity: string): string {
    return this.get().people.find((person) => person.identity === identity)?.name ?? "Guest";
  }
}
