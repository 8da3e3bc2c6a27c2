import { NavLink } from "@mantine/core";
import {
  IconAddressBook,
  IconLogout,
  IconMailbox,
  IconMessageQuestion,
  IconPhone,
  IconSettings,
  IconShieldCheck,
  IconUserCircle,
  IconUsers,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { asProblem } from "../api/problem";
import type { Me } from "../api/types";
import { ProblemNotice } from "../ui/ProblemNotice";
import { useSignOut } from "./session";
import classes from "./shell.module.css";

interface Place {
  to: "/calls" | "/leads" | "/question-sets" | "/mailbox" | "/people" | "/audit" | "/settings";
  word: string;
  Icon: TablerIcon;
  localOnly?: boolean;
  adminOnly?: boolean;
}

const PLACES: readonly Place[] = [
  { to: "/calls", word: "Calls", Icon: IconPhone },
  { to: "/leads", word: "Leads", Icon: IconUsers },
  { to: "/question-sets", word: "Question sets", Icon: IconMessageQuestion },
  { to: "/mailbox", word: "Mailbox", Icon: IconMailbox, localOnly: true },
  { to: "/people", word: "People", Icon: IconAddressBook, adminOnly: true },
  { to: "/audit", word: "Audit", Icon: IconShieldCheck, adminOnly: true },
  { to: "/settings", word: "Settings", Icon: IconSettings, adminOnly: true },
];

function isFor(me: Me, { localOnly, adminOnly }: Place): boolean {
  return (me.local_mode || !localOnly) && (me.role === "admin" || !adminOnly);
}

export function Navigation({ me }: { me: Me }) {
  const { pathname } = useLocation();
  const isHere = (to: string) => pathname === to || pathname.startsWith(`${to}/`);
  return (
    <div className={classes.navigation}>
      <nav aria-label="Pages">
        {PLACES.filter((place) => isFor(me, place)).map(({ to, word, Icon }) => (
          <NavLink
            key={to}
            label={word}
            leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
            active={isHere(to)}
            className={classes.place ?? ""}
            renderRoot={(props) => <Link {...props} to={to} />}
          />
        ))}
      </nav>
      <Who me={me} isHere={isHere("/profile")} />
    </div>
  );
}

/** Who one is; behind it one's profile. */
function Who({ me, isHere }: { me: Me; isHere: boolean }) {
  const signOut = useSignOut();
  return (
    <div className={classes.who}>
      <NavLink
        label={me.name}
        description={`${me.role.charAt(0).toUpperCase()}${me.role.slice(1)}, ${me.organization_name}`}
        leftSection={<IconUserCircle size={18} stroke={1.6} aria-hidden />}
        active={isHere}
        classNames={{ root: classes.place ?? "", label: classes.person ?? "" }}
        renderRoot={(props) => <Link {...props} to="/profile" />}
      />
      {signOut.error && <ProblemNotice problem={asProblem(signOut.error)} />}
      <NavLink
        component="button"
        type="button"
        label="Sign out"
        className={classes.place ?? ""}
        leftSection={<IconLogout size={18} stroke={1.6} aria-hidden />}
        onClick={() => signOut.mutate()}
        disabled={signOut.isPending}
      />
    </div>
  );
}
