import { ask, query, tell } from "../../api/client";
import type { QuestionSetVersion, Said, TriedInterview } from "../../api/generated";
import type { Page } from "../../api/types";

export type { QuestionSetVersion, Said, TriedInterview };

const set = (setId: string) => `/question-sets/${encodeURIComponent(setId)}`;

export const questionSetsApi = {
  makeDefault: (setId: string) => tell("PUT", `${set(setId)}/default`, {}),
  versions: (setId: string, cursor: string | null) =>
    ask<Page<QuestionSetVersion>>("GET", `${set(setId)}/versions${query({ cursor })}`),
  /** `said`: the whole conversation so far. */
  tryIt: (setId: string, said: readonly Said[]) =>
    ask<TriedInterview>("POST", `${set(setId)}/trials`, { said }),
};
