import {
  IconAlertTriangle,
  IconBulb,
  IconChartBar,
  IconHelpCircle,
  IconMessageReply,
  IconScale,
  IconShield,
  IconTool,
  IconTrendingUp,
  type TablerIcon,
} from "@tabler/icons-react";
import type { NudgeKind } from "../../api/types";

/** Meaning has a hue (ui/theme.ts), an icon and a word. */
export const NUDGE_KINDS: Record<NudgeKind, { word: string; Icon: TablerIcon }> = {
  objection_response: { word: "Objection", Icon: IconShield },
  question: { word: "Question", Icon: IconHelpCircle },
  talking_point: { word: "Talking point", Icon: IconBulb },
  data_point: { word: "Figure", Icon: IconChartBar },
  warning: { word: "Warning", Icon: IconAlertTriangle },
  upsell: { word: "Upsell", Icon: IconTrendingUp },
  technical: { word: "Technical", Icon: IconTool },
  compliance: { word: "Compliance", Icon: IconScale },
  answer: { word: "Answer", Icon: IconMessageReply },
};
