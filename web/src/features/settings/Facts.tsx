import { Text } from "@mantine/core";
import classes from "./settings.module.css";

/** Settings that one may read and not change. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function OnlyManagers() {
  return (
    <Text size="sm" c="dimmed">
      You can read this. Managers and admins can change it.
    </Text>
  );
}
