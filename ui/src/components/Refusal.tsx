import { Alert, type AlertProps, Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { AppError } from "../bindings";

type Props = Omit<AlertProps, "title"> & { error: AppError; onRetry?: () => void };

/** An error with its hint, and a button to try again. */
export function Refusal({ error, onRetry, ...alert }: Props) {
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertCircle size={18} stroke={1.6} />}
      title={error.message}
      {...alert}
    >
      {error.hint}
      {onRetry && (
        <Button variant="default" mt={8} display="block" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
