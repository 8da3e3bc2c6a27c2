import { useEffect, useState } from "react";

/** True once `condition` has held for that long without a break. */
export function useLasting(condition: boolean, for_ms: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    setLasting(false);
    if (!condition) return;
    const timer = setTimeout(() => setLasting(true), for_ms);
    return () => clearTimeout(timer);
  }, [condition, for_ms]);
  return condition && lasting;
}
