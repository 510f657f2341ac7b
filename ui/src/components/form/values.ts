// A form holds text and a row holds values. Typed text is converted only when it is sent.
import { applies } from "../../api/tables";
import type { Column, JsonValue, Listed, Row, Table } from "../../bindings";

export type FormValues = Record<string, string>;

export type CodeLanguage = (values: FormValues) => "json" | "yaml";

/** The columns of the form, required ones first. */
export function formColumns(table: Table): Column[] {
  const needed = ({ required, filled }: Column) => required && filled === null;
  const shown = table.columns.filter((column) => column.in_form);
  return [...shown.filter(needed), ...shown.filter((column) => !needed(column))];
}

export function initialValues(table: Table, editing: Listed | null): FormValues {
  const entries = formColumns(table).map((column) => {
    const value = editing ? editing.row[column.name] : column.default;
    return [column.name, asText(value ?? null)] as const;
  });
  return Object.fromEntries(entries);
}

function asText(value: JsonValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The values to send: for a new row every filled column that applies, for a change only the differences. */
export function fieldsToSend(table: Table, values: FormValues, editing: Listed | null): Row {
  const fields: Row = {};
  for (const column of formColumns(table)) {
    const value = applies(column, values) ? asValue(column, values[column.name] ?? "") : null;
    if (!editing ? value !== null : asText(value) !== asText(editing.row[column.name] ?? null)) {
      fields[column.name] = value;
    }
  }
  return fields;
}

function asValue(column: Column, text: string): JsonValue {
  if (text.trim() === "") return null;
  return column.kind.is === "integer" || column.kind.is === "number" ? Number(text) : text;
}

export function isNeeded(column: Column, values: FormValues): boolean {
  const { required, filled } = column;
  const byStudio = filled !== null && (filled.length === 0 || filled.includes(values.type ?? ""));
  return required && !byStudio;
}

/** The problem of one field as a sentence, or null. The core checks again, and more. */
export function problemWith(column: Column, values: FormValues, codeLanguage?: CodeLanguage): string | null {
  const text = values[column.name] ?? "";
  if (!applies(column, values)) return null;
  if (text.trim() === "") return isNeeded(column, values) ? `${column.label} is needed.` : null;
  switch (column.kind.is) {
    case "integer":
    case "number":
      return numberProblem(column, text);
    case "code":
      return codeLanguage?.(values) === "yaml" ? null : jsonProblem(text);
    default:
      return null;
  }
}

function numberProblem({ kind }: Column, text: string): string | null {
  const value = Number(text);
  if (kind.is === "integer") {
    if (!Number.isInteger(value)) return "This must be a whole number.";
    if (kind.min !== null && value < kind.min) return `This must be ${kind.min} or more.`;
    if (kind.max !== null && value > kind.max) return `This must be ${kind.max} or less.`;
  }
  if (kind.is === "number") {
    if (!Number.isFinite(value)) return "This must be a number, such as 0.0002 or 2e-4.";
    if (kind.above !== null && value <= kind.above) return `This must be more than ${kind.above}.`;
    if (kind.max !== null && value > kind.max) return `This must be ${kind.max} or less.`;
  }
  return null;
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (thrown) {
    return `This is not valid JSON: ${thrown instanceof Error ? thrown.message : "it is incomplete"}.`;
  }
}
