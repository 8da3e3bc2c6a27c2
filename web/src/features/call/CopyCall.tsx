import { Button, Group, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { formProblem } from "../../api/fields";
import type { Call } from "../../api/types";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { SideDrawer } from "../../ui/SideDrawer";
import { type Booking, mistakes, newKey, startOf } from "../booking/booking";
import classes from "../booking/booking.module.css";
import type { BookingForm } from "../booking/useBooking";
import { Clocks, Conflicts } from "../booking/WhenFields";
import { callApi } from "./call-api";
import { bookingOf, weekLater } from "./change";

/** The same call once more, at another time. */
export function CopyCall({ call }: { call: Call }) {
  const [opened, setOpened] = useState(false);
  if (call.invitees.length === 0) return null;
  return (
    <>
      <Button variant="default" size="sm" onClick={() => setOpened(true)}>
        Copy the call
      </Button>
      <SideDrawer opened={opened} onClose={() => setOpened(false)} title="Copy the call">
        {opened && <CopyForm call={call} />}
      </SideDrawer>
    </>
  );
}

function CopyForm({ call }: { call: Call }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [key] = useState(newKey);
  const form: BookingForm = useForm<Booking>({
    initialValues: { ...bookingOf(call), ...weekLater(call, new Date()) },
  });
  const copying = useMutation({
    mutationFn: (start: Date) => callApi.copy(call.call_id, start.toISOString(), key),
    onSuccess: async (made) => {
      queries.setQueryData(["calls", made.call_id], made);
      void queries.invalidateQueries({ queryKey: ["calls", "list"] });
      await navigate({ to: "/calls/$callId", params: { callId: made.call_id }, state: { booked: true } });
    },
  });
  const send = () => {
    const { day, time } = mistakes(form.getValues(), false, new Date());
    form.setErrors({ ...(day ? { day } : {}), ...(time ? { time } : {}) });
    const start = startOf(form.getValues());
    if (!day && !time && start !== null) copying.mutate(start);
  };
  return (
    <form
      className={classes.form}
      noValidate
      aria-label="Copy the call"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div className={classes.grid}>
        <TextInput type="date" label="Day" {...form.getInputProps("day")} />
        <TextInput
          type="time"
          label={`Time in ${call.time_zone.replaceAll("_", " ")}`}
          {...form.getInputProps("time")}
        />
      </div>
      <Clocks form={form} />
      <Conflicts form={form} />
      <Text size="sm">
        Title, owner, questions, switches and guests are the same. Each guest gets a new link
        {call.switches.mail ? ", and an invitation by mail if there is an address." : "; nothing is mailed."}
      </Text>
      {copying.error && <ProblemNotice problem={formProblem(copying.error)} />}
      <Group>
        <Button type="submit" loading={copying.isPending || copying.isSuccess}>
          Book the copy
        </Button>
      </Group>
    </form>
  );
}
