import { Anchor, Text, Title, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Page.module.css";

interface Props {
  title: string;
  /** The title is still on its way: said to screen readers only. */
  hidden?: boolean;
  /** Where it belongs, small above the title. */
  above?: ReactNode;
  /** What it is about, small below the title. */
  below?: ReactNode;
  actions?: ReactNode;
  /** Two columns need room; text reads better without. */
  wide?: boolean;
  children: ReactNode;
}

/** A page inside the shell: the title with what one can do, and a column. The shell has the landmark. */
export function Page({ title, hidden = false, above, below, actions, wide = false, children }: Props) {
  return (
    <div className={classes.page} data-wide={wide || undefined}>
      <header className={classes.header}>
        <div className={classes.words}>
          {above && (
            <Text size="sm" c="dimmed" component="div">
              {above}
            </Text>
          )}
          {hidden ? (
            <VisuallyHidden>
              <h1>{title}</h1>
            </VisuallyHidden>
          ) : (
            <Title order={1} size="h2" className={classes.title}>
              {title}
            </Title>
          )}
          {below && (
            <Text size="sm" c="dimmed" component="div">
              {below}
            </Text>
          )}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** What a list will show, and the one thing to do first. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <Text fw={600}>{title}</Text>
      {children && (
        <Text size="sm" c="dimmed" maw="60ch" mx="auto">
          {children}
        </Text>
      )}
      {action && <div className={classes.emptyAction}>{action}</div>}
    </div>
  );
}

/** A framed part of a page with a heading of its own. */
export function Section({
  title,
  aside,
  id,
  children,
}: {
  title: string;
  aside?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  const heading = id ?? `section-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
  return (
    <section className={classes.section} aria-labelledby={heading}>
      <div className={classes.sectionHead}>
        <Title order={2} size="h4" id={heading}>
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A link as text, underlined so that it is told from the words around it. */
export function MailLink({ address }: { address: string }) {
  return (
    <Anchor href={`mailto:${address}`} size="sm" inherit underline="always">
      {address}
    </Anchor>
  );
}
