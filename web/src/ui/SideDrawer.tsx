import { Drawer } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import classes from "./SideDrawer.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}

/** Something of the page, opened beside it. What it showed stays in it while it goes. */
export function SideDrawer({ opened, onClose, title, children }: Props) {
  const last = useRef({ title, children });
  if (opened) last.current = { title, children };
  // A button that is switched off while it has the focus leaves it to nobody.
  useWindowEvent("keydown", (event) => {
    if (opened && event.key === "Escape" && event.target === document.body) onClose();
  });
  // Mantine's own would also close it for a question that lies above it.
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const target = event.target as Element;
    const isTaken = target.getAttribute("data-mantine-stop-propagation") === "true";
    if (event.key === "Escape" && !isTaken && event.currentTarget.contains(target)) onClose();
  };
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      closeOnEscape={false}
      onKeyDown={onKeyDown}
      position="right"
      size={520}
      classNames={{ title: classes.title ?? "" }}
      // Two dialogs, one over the other, would be two banners for a screen reader.
      attributes={{ header: { role: "presentation" } }}
      title={last.current.title}
    >
      {last.current.children}
    </Drawer>
  );
}
