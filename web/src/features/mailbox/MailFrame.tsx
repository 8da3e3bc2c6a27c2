import { useCallback, useState } from "react";
import classes from "./mailbox.module.css";

const FIRST_HEIGHT_PX = 480;

/**
 * A mail as it looks, apart from our page: the server has cleaned it and lets it load nothing. No scripts run in the frame (`allow-scripts` is not given), so
 * `allow-same-origin` lets only us look in, to give the frame the mail's height. Its links open in a new tab.
 */
export function MailFrame({ messageId, title }: { messageId: string; title: string }) {
  const [height_px, setHeight] = useState(FIRST_HEIGHT_PX);
  const measure = useCallback((frame: HTMLIFrameElement | null) => {
    if (frame === null) return;
    const look = () => {
      const page = frame.contentDocument?.documentElement;
      if (page) setHeight(page.getBoundingClientRect().height);
    };
    // A narrower window makes a longer mail.
    const observer = new ResizeObserver(look);
    frame.addEventListener("load", look);
    observer.observe(frame);
    return () => {
      frame.removeEventListener("load", look);
      observer.disconnect();
    };
  }, []);
  return (
    <iframe
      ref={measure}
      className={classes.frame}
      title={`The mail “${title || "No subject"}”`}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      src={`/api/v1/mailbox/${messageId}/html`}
      style={{ height: height_px + 2 }}
      data-testid="mail-frame"
    />
  );
}
