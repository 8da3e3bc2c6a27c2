import { Badge } from "@mantine/core";
import type { CallStatus } from "../../api/types";
import { CALL_STATUS } from "./call-words";

export function CallStatusBadge({ status }: { status: CallStatus }) {
  const { word, colour } = CALL_STATUS[status];
  return (
    <Badge variant={status === "live" ? "filled" : "default"} color={colour} tt="none" fw={500}>
      {word}
    </Badge>
  );
}
