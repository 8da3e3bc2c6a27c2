import { Text } from "@mantine/core";
import type { JoinView } from "../../api/types";

/** That an AI takes part is told, not asked. */
export function Disclosure({ join }: { join: JoinView }) {
  const { agent_name, owner_name, kind, asks_transcription } = join;
  const isAssisted = kind === "assisted";
  return (
    <>
      <Text>
        {agent_name} is an AI.{" "}
        {isAssisted
          ? `${owner_name} leads this call. ${asks_transcription ? "The AI listens, does not speak" : "The AI does not speak"}, and can be asked to leave.`
          : `It leads this call and talks with you. ${owner_name} may be in the room too.`}
      </Text>
      {!asks_transcription && (
        <Text>
          This call is not transcribed: the AI hears nobody and nothing that is said is written down.
          {!isAssisted && " You can answer it in writing."}
        </Text>
      )}
    </>
  );
}
