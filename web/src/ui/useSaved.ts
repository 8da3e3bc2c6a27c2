import { type UseFormReturnType, useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { fieldErrors } from "../api/fields";
import { asProblem, type Problem } from "../api/problem";

interface Options<Values, Saved> {
  initial: Values;
  validate: (values: Values) => Partial<Record<keyof Values & string, string>>;
  save: (values: Values) => Promise<Saved>;
  /** The values as the server has them now. */
  onSaved: (saved: Saved) => Values;
  onDirty: (dirty: boolean) => void;
}

export interface SavedForm<Values extends object> {
  form: UseFormReturnType<Values>;
  saving: boolean;
  /** Saved, and not touched since. */
  saved: boolean;
  /** What the server said no to, where no field shows it. */
  problem: Problem | null;
  submit: (event?: React.FormEvent<HTMLFormElement>) => void;
}

/** A form over something that is kept on the server: what is changed, whether it is saved, what it was refused for. */
export function useSaved<Values extends object, Saved>(options: Options<Values, Saved>): SavedForm<Values> {
  const { initial, validate, save, onSaved, onDirty } = options;
  const form = useForm<Values>({
    initialValues: initial,
    // Mantine's type wants every field; a field without a complaint is left out.
    validate: (values) => validate(values) as Record<string, string>,
    validateInputOnBlur: true,
  });
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (saved) => {
      const values = onSaved(saved);
      form.setInitialValues(values);
      form.setValues(values);
      form.resetDirty(values);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const dirty = form.isDirty();
  useEffect(() => onDirty(dirty), [dirty, onDirty]);
  useEffect(() => () => onDirty(false), [onDirty]);
  const isInFields = saving.error !== null && Object.keys(fieldErrors(saving.error)).length > 0;
  return {
    form,
    saving: saving.isPending,
    saved: saving.isSuccess && !dirty,
    problem: saving.error === null || isInFields ? null : asProblem(saving.error),
    submit: form.onSubmit((values) => saving.mutate(values)),
  };
}
