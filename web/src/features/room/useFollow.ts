import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_PX = 48;

function toNewest(box: HTMLElement | null): void {
  if (box) box.scrollTop = box.scrollHeight;
}

/** Keeps a list at its newest line until the reader scrolls up; `mark` is anything that changes with the content. */
export function useFollow<Mark>(mark: Mark) {
  const box = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [following, setFollowing] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `mark` says that the content grew.
  useLayoutEffect(() => {
    if (following) toNewest(box.current);
  }, [mark, following]);
  useEffect(() => {
    // A phone's keyboard and a turned screen make the box smaller.
    const { current } = box;
    if (!following || current === null) return;
    const observer = new ResizeObserver(() => toNewest(current));
    observer.observe(current);
    return () => observer.disconnect();
  }, [following]);
  const onScroll = useCallback(() => {
    const { current } = box;
    if (current === null) return;
    const isNear = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_PX;
    // Only a reader scrolls up.
    if (isNear) setFollowing(true);
    else if (current.scrollTop < lastTop.current) setFollowing(false);
    lastTop.current = current.scrollTop;
  }, []);
  const jump = useCallback(() => setFollowing(true), []);
  const stay = useCallback(() => setFollowing(false), []);
  return { box, following, onScroll, jump, stay };
}
