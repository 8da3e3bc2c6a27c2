import { expect, it } from "vitest";
import type { Call } from "../../api/types";
import { removalWords } from "./removal-words";

const call = (status: Call["status"]) => ({ status }) as Call;

it("removing a guest says what it does to them and to their link", () => {
  expect(removalWords(call("scheduled"), "Ana")).toBe(
    "Their link stops working at once, so Ana cannot join this call. Parley sends no mail about it.",
  );
  expect(removalWords(call("live"), "Ana")).toContain("Ana is out of the room at once");
  expect(removalWords(call("live"), "Ana")).toContain("What they said so far is kept.");
});
