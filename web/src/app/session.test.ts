import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { lookAgain, meQuery, safeNext } from "./session";

it.each([
  ["/calls/1/room", "/calls/1/room"],
  ["/calls?week=2026-11-30#today", "/calls?week=2026-11-30#today"],
  ["https://elsewhere.example/", "/calls"],
  ["//elsewhere.example/calls", "/calls"],
  ["/\\elsewhere.example", "/calls"],
  ["/\t/elsewhere.example", "/calls"],
  ["/.//elsewhere.example", "/calls"],
  ["/calls/..//elsewhere.example", "/calls"],
  ["javascript:alert(1)", "/calls"],
  ["calls", "/calls"],
  [undefined, "/calls"],
])("goes on from %j to %s", (next, place) => expect(safeNext(next)).toBe(place));

it("forgets who is signed in only when somebody was", () => {
  const queries = new QueryClient();
  lookAgain(queries);
  expect(queries.getQueryCache().getAll()).toEqual([]);
  queries.setQueryData(meQuery.queryKey, { user_id: "user-1" } as never);
  lookAgain(queries);
  expect(queries.getQueryData(meQuery.queryKey)).toBeUndefined();
});
