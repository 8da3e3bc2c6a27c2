import { Text } from "@mantine/core";
import { useState } from "react";
import type { Me } from "../../api/types";
import { LeaveGuard } from "../../app/LeaveGuard";
import { MailLink, Section } from "../../ui/Page";
import { SideDrawer } from "../../ui/SideDrawer";
import { Fact } from "../call/Score";
import { Devices } from "../devices/Devices";
import { AccessForm } from "./AccessForm";
import { Disabling } from "./Disabling";
import { InviteAgain } from "./InviteAgain";
import classes from "./people.module.css";
import { STATUS } from "./people-words";
import { StatusWord } from "./StatusWord";
import type { Team, User } from "./types";

interface Props {
  /** null: closed. */
  userId: string | null;
  users: readonly User[];
  teams: readonly Team[];
  me: Me;
  onClose: () => void;
}

/** One person: what they may do, where they are signed in, and whether they are in at all. */
export function PersonDrawer({ userId, users, teams, me, onClose }: Props) {
  const user = users.find((one) => one.user_id === userId) ?? null;
  return (
    <SideDrawer
      opened={userId !== null}
      onClose={onClose}
      title={user ? user.name || user.email : "This person is not here"}
    >
      {user ? (
        <Person key={user.user_id} user={user} users={users} teams={teams} me={me} />
      ) : (
        <Text size="sm">The link may be old, or they are not in this organization.</Text>
      )}
    </SideDrawer>
  );
}

type PersonProps = Pick<Props, "users" | "teams" | "me"> & { user: User };

function Person({ user, users, teams, me }: PersonProps) {
  const [dirty, setDirty] = useState(false);
  const isMe = user.user_id === me.user_id;
  return (
    <div className={classes.drawer}>
      <dl className={classes.facts}>
        <Fact name="Status">
          <StatusWord status={user.status} />. {STATUS[user.status].what}
        </Fact>
        <Fact name="E-mail">
          <MailLink address={user.email} />
        </Fact>
        {user.title && <Fact name="Title">{user.title}</Fact>}
      </dl>
      {user.status === "invited" && <InviteAgain user={user} />}
      <Section title="What they may do" id="access">
        <AccessForm user={user} users={users} teams={teams} isMe={isMe} onDirty={setDirty} />
      </Section>
      {user.status !== "invited" && (
        <Section title="Devices">
          <Devices owner={user} />
        </Section>
      )}
      <Section title={user.status === "disabled" ? "Enable" : "Disable"} id="disabling">
        <Disabling user={user} isMe={isMe} />
      </Section>
      <LeaveGuard when={dirty} />
    </div>
  );
}
