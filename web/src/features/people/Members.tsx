import { ActionIcon, NativeSelect, Select, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Section } from "../../ui/Page";
import { addable, mayLead, withMember, withoutMember, withRole } from "./members";
import classes from "./people.module.css";
import { MEMBER_ROLE } from "./people-words";
import type { Member, MemberRole, User } from "./types";

interface Props {
  members: readonly Member[];
  users: readonly User[];
  onChange: (members: Member[]) => void;
  /** What the server says against one of them. */
  complaint: ReactNode;
}

const CHOICES = (["manager", "rep"] as const).map((value) => ({ value, label: MEMBER_ROLE[value] }));

/** Who is in a team, and as what; nothing is kept before it is saved. */
export function Members({ members, users, onChange, complaint }: Props) {
  const others = addable(members, users);
  return (
    <Section title="Members">
      <Text size="sm" c="dimmed">
        A manager of the team answers for its reps: they see the reps' calls, and can join and end them.
      </Text>
      {members.length > 0 && (
        <ul className={classes.rows} data-testid="members">
          {members.map((member) => (
            <li key={member.user_id} className={classes.row}>
              <Text size="sm" fw={600} className={classes.rowWords ?? ""}>
                {member.name}
              </Text>
              {mayLead(member.user_id, users) ? (
                <NativeSelect
                  aria-label={`What ${member.name} is in this team`}
                  data={CHOICES}
                  value={member.role}
                  onChange={(event) =>
                    onChange(withRole(members, member.user_id, event.currentTarget.value as MemberRole))
                  }
                  size="xs"
                />
              ) : (
                <Text size="sm">{MEMBER_ROLE[member.role]}</Text>
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                size="md"
                aria-label={`Take ${member.name} out of the team`}
                onClick={() => onChange(withoutMember(members, member.user_id))}
              >
                <IconX size={16} aria-hidden />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      <Select
        aria-label="Add somebody"
        error={complaint}
        placeholder={others.length === 0 ? "Everybody is in it" : "Add somebody"}
        data={others.map((user) => ({ value: user.user_id, label: user.name || user.email }))}
        value={null}
        disabled={others.length === 0}
        searchable
        nothingFoundMessage="Nobody has this name"
        onChange={(userId) => {
          const user = others.find((one) => one.user_id === userId);
          if (user) onChange(withMember(members, user));
        }}
      />
    </Section>
  );
}
