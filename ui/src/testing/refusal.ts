import type { AppError } from "../bindings";

/** An error as the core gives it. */
export function refusal(code: AppError["code"], message: string, rest: Partial<AppError> = {}): AppError {
  return { code, message, hint: null, fields: [], ...rest };
}
