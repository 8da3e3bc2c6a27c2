import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LinkView, WaysIn } from "../../api/identity";
import type { Me } from "../../api/types";
import { makeRouter } from "../../app/router";
import { cssVariables, theme } from "../../ui/theme";

const API = "*/api/v1";
const SECRET = "c2VjcmV0";
const server = setupServer();
let asked: string[];

const me: Me = {
  user_id: "user-1",
  name: "Mara Chen",
  email: "mara@example.com",
  role: "manager",
  title: "",
  time_zone: null,
  organization_id: "organization-1",
  organization_name: "Northwind",
  local_mode: false,
  device_id: "device-1",
  team_ids: [],
};

const view = (more: Partial<LinkView> = {}): LinkView => ({
  purpose: "sign_in",
  name: "Mara Chen",
  email: "mara@example.com",
  organization_name: "Northwind",
  needs_profile: false,
  next: "/",
  ...more,
});

const problem = (type: string, status: number) =>
  HttpResponse.json(
    { type: `/problems/${type}`, title: "No", status, detail: "Words." },
    { status, headers: { "content-type": "application/problem+json" } },
  );

const ways = (more: Partial<WaysIn>) =>
  server.use(
    http.get(`${API}/sign-in`, () =>
      HttpResponse.json({ google: false, email_link: false, demo: false, ...more }),
    ),
  );

function open(address: string) {
  const router = makeRouter(createMemoryHistory({ initialEntries: [address] }));
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return router;
}

beforeAll(() => {
  server.listen({ onUnhandledRequest: "error" });
  server.events.on("request:start", ({ request }) => asked.push(new URL(request.url).pathname));
});
beforeEach(() => {
  asked = [];
  localStorage.clear();
  server.use(
    http.get(`${API}/me`, () => problem("not-signed-in", 401)),
    http.post(`${API}/sign-in/refreshes`, () => problem("not-signed-in", 401)),
    http.get(`${API}/demo`, () => problem("not-found", 404)),
    http.get(`${API}/calls`, () => HttpResponse.json({ items: [], next_cursor: null })),
  );
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

describe("the sign-in page", () => {
  it.each([
    [{ google: true }, ["Google"]],
    [{ email_link: true }, ["mail"]],
    [{ demo: true }, ["demo"]],
    [{ google: true, email_link: true, demo: true }, ["Google", "mail", "demo"]],
    [{}, ["none"]],
  ] satisfies [Partial<WaysIn>, string[]][])("offers of %j just these", async (there, shown) => {
    ways(there);
    open("/sign-in");
    const find = {
      Google: () => screen.queryByText("Sign in with Google"),
      mail: () => screen.queryByLabelText("E-mail"),
      demo: () => screen.queryByText("Continue as the demo manager"),
      none: () => screen.queryByText(/not set up/),
    };
    const found = () => Object.entries(find).filter(([, one]) => one() !== null);
    await waitFor(() => expect(found()).not.toEqual([]));
    expect(found().map(([name]) => name)).toEqual(shown);
  });

  it("makes nothing of a problem that is not ours", async () => {
    ways({ google: true });
    open("/sign-in?problem=%3Cscript%3E");
    await screen.findByText("Sign in with Google");
    expect(screen.queryByText(/script/)).toBeNull();
  });
});

describe("a link", () => {
  it("is only looked at until one says so, and leaves the address behind", async () => {
    server.use(
      http.post(`${API}/sign-in/link-views`, () => HttpResponse.json(view())),
      http.post(`${API}/sign-in/link-uses`, async ({ request }) => {
        expect(await request.json()).toEqual({ link: SECRET, name: null, time_zone: null });
        return HttpResponse.json(me);
      }),
    );
    const router = open(`/sign-in#${SECRET}`);
    const button = await screen.findByRole("button", { name: "Sign in" });
    expect(asked.filter((path) => path.endsWith("/link-uses"))).toEqual([]);
    await userEvent.click(button);
    await waitFor(() => expect(router.state.location.pathname).toBe("/calls"));
    expect(router.state.location.hash).toBe("");
    expect(asked.filter((path) => path.endsWith("/link-views"))).toHaveLength(1);
  });

  it.each([
    ["/leads?search=halden", "/leads?search=halden"],
    ["https://elsewhere.example/", "/calls"],
  ])("that was asked for on the way to %s goes to %s", async (next, place) => {
    server.use(
      http.post(`${API}/sign-in/link-views`, () => HttpResponse.json(view({ next }))),
      http.post(`${API}/sign-in/link-uses`, () => HttpResponse.json(me)),
      http.get(`${API}/leads`, () => HttpResponse.json({ items: [], next_cursor: null })),
    );
    const router = open(`/sign-in#${SECRET}`);
    await userEvent.click(await screen.findByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(router.state.location.href).toBe(place));
  });

  it("of an invitation is not used without a name", async () => {
    const invitation = view({ purpose: "invitation", name: "", needs_profile: true });
    server.use(http.post(`${API}/sign-in/link-views`, () => HttpResponse.json(invitation)));
    open(`/sign-in#${SECRET}`);
    await userEvent.click(await screen.findByRole("button", { name: "Sign in" }));
    expect(await screen.findByText("Write your name")).toBeDefined();
    expect(asked.filter((path) => path.endsWith("/link-uses"))).toEqual([]);
  });

  it("that cannot be read now is not called dead", async () => {
    server.use(http.post(`${API}/sign-in/link-views`, () => problem("database-away", 503)));
    open(`/sign-in#${SECRET}`);
    expect(await screen.findByRole("button", { name: "Try again" })).toBeDefined();
    expect(screen.queryByText(/does not work any more/)).toBeNull();
  });
});
