import { afterEach, describe, expect, it, vi } from "vitest";
import { api } from "../api/client";
import type { NudgeResponse } from "../api/types";
import { NudgeAnswers } from "./nudge-answers";
import type { Action } from "./reducer";

const like: NudgeResponse = { state: null, reaction: "like" };
const done: NudgeResponse = { state: "acted", reaction: "like" };

function answering() {
  const actions: Action[] = [];
  const waiting: { response: NudgeResponse; save: () => void; fail: () => void }[] = [];
  const respond = vi.spyOn(api, "respond").mockImplementation(
    (_call, _nudge, response) =>
      new Promise((resolve, reject) => {
        waiting.push({ response, save: resolve, fail: () => reject(new Error("away")) });
      }),
  );
  const answers = new NudgeAnswers("c1", (action) => actions.push(action));
  const unsaved = () => actions.flatMap((action) => (action.type === "unsaved" ? [action.unsaved] : []));
  return { answers, actions, waiting, respond, unsaved };
}

afterEach(() => vi.restoreAllMocks());

describe("answers to nudges", () => {
  it("show at once and go to the server", async () => {
    const { answers, actions, waiting, unsaved } = answering();
    answers.give("n1", like);
    expect(actions[0]).toMatchObject({ type: "respond", nudge_id: "n1", response: like });
    waiting[0]?.save();
    await vi.waitFor(() => expect(unsaved()).toEqual([false]));
  });

  it("never overtake each other: the last word is sent last", async () => {
    const { answers, waiting, respond, unsaved } = answering();
    answers.give("n1", like);
    answers.give("n1", done);
    expect(respond).toHaveBeenCalledTimes(1);
    waiting[0]?.save();
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    expect(waiting[1]?.response).toEqual(done);
    waiting[1]?.save();
    await vi.waitFor(() => expect(unsaved()).toEqual([false]));
  });

  it("say that they are not saved, and are saved when asked again", async () => {
    const { answers, waiting, unsaved } = answering();
    answers.give("n1", like);
    waiting[0]?.fail();
    await vi.waitFor(() => expect(unsaved()).toEqual([true]));
    answers.again();
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.save();
    await vi.waitFor(() => expect(unsaved()).toEqual([true, false]));
  });
});
