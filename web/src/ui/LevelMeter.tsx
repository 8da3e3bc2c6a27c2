import { useEffect, useRef } from "react";
import classes from "./LevelMeter.module.css";

interface Props {
  /** Loudness now, 0 to 1; read at every frame, so the page does not render for it. */
  level: () => number;
  small?: boolean;
}

export function LevelMeter({ level, small = false }: Props) {
  const bar = useRef<HTMLDivElement>(null);
  const read = useRef(level);
  read.current = level;
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    const draw = () => {
      // Up at once, down slowly: the eye follows it.
      shown = Math.max(read.current(), shown * 0.92);
      if (bar.current) {
        bar.current.style.transform = `scaleX(${shown.toFixed(3)})`;
        bar.current.parentElement?.setAttribute("data-level", shown.toFixed(2));
      }
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <div className={classes.meter} data-small={small || undefined} data-testid="mic-level" aria-hidden>
      <div ref={bar} className={classes.bar} />
    </div>
  );
}
