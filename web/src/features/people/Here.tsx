import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { changed } from "../../ui/useAddress";

/** A link to this page with something of it opened. */
export function Here({ to, children }: { to: Record<string, string>; children: ReactNode }) {
  return (
    <Anchor
      size="sm"
      fw={600}
      c="inherit"
      renderRoot={(props) => (
        <Link
          {...props}
          to="."
          search={((old: Record<string, unknown>) => changed(old, to)) as never}
          resetScroll={false}
        />
      )}
    >
      {children}
    </Anchor>
  );
}
