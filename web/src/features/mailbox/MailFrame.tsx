import { useCallback, useState } from "react";
import classes from "./mailbox.module.css";

// Nothing comes from outside and nothing runs: the server has cleaned the mail, and this says it once more.
const HEAD = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<base target="_blank"><title>Mail</title>
<style>:root { color-scheme: light } body { margin: 0; padding: 16px; background: #fff; color: #292522;
font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere } img { max-width: 100% }</style></head><body>`;

const FIRST_HEIGHT_PX = 480;

/**
 * A mail as it looks, apart from our page. No scripts run in the frame (`allow-scripts` is not given), so
 * `allow-same-origin` lets only us look in, to give the frame the mail's height. Its links open in a new tab.
 */
export function MailFrame({ html, title }: { html: string; title: string }) {
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
      srcDoc={`${HEAD}${html}</body></html>`}
      style={{ height: height_px + 2 }}
      data-testid="mail-frame"
    />
  );
}
