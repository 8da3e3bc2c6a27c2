import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { questionSetsApi, type Said, type TriedInterview } from "./question-sets-api";

/** A conversation with the interviewer that nobody keeps: it is sent whole each time. */
export function useTrial(setId: string) {
  const [said, setSaid] = useState<readonly Said[]>([]);
  const [tried, setTried] = useState<TriedInterview | null>(null);
  const asking = useMutation({
    mutationFn: (so_far: readonly Said[]) => questionSetsApi.tryIt(setId, so_far),
    onSuccess: (next, so_far) => {
      setTried(next);
      setSaid(next.says === "" ? so_far : [...so_far, { who: "agent", text: next.says }]);
    },
  });
  const { mutate } = asking;
  // The greeting comes by itself.
  useEffect(() => {
    mutate([]);
  }, [mutate]);
  const go = (so_far: readonly Said[]) => {
    setSaid(so_far);
    mutate(so_far);
  };
  return {
    said,
    tried,
    asking,
    say: (text: string) => go([...said, { who: "guest", text }]),
    again: () => go(said),
    restart: () => {
      setTried(null);
      go([]);
    },
  };
}
