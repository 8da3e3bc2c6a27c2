import { describe, expect, it, vi } from "vitest";
import { api } from "./client";
import { asProblem, Problem, problemFrom, UNREACHABLE } from "./problem";

const said = (status: number, body: unknown, type = "application/problem+json") =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": type },
  });

describe("a refusal", () => {
  it("keeps the server's words and what else it says", async () => {
    const body = {
      type: "/problems/call-not-open",
      title: "Not open yet",
      detail: "Wait.",
      status: 409,
      opens_at: "10:00",
    };
    const problem = await problemFrom(said(409, body));
    expect(problem).toMatchObject({
      type: "/problems/call-not-open",
      title: "Not open yet",
      detail: "Wait.",
      status: 409,
    });
    expect(problem.more).toEqual({ opens_at: "10:00" });
  });

  it.each([
    ["a page of a proxy", said(502, "<html>", "text/html")],
    ["broken JSON", said(500, "{", "application/json")],
    ["a list", said(500, [1], "application/json")],
    ["nothing", new Response(null, { status: 503 })],
  ])("becomes words even from %s", async (_, response) => {
    const problem = await problemFrom(response);
    expect(problem.title).not.toBe("");
    expect(problem.detail).not.toBe("");
    expect(problem.status).toBe(response.status);
  });

  it("shows no inner words of ours", () => {
    expect(asProblem(new TypeError("x is undefined")).title).toBe("Something went wrong");
  });
});

describe("the client", () => {
  it("says when the server cannot be reached", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed to fetch")));
    await expect(api.me()).rejects.toMatchObject({ type: UNREACHABLE, status: 0 });
  });

  it("says when an answer cannot be read", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 200 }));
    await expect(api.me()).rejects.toBeInstanceOf(Problem);
  });
});
