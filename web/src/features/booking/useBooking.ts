import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/fields";
import type { Lead, Me } from "../../api/types";
import {
  asFormErrors,
  asNewCall,
  type Booking,
  emptyBooking,
  guest,
  mistakes,
  newKey,
  withLead,
} from "./booking";

export type BookingForm = ReturnType<typeof useForm<Booking>>;

/** The form, and the one request it makes: the key is the form's, so a double click books one call. */
export function useBooking(me: Me, lead: Lead | null) {
  const [key] = useState(newKey);
  const [first] = useState(() => {
    const empty = emptyBooking(me, new Date());
    return lead ? { ...empty, ...withLead(empty, lead) } : empty;
  });
  const form: BookingForm = useForm<Booking>({ initialValues: first });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const sending = useMutation({
    mutationFn: ({ booking, startsNow }: { booking: Booking; startsNow: boolean }) =>
      api.book(asNewCall(booking, startsNow, new Date()), key),
    onSuccess: async (call, { startsNow }) => {
      queries.setQueryData(["calls", call.call_id], call);
      void queries.invalidateQueries({ queryKey: ["calls", "list"] });
      void queries.invalidateQueries({ queryKey: ["leads"] });
      const params = { callId: call.call_id };
      if (startsNow) await navigate({ to: "/calls/$callId/room", params, ignoreBlocker: true });
      else await navigate({ to: "/calls/$callId", params, state: { booked: true }, ignoreBlocker: true });
    },
    onError: (error, { booking }) => form.setErrors(asFormErrors(fieldErrors(error), booking)),
  });

  const send = (startsNow: boolean) => {
    if (sending.isPending || sending.isSuccess) return;
    const booking = form.getValues();
    const wrong = mistakes(booking, startsNow, new Date());
    form.setErrors(wrong);
    if (Object.keys(wrong).length === 0) sending.mutate({ booking, startsNow });
    else focusFirst(wrong);
  };

  return {
    form,
    send,
    sending,
    addGuest: () => form.insertListItem("invitees", guest()),
    isTouched: form.isDirty() && !sending.isPending && !sending.isSuccess,
  };
}

/** Takes the reader to the first field that needs them, in the order of the page. */
function focusFirst(wrong: Record<string, string>) {
  const fields = [...document.querySelectorAll<HTMLElement>("[data-path]")];
  fields.find((field) => (field.dataset.path ?? "") in wrong)?.focus();
}
