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
import { GoTo } from "./GoTo";

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

/** What a search parameter says, when it says anything. */
function text<Name extends string>(search: Record<string, unknown>, ...names: Name[]) {
  const pairs = names.map((name) => [name, search[name]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => typeof value === "string" && value !== "")) as {
    [name in Name]?: string;
  };
}

const start = createRoute({
  getParentRoute: under,
  path: "/",
  component: () => <GoTo href="/calls" />,
});

const signIn = createRoute({
  getParentRoute: under,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>) => text(search, "next", "problem"),
  component: SignInPage,
});

// Rooms and the guests' pages have no shell.

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

const manage = createRoute({
  getParentRoute: under,
  path: "/manage",
  validateSearch: (search: Record<string, unknown>) => text(search, "do"),
  component: lazyRouteComponent(() => import("../features/manage/ManagePage"), "ManagePage"),
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

const demoAdmin = createRoute({
  getParentRoute: under,
  path: "/demo/admin",
  component: () => <DemoSignIn as="admin" />,
});

const shell = createRoute({
  getParentRoute: under,
  id: "shell",
  component: lazyRouteComponent(() => import("./Shell"), "Shell"),
});
const inShell = () => shell;

const calls = createRoute({
  getParentRoute: inShell,
  path: "/calls",
  validateSearch: (search: Record<string, unknown>) => text(search, "week", "search", "view"),
  component: lazyRouteComponent(() => import("../features/calls/CallsPage"), "CallsPage"),
});

const booking = createRoute({
  getParentRoute: inShell,
  path: "/calls/new",
  validateSearch: (search: Record<string, unknown>) => text(search, "lead"),
  component: lazyRouteComponent(() => import("../features/booking/BookingPage"), "BookingPage"),
});

const call = createRoute({
  getParentRoute: inShell,
  path: "/calls/$callId",
  validateSearch: (search: Record<string, unknown>) => text(search, "at"),
  component: lazyRouteComponent(() => import("../features/call/CallPage"), "CallPage"),
});

const leads = createRoute({
  getParentRoute: inShell,
  path: "/leads",
  validateSearch: (search: Record<string, unknown>) => text(search, "status", "search"),
  component: lazyRouteComponent(() => import("../features/leads/LeadsPage"), "LeadsPage"),
});

const lead = createRoute({
  getParentRoute: inShell,
  path: "/leads/$leadId",
  component: lazyRouteComponent(() => import("../features/leads/LeadPage"), "LeadPage"),
});

const questionSets = createRoute({
  getParentRoute: inShell,
  path: "/question-sets",
  component: lazyRouteComponent(
    () => import("../features/question-sets/QuestionSetsPage"),
    "QuestionSetsPage",
  ),
});

const newQuestionSet = createRoute({
  getParentRoute: inShell,
  path: "/question-sets/new",
  component: lazyRouteComponent(
    () => import("../features/question-sets/QuestionSetPage"),
    "NewQuestionSetPage",
  ),
});

const questionSet = createRoute({
  getParentRoute: inShell,
  path: "/question-sets/$questionSetId",
  component: lazyRouteComponent(() => import("../features/question-sets/QuestionSetPage"), "QuestionSetPage"),
});

const mailbox = createRoute({
  getParentRoute: inShell,
  path: "/mailbox",
  validateSearch: (search: Record<string, unknown>) => text(search, "search"),
  component: lazyRouteComponent(() => import("../features/mailbox/MailboxPage"), "MailboxPage"),
});

const message = createRoute({
  getParentRoute: inShell,
  path: "/mailbox/$messageId",
  validateSearch: (search: Record<string, unknown>) => text(search, "search"),
  component: lazyRouteComponent(() => import("../features/mailbox/MailboxPage"), "MailboxPage"),
});

const people = createRoute({
  getParentRoute: inShell,
  path: "/people",
  component: lazyRouteComponent(() => import("../features/people/PeoplePage"), "PeoplePage"),
});

const audit = createRoute({
  getParentRoute: inShell,
  path: "/audit",
  component: lazyRouteComponent(() => import("../features/audit/AuditPage"), "AuditPage"),
});

const profile = createRoute({
  getParentRoute: inShell,
  path: "/profile",
  component: lazyRouteComponent(() => import("../features/profile/ProfilePage"), "ProfilePage"),
});

const settings = createRoute({
  getParentRoute: inShell,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/settings/SettingsPage"), "SettingsPage"),
});

const tree = root.addChildren([
  start,
  signIn,
  repRoom,
  join,
  manage,
  demoManager,
  demoRep,
  demoAdmin,
  shell.addChildren([
    calls,
    booking,
    call,
    leads,
    lead,
    questionSets,
    newQuestionSet,
    questionSet,
    mailbox,
    message,
    people,
    audit,
    profile,
    settings,
  ]),
]);

export const makeRouter = (history?: RouterHistory) =>
  createRouter({ routeTree: tree, scrollRestoration: true, ...(history ? { history } : {}) });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
  interface HistoryState {
    /** The call was booked a moment ago. */
    booked?: boolean;
    /** What the page shows was saved for the first time a moment ago. */
    saved?: boolean;
  }
}
