import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  Input,
  InputWrapper,
  isMantineColorScheme,
  Menu,
  Modal,
  Notification,
  Select,
  Tooltip,
} from "@mantine/core";

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: 7,
  fontFamily: "Inter, system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'JetBrains Mono', 'DejaVu Sans Mono', Menlo, monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2rem" },
  defaultRadius: "sm",
  radius: { sm: "6px", md: "8px" },
  cursorType: "default",
  respectReducedMotion: true,
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.25rem", lineHeight: "1.75rem" },
      h2: { fontSize: "1rem", lineHeight: "1.5rem" },
      h3: { fontSize: "0.875rem", lineHeight: "1.25rem" },
    },
  },
  colors: {
    // Slightly blue grays, to match the accent color.
    dark: [
      "#d9dbe1",
      "#b8bcc6",
      "#9da1ac",
      "#858a96",
      "#3e424b",
      "#31343c",
      "#27292f",
      "#1d1e23",
      "#18191d",
      "#131417",
    ],
  },
  components: {
    Button: Button.extend({ defaultProps: { size: "xs", fz: "sm", fw: 500 } }),
    Input: Input.extend({ defaultProps: { size: "sm" } }),
    InputWrapper: InputWrapper.extend({
      // The error comes below the help, which stays readable.
      defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] },
    }),
    Select: Select.extend({
      defaultProps: { checkIconPosition: "right" },
      styles: { input: { textOverflow: "ellipsis" } },
    }),
    Modal: Modal.extend({
      defaultProps: { transitionProps: { duration: 120 }, closeButtonProps: { "aria-label": "Close" } },
    }),
    Notification: Notification.extend({
      defaultProps: { closeButtonProps: { "aria-label": "Dismiss" }, withBorder: true },
    }),
    Menu: Menu.extend({ defaultProps: { shadow: "md", transitionProps: { duration: 80 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, multiline: true, maw: 360 } }),
  },
});

/** Colors in place of defaults with a contrast below 4.5:1, and colors of the program's own surfaces. */
export const colorVariables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-color-red-filled": "#c92a2a",
    "--mantine-color-red-filled-hover": "#b02525",
  },
  light: {
    "--mantine-color-text": "#1f2329",
    "--mantine-color-dimmed": "#5b626c",
    "--mantine-color-placeholder": "#6b727c",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-anchor": "#3451d1",
    "--surface-side": "#f6f7f9",
    "--surface-raised": "#ffffff",
    "--surface-hover": "#f0f2f6",
    "--surface-selected": "#e7ecfd",
    "--mantine-color-red-light": "#fdeeee",
    "--mantine-color-red-light-hover": "#fbdfdf",
    "--mantine-color-red-light-color": "#b02525",
    "--mantine-color-indigo-light-hover": "#dbe4ff",
    "--mantine-color-yellow-light": "#fdf4de",
    "--mantine-color-yellow-light-color": "#8a5300",
    "--line": "#e3e6eb",
    "--warning": "#8a5300",
    "--accent-text": "#3b5bdb",
    "--editor-selection": "#d5defb",
    "--placeholder": "#e6f4ea",
    "--placeholder-text": "#1b6436",
    "--editor-name": "#364fc7",
    "--editor-text": "#2b6e3f",
    "--editor-value": "#a3460f",
  },
  dark: {
    "--mantine-color-dimmed": "#9da1ac",
    "--mantine-color-placeholder": "#8d929e",
    "--mantine-color-error": "#ff8787",
    "--mantine-color-anchor": "#91a7ff",
    "--surface-side": "#18191d",
    "--surface-raised": "#222429",
    "--surface-hover": "#26282e",
    "--surface-selected": "#2a3358",
    "--mantine-color-red-light": "#3a2427",
    "--mantine-color-red-light-hover": "#472a2e",
    "--mantine-color-red-light-color": "#ffa8a8",
    "--mantine-color-yellow-light": "#352d1c",
    "--mantine-color-yellow-light-color": "#ffc078",
    "--line": "#2e3138",
    "--warning": "#ffc078",
    "--accent-text": "#91a7ff",
    "--editor-selection": "#364070",
    "--placeholder": "#1f3a2a",
    "--placeholder-text": "#95e2b1",
    "--editor-name": "#91a7ff",
    "--editor-text": "#8ce0a4",
    "--editor-value": "#ffc078",
  },
});

/** Applies the color scheme before the first paint, so that a dark window does not flash white. */
export function applyStoredColorScheme(): void {
  const stored = localStorage.getItem("mantine-color-scheme-value");
  const scheme = isMantineColorScheme(stored) ? stored : "auto";
  const dark = scheme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : scheme === "dark";
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
}
