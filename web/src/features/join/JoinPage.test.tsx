import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { JoinView } from "../../api/types";
import { cssVariables, theme } from "../../ui/theme";
import { JoinPage } from "./JoinPage";

const LINK = "s3cret";
const API = "*/api/v1";
const server = setupServer();
const getUserMedia = vi.fn();

const join = (more: Partial<JoinView> = {}): JoinView => ({
  call_id: "c1",
  title: "Discovery call",
  kind: "discovery",
  status: "scheduled",
  starts_at: "2026-11-21T10:00:00Z",
  time_zone: "UTC",
  duration_minutes: 30,
  organization_name: "Northwind",
  owner_name: "Ben Okafor",
  invitee_name: "Ana",
  agent_name: "Parley assistant",
  opens_at: "2026-11-21T09:50:00Z",
  now: new Date().toISOString(),
  participants_present: 0,
  asks_transcription: true,
  asks_recording: true,
  agent_dismissed: false,
  may_join: true,
  why_not: null,
  consent: null,
  prefers_text: false,
  ...more,
});

const problem = (type: string, title: string, status: number) =>
  HttpResponse.json(
    { type: `/problems/${type}`, title, status, detail: "Words." },
    { status, headers: { "content-type": "application/problem+json" } },
  );

function show(answer: () => Response | Promise<Response>) {
  server.use(http.post(`${API}/joins`, answer));
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables}>
      <QueryClientProvider client={queries}>
        <JoinPage />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  location.hash = `#${LINK}`;
  getUserMedia.mockReset().mockRejectedValue(new DOMException("no", "NotAllowedError"));
  vi.stubGlobal("navigator", Object.assign(navigator, { mediaDevices: { getUserMedia } }));
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

describe("the join page", () => {
  it("without a link says that it does not open a call", () => {
    location.hash = "";
    show(() => HttpResponse.json(join()));
    expect(screen.getByText("This link does not open a call")).toBeDefined();
  });

  it.each([
    ["ended", "This call has ended"],
    ["cancelled", "This call was cancelled"],
    ["expired", "This link is no longer valid"],
    ["early", "In "],
  ] as const)("says %s in words", async (why_not, words) => {
    const opens_at = new Date(Date.now() + 3_600_000).toISOString();
    show(() => HttpResponse.json(join({ may_join: false, why_not, opens_at })));
    expect(await screen.findByText(new RegExp(words))).toBeDefined();
    expect(screen.queryByTestId("join-button")).toBeNull();
  });

  it("knows an unknown link", async () => {
    show(() => problem("link-unknown", "Unknown", 404));
    expect(await screen.findByText("This link does not open a call")).toBeDefined();
  });

  it("offers a retry when the server cannot be reached", async () => {
    show(() => HttpResponse.error());
    const retry = await screen.findByRole("button", { name: "Try again" });
    server.use(http.post(`${API}/joins`, () => HttpResponse.json(join())));
    await userEvent.click(retry);
    expect(await screen.findByTestId("join-name")).toHaveProperty("value", "Ana");
  });

  it("lets in at the opening time by itself", async () => {
    let asked = 0;
    show(() => {
      asked += 1;
      const early = join({
        may_join: false,
        why_not: "early",
        opens_at: new Date(Date.now() + 300).toISOString(),
      });
      return HttpResponse.json(asked === 1 ? early : join());
    });
    expect(await screen.findByTestId("join-button", {}, { timeout: 3000 })).toBeDefined();
  });

  it("offers to join by text when the microphone is denied", async () => {
    show(() => HttpResponse.json(join()));
    expect(await screen.findByText(/does not let this page use the microphone/)).toBeDefined();
    expect(screen.getByTestId("join-button").textContent).toContain("Join by text");
  });

  it("by text asks for no microphone, sends the consent and shows why it is refused", async () => {
    let body: unknown;
    server.use(
      http.post(`${API}/joins/room-tokens`, async ({ request }) => {
        body = await request.json();
        return problem("call-full", "This call is full", 409);
      }),
    );
    show(() => HttpResponse.json(join({ consent: { transcription: false, recording: false } })));
    await userEvent.click(await screen.findByTestId("join-button"));
    expect(await screen.findByText("This call is full")).toBeDefined();
    expect(body).toEqual({ link: LINK, name: "Ana", transcription: false, recording: false });
    expect(getUserMedia).not.toHaveBeenCalled();
  });

  it("needs a name", async () => {
    show(() => HttpResponse.json(join({ invitee_name: "" })));
    await waitFor(() => expect(screen.getByTestId("join-button")).toHaveProperty("disabled", true));
  });

  it("counts down by the server's clock, not by ours", async () => {
    const opens_at = new Date(Date.now() + 3_600_000).toISOString();
    const now = new Date(Date.now() + 3_600_000 - 90_000).toISOString();
    show(() => HttpResponse.json(join({ may_join: false, why_not: "early", opens_at, now })));
    expect((await screen.findByRole("timer")).textContent).toMatch(/^In 1 min (30|29) s$/);
  });

  it("says how many are there when the call goes on", async () => {
    show(() => HttpResponse.json(join({ status: "live", participants_present: 3 })));
    expect(await screen.findByText("The call is going on. 3 people are there.")).toBeDefined();
  });

  it.each([
    [true, true, ["record", "transcribe", "text", "unheard"]],
    [true, false, ["transcribe", "text", "unheard"]],
    [false, true, ["keep", "unheard", "text"]],
    [false, false, ["unheard", "text"]],
  ])(
    "asks only what the call asks: transcription %s, recording %s",
    async (transcription, recording, ways) => {
      show(() => HttpResponse.json(join({ asks_transcription: transcription, asks_recording: recording })));
      await screen.findByTestId("join-button");
      const offered = screen
        .getAllByTestId(/^join-consent-/)
        .map((one) => one.getAttribute("data-testid")?.replace("join-consent-", ""));
      expect(offered).toEqual(ways);
      const said = screen.queryByText(/This call is not transcribed/);
      expect(said === null).toBe(transcription);
    },
  );

  it("sends no more consent than was asked for", async () => {
    let body: unknown;
    server.use(
      http.post(`${API}/joins/room-tokens`, async ({ request }) => {
        body = await request.json();
        return problem("call-full", "This call is full", 409);
      }),
    );
    const consent = { transcription: true, recording: true };
    show(() => HttpResponse.json(join({ asks_transcription: false, asks_recording: false, consent })));
    await userEvent.click(await screen.findByTestId("join-consent-text"));
    await userEvent.click(screen.getByTestId("join-button"));
    expect(await screen.findByText("This call is full")).toBeDefined();
    expect(body).toMatchObject({ transcription: false, recording: false });
  });

  it("says who leads an assisted call", async () => {
    show(() => HttpResponse.json(join({ kind: "assisted" })));
    expect(
      await screen.findByText(/Ben Okafor leads this call. The AI listens, does not speak/),
    ).toBeDefined();
  });
});
