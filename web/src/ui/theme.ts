import {
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  Modal,
} from "@mantine/core";
import type { NudgeKind } from "../api/types";

/** Every colour, space and time of the app. Pages take them from here (or from Mantine, which takes them from here). */

const teal: MantineColorsTuple = [
  "#EFFAF8",
  "#D3F1EC",
  "#A9E4DB",
  "#83D7CC",
  "#5EC8BC",
  "#2FA89B",
  "#148A7F",
  "#0F766E",
  "#0C5F59",
  "#0A4B46",
];

const warmGrey: MantineColorsTuple = [
  "#FAFAF9",
  "#F5F4F2",
  "#E9E6E3",
  "#D9D5D1",
  "#BFB9B4",
  "#8F8882",
  "#6B645E",
  "#514B46",
  "#3A3531",
  "#292522",
];

const warmDark: MantineColorsTuple = [
  "#ECE9E6",
  "#CFCAC5",
  "#A8A29E",
  "#8A837D",
  "#4A4541",
  "#3A3632",
  "#292522",
  "#1C1917",
  "#151312",
  "#0E0D0C",
];

/** Eight hues for people: AA as text in both modes, told apart with all three kinds of colour blindness (theme.test.ts). */
export const SPEAKERS = {
  light: ["#2440D0", "#925D00", "#7E17A8", "#D3186B", "#0A1A6E", "#8A0F0F", "#0E1004", "#47434E"],
  dark: ["#A9BEFF", "#FF9A2E", "#9C8CFA", "#FFA3D8", "#EBE05A", "#FF5A5F", "#F1EFFA", "#9A8C93"],
} as const;

export const AGENT = { light: teal[7], dark: teal[4] } as const;
export const GROUND = { light: "#FFFFFF", dark: warmDark[7] } as const;

/** Meaning has a hue, an icon and a word; icon and word are in features/room/nudge-kinds.ts. */
const KINDS: Record<NudgeKind, { light: string; dark: string }> = {
  objection_response: { light: "#8F5300", dark: "#F2B25C" },
  question: { light: "#1D4FB8", dark: "#93B8FF" },
  warning: { light: "#B42318", dark: "#FF9A8F" },
  upsell: { light: "#1F6B33", dark: "#86CF93" },
  answer: { light: "#6D3BB8", dark: "#C3A6FA" },
  compliance: { light: "#40566B", dark: "#AFC3D6" },
  talking_point: { light: warmGrey[6], dark: warmDark[1] },
  data_point: { light: warmGrey[6], dark: warmDark[1] },
  technical: { light: warmGrey[6], dark: warmDark[1] },
};

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  colors: { teal, gray: warmGrey, dark: warmDark },
  white: GROUND.light,
  black: warmGrey[9],
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: "600" },
  fontSizes: { xs: "12px", sm: "14px", md: "16px", lg: "18px", xl: "20px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "4px", sm: "8px", md: "8px", lg: "8px", xl: "16px" },
  defaultRadius: "md",
  shadows: { md: "0 4px 16px rgba(28, 25, 23, 0.14)" },
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
  // Mantine decides black or white text for the light shade only; the accent has one shade for each mode.
  variantColorResolver: (input) => {
    const colours = defaultVariantColorsResolver(input);
    const isAccent = input.variant === "filled" && (input.color ?? "teal") === "teal";
    return isAccent ? { ...colours, color: "var(--mantine-primary-color-contrast)" } : colours;
  },
  components: {
    // With the others' radius it would look like a choice of one.
    Checkbox: Checkbox.extend({ defaultProps: { radius: "xs" } }),
    Drawer: Drawer.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
    Modal: Modal.extend({ defaultProps: { closeButtonProps: { "aria-label": "Close" } } }),
  },
});

function colours(mode: "light" | "dark"): Record<string, string> {
  const hues = SPEAKERS[mode].map((hue, n) => [`--parley-speaker-${n}`, hue]);
  const kinds = Object.entries(KINDS).map(([kind, pair]) => [`--parley-nudge-${kind}`, pair[mode]]);
  return { "--parley-agent": AGENT[mode], ...Object.fromEntries([...hues, ...kinds]) };
}

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--parley-quick": "150ms",
    "--parley-float": "0 4px 16px rgba(28, 25, 23, 0.14)",
    "--parley-reading": "72ch",
  },
  light: {
    ...colours("light"),
    "--mantine-color-body": GROUND.light,
    "--mantine-color-dimmed": "#635D57",
    "--mantine-color-placeholder": "#6B645E",
    "--mantine-color-error": "#B42318",
    "--parley-surface": warmGrey[0],
    "--parley-sunken": warmGrey[1],
    "--parley-line": warmGrey[2],
    "--parley-edge": warmGrey[5],
    "--parley-agent-tint": teal[0],
    "--parley-notice": "#FFF6E5",
    "--parley-notice-edge": "#B26A00",
    "--parley-mark": "#FFE08A",
  },
  dark: {
    ...colours("dark"),
    "--mantine-color-body": GROUND.dark,
    "--mantine-color-dimmed": "#B3ADA8",
    "--mantine-color-placeholder": "#A8A29E",
    "--mantine-color-error": "#FF9A8F",
    "--parley-surface": "#221F1C",
    "--parley-sunken": "#292522",
    "--parley-line": "#3A3632",
    "--parley-edge": "#8A837D",
    "--mantine-color-teal-light": "#1A3A36",
    "--mantine-color-teal-light-hover": "#214843",
    "--parley-agent-tint": "#16302D",
    "--parley-notice": "#33280F",
    "--parley-notice-edge": "#D99A2B",
    "--parley-mark": "#6B5312",
  },
});

/** The colour of a voice: teal for the agent, else the hue of the place in the order of appearance. */
export function voiceColour(isAgent: boolean, place: number): string {
  return isAgent
    ? "var(--parley-agent)"
    : `var(--parley-speaker-${Math.max(0, place) % SPEAKERS.light.length})`;
}
