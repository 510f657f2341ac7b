import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";

export function Severity({ severity }: { severity: "error" | "warning" }) {
  return severity === "error" ? (
    <IconCircleX size={18} color="var(--mantine-color-error)" role="img" aria-label="Error" />
  ) : (
    <IconAlertTriangle size={18} color="var(--warning)" role="img" aria-label="Warning" />
  );
}
