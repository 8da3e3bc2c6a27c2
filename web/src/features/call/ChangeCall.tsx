import { Button, Group, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldErrors, formProblem } from "../../api/fields";
import { isProblem } from "../../api/problem";
import type { Call, CallChange } from "../../api/types";
import { callQuery } from "../../app/session";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { SideDrawer } from "../../ui/SideDrawer";
import { asFormErrors, type Booking, mistakes } from "../booking/booking";
import classes from "../booking/booking.module.css";
import { SwitchList } from "../booking/SwitchList";
import type { BookingForm } from "../booking/useBooking";
import { MostPeople, Owner, QuestionSetChoice } from "../booking/WhatFields";
import { WhenFields } from "../booking/WhenFields";
import { callApi } from "./call-api";
import { bookingOf, changeOf, isMoved } from "./change";
import { changeWords } from "./notice-words";

/** What was done, and who learns of it. */
export interface Done {
  title: string;
  words: string;
}

/** Moves or changes a call that has not begun, beside the page. */
export function ChangeCall({ call, onDone }: { call: Call; onDone: (done: Done) => void }) {
  // As it was when the form was opened: what comes meanwhile does not change under the writer's hands.
  const [seen, setSeen] = useState<Call | null>(null);
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setSeen(call)}>
        Move or change
      </Button>
      <SideDrawer opened={seen !== null} onClose={() => setSeen(null)} title="Move or change the call">
        {seen && <ChangeForm call={seen} onClose={() => setSeen(null)} onDone={onDone} />}
      </SideDrawer>
    </>
  );
}

interface FormProps {
  call: Call;
  onClose: () => void;
  onDone: (done: Done) => void;
}

function ChangeForm({ call, onClose, onDone }: FormProps) {
  const queries = useQueryClient();
  const form: BookingForm = useForm<Booking>({ initialValues: bookingOf(call) });
  const change = changeOf(call, form.values);
  const changing = useMutation({
    mutationFn: (wanted: CallChange) => callApi.change(call.call_id, wanted),
    onSuccess: (now, wanted) => {
      queries.setQueryData(callQuery(call.call_id).queryKey, now);
      void queries.invalidateQueries({ queryKey: ["calls"] });
      onDone({
        title: wanted.starts_at ? "The call is moved" : "The call is changed",
        words: changeWords(call, wanted),
      });
      onClose();
    },
    onError: (error) => form.setErrors(asFormErrors(fieldErrors(error), form.getValues())),
  });
  const send = () => {
    // What is not changed is not held against it.
    const { day, time } = mistakes(form.getValues(), false, new Date());
    const isWrong = (day !== undefined || time !== undefined) && isMoved(call, form.getValues());
    form.setErrors(isWrong ? { ...(day ? { day } : {}), ...(time ? { time } : {}) } : {});
    if (!isWrong && change !== null) changing.mutate(change);
  };
  return (
    <form
      className={classes.form}
      noValidate
      aria-label="Move or change the call"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <WhenFields form={form} moved={call.call_id} />
      <div className={classes.fields}>
        <TextInput label="Title" maxLength={200} {...form.getInputProps("title")} />
        <Owner form={form} />
        {call.kind === "discovery" && <QuestionSetChoice form={form} />}
        <MostPeople form={form} />
      </div>
      <SwitchList form={form} />
      <Text size="sm" role="status" data-testid="who-is-told">
        {changeWords(call, change)}
      </Text>
      {changing.error && (
        <ProblemNotice problem={formProblem(changing.error)}>
          {isProblem(changing.error, "/problems/call-changed") && (
            <Button
              variant="default"
              size="xs"
              mt={8}
              onClick={() => {
                void queries.invalidateQueries({ queryKey: ["calls", call.call_id] });
                onClose();
              }}
            >
              See it as it is now
            </Button>
          )}
        </ProblemNotice>
      )}
      <Group gap="sm">
        <Button type="submit" disabled={change === null} loading={changing.isPending}>
          {change?.starts_at ? "Move the call" : "Save the change"}
        </Button>
        <Button variant="default" onClick={onClose}>
          Leave it as it is
        </Button>
      </Group>
    </form>
  );
}
