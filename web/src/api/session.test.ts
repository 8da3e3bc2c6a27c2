import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "./client";
import { UNREACHABLE } from "./problem";
import { onSignedOut } from "./session";

const refused = (type: string, status: number) =>
  Response.json(
    { type: `/problems/${type}`, title: "No", status, detail: "Words." },
    { status, headers: { "content-type": "application/problem+json" } },
  );

/** A server that knows whose session is over; keeps what it was asked. */
function server(renewal: () => Response | Promise<Response>) {
  const asked: string[] = [];
  const state = { isOver: true };
  vi.stubGlobal("fetch", async (address: string, request: RequestInit) => {
    asked.push(`${request.method} ${address.replace("/api/v1", "")}`);
    if (address.endsWith("/sign-in/refreshes")) return renewal();
    return state.isOver ? refused("not-signed-in", 401) : Response.json({ items: [], next_cursor: null });
  });
  return { asked, state };
}

const told = vi.fn();
let forget: () => void;

beforeEach(() => {
  localStorage.clear();
  told.mockReset();
  forget = onSignedOut(told);
});
afterEach(() => forget());

describe("a session that is over", () => {
  it("is renewed once for all that ask, and each is asked again", async () => {
    const { asked, state } = server(() => {
      state.isOver = false;
      return new Response(null, { status: 204 });
    });
    await Promise.all([api.users(), api.calls(), api.demo()]);
    expect(asked.filter((one) => one === "POST /sign-in/refreshes")).toHaveLength(1);
    expect(asked.filter((one) => one === "GET /users")).toHaveLength(2);
    expect(told).not.toHaveBeenCalled();
  });

  it("that cannot be renewed is told, with the server's words", async () => {
    const { asked } = server(() => refused("not-signed-in", 401));
    await expect(api.users()).rejects.toMatchObject({ type: "/problems/not-signed-in", status: 401 });
    expect(asked).toEqual(["GET /users", "POST /sign-in/refreshes"]);
    expect(told).toHaveBeenCalledOnce();
  });

  it("that is over again at once is told, without going round", async () => {
    const { asked } = server(() => new Response(null, { status: 204 }));
    await expect(api.users()).rejects.toMatchObject({ status: 401 });
    expect(asked).toEqual(["GET /users", "POST /sign-in/refreshes", "GET /users"]);
    expect(told).toHaveBeenCalledOnce();
  });

  it.each([
    ["is in trouble", () => refused("database-away", 503), "/problems/database-away"],
    ["is asked too often", () => refused("too-many-requests", 429), "/problems/too-many-requests"],
    ["is out of reach", () => Promise.reject(new TypeError("failed to fetch")), UNREACHABLE],
  ])("is not given up while the server %s", async (_, renewal, type) => {
    server(renewal);
    await expect(api.users()).rejects.toMatchObject({ type });
    expect(told).not.toHaveBeenCalled();
  });
});

describe("another tab", () => {
  it("that renewed meanwhile is enough", async () => {
    const { asked, state } = server(() => new Response(null, { status: 204 }));
    vi.stubGlobal("navigator", {
      locks: {
        request: async (_: string, work: () => Promise<string>) => {
          localStorage.setItem("parley.session_renewed_at", String(Date.now()));
          state.isOver = false;
          return work();
        },
      },
    });
    await api.users();
    expect(asked).toEqual(["GET /users", "GET /users"]);
    vi.unstubAllGlobals();
  });

  it.each([
    ["before this request", -60_000],
    ["by a clock that was put back", 60_000],
  ])("that renewed %s is not", async (_, apart_ms) => {
    localStorage.setItem("parley.session_renewed_at", String(Date.now() + apart_ms));
    const { asked, state } = server(() => {
      state.isOver = false;
      return new Response(null, { status: 204 });
    });
    await api.users();
    expect(asked).toContain("POST /sign-in/refreshes");
  });
});

it("leaves other refusals alone", async () => {
  const asked = vi.fn(async () => refused("not-allowed", 403));
  vi.stubGlobal("fetch", asked);
  await expect(api.users()).rejects.toMatchObject({ status: 403 });
  expect(asked).toHaveBeenCalledOnce();
});
