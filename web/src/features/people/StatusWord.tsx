import { IconBan, IconMail, type TablerIcon } from "@tabler/icons-react";
import classes from "./people.module.css";
import { STATUS } from "./people-words";
import type { UserStatus } from "./types";

const ICON: Record<UserStatus, TablerIcon | null> = { active: null, invited: IconMail, disabled: IconBan };

/** What is as it should be has a word; what is not has an icon too. */
export function StatusWord({ status }: { status: UserStatus }) {
  const Icon = ICON[status];
  return (
    <span className={classes.status} data-status={status}>
      {Icon && <Icon size={16} aria-hidden />}
      {STATUS[status].word}
    </span>
  );
}
