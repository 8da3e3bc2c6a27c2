import { Text, Title, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./PaperPage.module.css";

interface Props {
  title?: string;
  /** What it is about, small above the title. */
  above?: ReactNode;
  /** Said to screen readers only, where the title is still on its way. */
  hiddenTitle?: string;
  children: ReactNode;
}

/** A page without the shell: one quiet column. */
export function PaperPage({ title, above, hiddenTitle, children }: Props) {
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        {hiddenTitle && (
          <VisuallyHidden>
            <h1>{hiddenTitle}</h1>
          </VisuallyHidden>
        )}
        {above && (
          <Text size="sm" c="dimmed" component="div">
            {above}
          </Text>
        )}
        {title && (
          <Title order={1} size="h2" className={classes.title}>
            {title}
          </Title>
        )}
        {children}
      </div>
    </main>
  );
}
