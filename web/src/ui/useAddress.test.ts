import { expect, it } from "vitest";
import { changed, parametersOf } from "./useAddress";

it("reads the address as text, and only what is asked for", () => {
  const search = { search: 42, person: "", week: "x", team: null };
  expect(parametersOf(search, ["search", "person", "team"])).toEqual({ search: "42" });
});

it("keeps what is not changed and leaves out what is empty", () => {
  const search = { search: "a", person: "p" };
  expect(changed(search, { person: "", team: "t" })).toEqual({ search: "a", team: "t" });
});
