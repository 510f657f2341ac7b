import { notifications } from "@mantine/notifications";
import type { AppError } from "../bindings";

function isAppError(value: unknown): value is AppError {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}

/** Converts anything thrown into an error with a message for people. */
export function toAppError(thrown: unknown): AppError {
  if (isAppError(thrown)) return { ...thrown, hint: thrown.hint ?? null, fields: thrown.fields ?? [] };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return {
    code: "internal",
    message: `Something went wrong: ${message}`,
    hint: "Try again. If it happens again, restart the program.",
    fields: [],
  };
}

/** Shows an error that belongs to no form in a notification. */
export function showError(thrown: unknown): void {
  const error = toAppError(thrown);
  if (error.code === "cancelled") return;
  notifications.show({
    color: "red",
    title: error.message,
    message: error.hint,
    autoClose: 12_000,
    role: "alert",
  });
}
