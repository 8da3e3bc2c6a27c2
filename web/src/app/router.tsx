import { Anchor, Text } from "@mantine/core";
import {
  createRootRoute,
  createRoute,
  createRouter,
  Link,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import { DemoSignIn } from "../features/sign-in/DemoSignIn";
import { SignInPage } from "../features/sign-in/SignInPage";
import { PaperPage } from "../ui/PaperPage";

function NotFound() {
  return (
    <PaperPage title="This page is not here">
      <Text>The address may have a typing error, or the page has moved.</Text>
      <Anchor component={Link} to="/">
        Go to the start
      </Anchor>
    </PaperPage>
  );
}

const root = createRootRoute({ notFoundComponent: NotFound });
const under = () => root;

export const signInRoute = createRoute({
  getParentRoute: under,
  path: "/",
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === "string" ? { next: search.next } : {},
  component: SignInPage,
});

const calls = createRoute({
  getParentRoute: under,
  path: "/calls",
  component: lazyRouteComponent(() => import("../features/calls/CallsPage"), "CallsPage"),
});

const repRoom = createRoute({
  getParentRoute: under,
  path: "/calls/$callId/room",
  component: lazyRouteComponent(() => import("../features/room/RepRoomPage"), "RepRoomPage"),
});

const join = createRoute({
  getParentRoute: under,
  path: "/join",
  component: lazyRouteComponent(() => import("../features/join/JoinPage"), "JoinPage"),
});

const demoManager = createRoute({
  getParentRoute: under,
  path: "/demo/manager",
  component: () => <DemoSignIn as="manager" />,
});

const demoRep = createRoute({
  getParentRoute: under,
  path: "/demo/rep",
  component: () => <DemoSignIn as="rep" />,
});

const tree = root.addChildren([signInRoute, calls, repRoom, join, demoManager, demoRep]);

export const makeRouter = (history?: RouterHistory) =>
  createRouter({ routeTree: tree, ...(history ? { history } : {}) });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
