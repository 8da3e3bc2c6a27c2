import { useEffect } from "react";
import type { BookingForm } from "./useBooking";

/** The organization's default set, once it is known, stands in a form that has none yet; that is no work to be lost. */
export function useDefaultSet(form: BookingForm, setId: string | undefined) {
  const { getValues, setFieldValue, isDirty, resetDirty } = form;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the form's functions are new each time; what counts is that the set has come
  useEffect(() => {
    if (setId === undefined || getValues().question_set_id !== null) return;
    const isUntouched = !isDirty();
    setFieldValue("question_set_id", setId);
    if (isUntouched) resetDirty({ ...getValues(), question_set_id: setId });
  }, [setId]);
}
