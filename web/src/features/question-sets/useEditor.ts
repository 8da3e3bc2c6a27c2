import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/fields";
import { questionSetQuery } from "../../api/queries";
import type { QuestionSet } from "../../api/types";
import { asDraftErrors, bodyOf, type Draft, draftOf, isChanged, mistakes } from "./editor";

/** The draft, what is wrong with it, and saving it over the version that was seen. */
export function useEditor(set: QuestionSet | null) {
  const [saved, setSaved] = useState(() => draftOf(set));
  const [draft, setDraft] = useState(saved);
  const [version, setVersion] = useState(set?.version ?? 0);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const queries = useQueryClient();
  const navigate = useNavigate();
  const show = (kept: QuestionSet) => {
    const next = draftOf(kept);
    setSaved(next);
    setDraft(next);
    setVersion(kept.version);
    queries.setQueryData(questionSetQuery(kept.question_set_id).queryKey, kept);
  };
  const saving = useMutation({
    mutationFn: (what: Draft) =>
      set
        ? api.replaceQuestionSet(set.question_set_id, { ...bodyOf(what), version })
        : api.createQuestionSet(bodyOf(what)),
    onSuccess: async (kept) => {
      // New questions have their ids now; what was written since is another change.
      show(kept);
      void queries.invalidateQueries({ queryKey: ["question-sets", "list"] });
      void queries.invalidateQueries({ queryKey: ["question-sets", kept.question_set_id, "versions"] });
      if (set === null) {
        const params = { questionSetId: kept.question_set_id };
        await navigate({
          to: "/question-sets/$questionSetId",
          params,
          replace: true,
          ignoreBlocker: true,
          state: { saved: true },
        });
      }
    },
    onError: (error, what) => setErrors(asDraftErrors(fieldErrors(error), what)),
  });
  const readingAgain = useMutation({
    mutationFn: (setId: string) => api.questionSet(setId),
    onSuccess: (newer) => {
      show(newer);
      setErrors({});
      saving.reset();
    },
  });
  const isDirty = isChanged(draft, saved);
  return {
    draft,
    saved,
    errors,
    saving,
    readingAgain,
    isDirty,
    change: (next: Draft) => {
      setDraft(next);
      setErrors({});
      if (saving.isSuccess) saving.reset();
    },
    save: () => {
      if (saving.isPending) return;
      const wrong = mistakes(draft);
      setErrors(wrong);
      if (Object.keys(wrong).length === 0) saving.mutate(draft);
    },
  };
}
