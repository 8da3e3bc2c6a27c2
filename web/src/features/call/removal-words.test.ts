import { expect, it } from "vitest";
import type { Call, Invitee } from "../../api/types";
import { removalWords } from "./removal-words";

const call = (status: Call["status"], mail = true) => ({ status, switches: { mail } }) as Call;
const ana = { name: "Ana", email: "ana@example.com" } as Invitee;

it("removing a guest says what it does to them and to their link", () => {
  expect(removalWords(call("scheduled"), ana)).toBe(
    "Their link stops working at once, so Ana cannot join this call. A mail tells them and takes the call off their calendar.",
  );
  expect(removalWords(call("live"), ana)).toContain("Ana is out of the room at once");
  expect(removalWords(call("live"), ana)).toContain("What they said so far is kept.");
});

it("removing a guest who cannot be written to says that no mail goes", () => {
  expect(removalWords(call("scheduled", false), ana)).toContain("Parley sends no mail about it.");
  expect(removalWords(call("scheduled"), { ...ana, email: null })).toContain(
    "Parley sends no mail about it.",
  );
});
