import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "./client";
import { UNREACHABLE } from "./problem";
import { keepRenewed, onSignedOut } from "./session";

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

describe("while the page is looked at, the cookie", () => {
  const MINUTE_MS = 60_000;
  let stop: () => void;
  let visibility: DocumentVisibilityState;

  beforeEach(() => {
    vi.useFakeTimers();
    visibility = "visible";
    vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
    localStorage.setItem("parley.session_renewed_at", String(Date.now()));
    stop = () => undefined;
  });
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  const see = (now: DocumentVisibilityState) => {
    visibility = now;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  const good = () => server(() => new Response(null, { status: 204 })).asked;
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it("never gets five minutes old", async () => {
    const asked = good();
    stop = keepRenewed();
    await pass(3 * MINUTE_MS);
    expect(asked).toEqual([]);
    await pass(2 * MINUTE_MS - 1);
    expect(asked).toEqual(["POST /sign-in/refreshes"]);
    await pass(20 * MINUTE_MS);
    expect(asked.length).toBeGreaterThanOrEqual(5);
  });

  it("of which nothing is known is renewed at once", async () => {
    localStorage.clear();
    const asked = good();
    stop = keepRenewed();
    await pass(0);
    expect(asked).toHaveLength(1);
  });

  it("is left alone while nobody looks, and renewed when somebody looks again", async () => {
    const asked = good();
    stop = keepRenewed();
    see("hidden");
    await pass(30 * MINUTE_MS);
    expect(asked).toEqual([]);
    see("visible");
    await pass(0);
    expect(asked).toHaveLength(1);
    see("hidden");
    see("visible");
    await pass(0);
    expect(asked).toHaveLength(1);
  });

  it("that another tab renewed is not renewed again", async () => {
    const asked = good();
    stop = keepRenewed();
    await pass(3 * MINUTE_MS);
    localStorage.setItem("parley.session_renewed_at", String(Date.now()));
    await pass(3 * MINUTE_MS);
    expect(asked).toEqual([]);
  });

  it("is renewed once for two tabs that wait for the same lock", async () => {
    const asked = good();
    let turn: Promise<unknown> = Promise.resolve();
    const request = (_: string, work: () => Promise<string>) => {
      turn = turn.then(async () => {
        localStorage.setItem("parley.session_renewed_at", String(Date.now()));
        return work();
      });
      return turn;
    };
    vi.stubGlobal("navigator", { locks: { request } });
    stop = keepRenewed();
    await pass(4 * MINUTE_MS + 20_000);
    expect(asked).toEqual([]);
    vi.unstubAllGlobals();
  });

  it("is tried again in time when the server was in trouble", async () => {
    let isBroken = true;
    const { asked } = server(() =>
      isBroken ? refused("database-away", 503) : new Response(null, { status: 204 }),
    );
    stop = keepRenewed();
    await pass(4 * MINUTE_MS + 20_000);
    expect(asked).toHaveLength(1);
    isBroken = false;
    await pass(30_000);
    expect(asked).toHaveLength(2);
    await pass(MINUTE_MS);
    expect(asked).toHaveLength(2);
  });

  it("that cannot be renewed is not asked about again, and nobody is sent away from what they write", async () => {
    const { asked } = server(() => refused("not-signed-in", 401));
    stop = keepRenewed();
    await pass(10 * MINUTE_MS);
    expect(asked).toHaveLength(1);
    expect(told).not.toHaveBeenCalled();
  });

  it("is no longer renewed for a page that was left", async () => {
    const asked = good();
    keepRenewed()();
    await pass(10 * MINUTE_MS);
    see("visible");
    expect(asked).toEqual([]);
  });
});

it("leaves other refusals alone", async () => {
  const asked = vi.fn(async () => refused("not-allowed", 403));
  vi.stubGlobal("fetch", asked);
  await expect(api.users()).rejects.toMatchObject({ status: 403 });
  expect(asked).toHaveBeenCalledOnce();
});
