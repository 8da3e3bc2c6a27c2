import { NavLink, Text } from "@mantine/core";
import {
  IconLogout,
  IconMailbox,
  IconMessageQuestion,
  IconPhone,
  IconSettings,
  IconUsers,
  type TablerIcon,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { api } from "../api/client";
import { asProblem } from "../api/problem";
import type { Me } from "../api/types";
import { ProblemNotice } from "../ui/ProblemNotice";
import classes from "./shell.module.css";

interface Place {
  to: "/calls" | "/leads" | "/question-sets" | "/mailbox" | "/settings";
  word: string;
  Icon: TablerIcon;
  localOnly?: boolean;
}

const PLACES: readonly Place[] = [
  { to: "/calls", word: "Calls", Icon: IconPhone },
  { to: "/leads", word: "Leads", Icon: IconUsers },
  { to: "/question-sets", word: "Question sets", Icon: IconMessageQuestion },
  { to: "/mailbox", word: "Mailbox", Icon: IconMailbox, localOnly: true },
  { to: "/settings", word: "Settings", Icon: IconSettings },
];

export function Navigation({ me }: { me: Me }) {
  const { pathname } = useLocation();
  const isHere = (to: string) => pathname === to || pathname.startsWith(`${to}/`);
  return (
    <div className={classes.navigation}>
      <nav aria-label="Pages">
        {PLACES.filter((place) => me.local_mode || !place.localOnly).map(({ to, word, Icon }) => (
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
      <Who me={me} />
    </div>
  );
}

function Who({ me }: { me: Me }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: "/" });
    },
  });
  return (
    <div className={classes.who}>
      <div className={classes.person}>
        <Text size="sm" fw={600}>
          {me.name}
        </Text>
        <Text size="xs" c="dimmed">
          {me.role.charAt(0).toUpperCase() + me.role.slice(1)}, {me.organization_name}
        </Text>
      </div>
      {signOut.error && <ProblemNotice problem={asProblem(signOut.error)} />}
      <NavLink
        component="button"
        type="button"
        label="Sign out"
        leftSection={<IconLogout size={18} stroke={1.6} aria-hidden />}
        onClick={() => signOut.mutate()}
        disabled={signOut.isPending}
      />
    </div>
  );
}
