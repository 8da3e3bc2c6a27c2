import { Select, TextInput } from "@mantine/core";
import type { User } from "../people/types";
import classes from "./audit.module.css";
import { ACTIONS } from "./audit-words";

export interface Wanted {
  actor?: string;
  action?: string;
  from?: string;
  to?: string;
}

interface Props {
  wanted: Wanted;
  users: readonly User[];
  onChange: (change: Wanted) => void;
}

/** Which entries: whose, what, and of which days. */
export function Filters({ wanted, users, onChange }: Props) {
  const isKnown = users.some((user) => user.user_id === wanted.actor);
  return (
    <div className={classes.filters}>
      <Select
        label="Person"
        placeholder="Everybody"
        data={users.map((user) => ({ value: user.user_id, label: user.name || user.email }))}
        value={isKnown ? (wanted.actor ?? null) : null}
        onChange={(actor) => onChange({ actor: actor ?? "" })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Everybody" }}
        nothingFoundMessage="Nobody has this name"
      />
      <Select
        label="What was done"
        placeholder="Everything"
        data={ACTIONS}
        value={ACTIONS.some(({ value }) => value === wanted.action) ? (wanted.action ?? null) : null}
        onChange={(action) => onChange({ action: action ?? "" })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "Everything" }}
        nothingFoundMessage="Nothing is called so"
      />
      <TextInput
        type="date"
        label="From"
        value={wanted.from ?? ""}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label="To"
        value={wanted.to ?? ""}
        onChange={(event) => onChange({ to: event.currentTarget.value })}
      />
    </div>
  );
}
