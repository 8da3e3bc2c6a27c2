import { Button, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Problem } from "../api/problem";
import classes from "./Notice.module.css";

interface Props {
  problem: Problem;
  onRetry?: () => void;
  retrying?: boolean;
  /** What is safe, when the problem's own words do not say it. */
  children?: ReactNode;
}

/** A problem in words, with a way on. */
export function ProblemNotice({ problem, onRetry, retrying = false, children }: Props) {
  return (
    <div className={classes.notice} role="alert">
      <IconAlertCircle size={20} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <Text fw={600} size="sm">
          {problem.title}
        </Text>
        <Text size="sm">{problem.detail}</Text>
        {children}
        {onRetry && (
          <Button variant="default" size="xs" mt={8} onClick={onRetry} loading={retrying}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

/** Something to know that is not an error: reconnecting, no sound, an agent that is away. */
export function Notice({
  title,
  children,
  action,
  good = false,
}: {
  title: string;
  /** Something went as it should: not in the colour of troubles. */
  good?: boolean;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.notice} role="status" data-good={good || undefined}>
      <div className={classes.words}>
        <Text fw={600} size="sm">
          {title}
        </Text>
        {children && <Text size="sm">{children}</Text>}
      </div>
      {action}
    </div>
  );
}
