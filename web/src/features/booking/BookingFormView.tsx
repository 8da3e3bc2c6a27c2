import { Anchor, Button, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { formProblem } from "../../api/fields";
import type { Lead, Me } from "../../api/types";
import { LeaveGuard } from "../../app/LeaveGuard";
import { ProblemNotice } from "../../ui/ProblemNotice";
import classes from "./booking.module.css";
import { Guests } from "./Guests";
import { Mailed } from "./Mailed";
import { SwitchList } from "./SwitchList";
import { useBooking } from "./useBooking";
import { WhatFields } from "./WhatFields";
import { WhenFields } from "./WhenFields";

export function BookingFormView({ me, lead }: { me: Me; lead: Lead | null }) {
  const { form, send, sending, addGuest, isTouched } = useBooking(me, lead);
  const problem = sending.error && formProblem(sending.error);
  const isBusy = sending.isPending || sending.isSuccess;
  const startsNow = sending.variables?.startsNow === true;
  return (
    <form
      className={classes.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
    >
      <LeaveGuard when={isTouched} />
      <WhatFields form={form} />
      <Guests form={form} onAdd={addGuest} />
      <WhenFields form={form} />
      <SwitchList form={form} />
      <Mailed form={form} />
      {problem && (
        <ProblemNotice problem={problem}>
          {problem.type === "/problems/key-used" && (
            <Text size="sm">
              This form has booked a call already.{" "}
              <Anchor component={Link} to="/calls" inherit underline="always">
                See the calls
              </Anchor>
            </Text>
          )}
        </ProblemNotice>
      )}
      <Group gap="sm" className={classes.buttons}>
        <Button type="submit" size="md" loading={isBusy && !startsNow} disabled={isBusy && startsNow}>
          Book the call
        </Button>
        <Button
          variant="default"
          size="md"
          onClick={() => send(true)}
          loading={isBusy && startsNow}
          disabled={isBusy && !startsNow}
        >
          Start now
        </Button>
        <Text size="sm" c="dimmed">
          “Start now” opens the room at once, whatever time is set above.
        </Text>
      </Group>
    </form>
  );
}
