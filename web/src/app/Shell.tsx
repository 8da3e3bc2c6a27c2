import { Burger, Button, Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import type { Me } from "../api/types";
import { Navigation } from "./Navigation";
import { SignedIn } from "./SignedIn";
import classes from "./shell.module.css";

/** Around every page of who is signed in, but the rooms: where one can go, who one is, and one thing to do. */
export function Shell() {
  return <SignedIn>{(me) => <Frame me={me} />}</SignedIn>;
}

function Frame({ me }: { me: Me }) {
  const [isOpen, setOpen] = useState(false);
  const isPhone = useMediaQuery("(max-width: 48em)");
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has gone somewhere is done with the menu
  useEffect(() => setOpen(false), [pathname]);
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        Skip to the page
      </a>
      <section className={classes.top} aria-label="Parley">
        <Burger
          className={classes.burger}
          size="sm"
          opened={isOpen}
          onClick={() => setOpen(!isOpen)}
          aria-label="Menu"
          aria-expanded={isOpen}
        />
        <Link to="/calls" className={classes.name}>
          <img src="/favicon.svg" alt="" width={24} height={24} />
          Parley
        </Link>
        {pathname !== "/calls/new" && (
          <Button
            size="sm"
            leftSection={<IconPlus size={16} aria-hidden />}
            renderRoot={(props) => <Link {...props} to="/calls/new" />}
          >
            Book a call
          </Button>
        )}
      </section>
      <aside className={classes.side}>
        <Navigation me={me} />
      </aside>
      {isPhone && (
        <Drawer opened={isOpen} onClose={() => setOpen(false)} size={280} title="Parley">
          <Navigation me={me} />
        </Drawer>
      )}
      <main className={classes.main} id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
