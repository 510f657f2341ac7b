//! What `fts` prints: tables and sentences, or JSON for scripts.

use std::io::Write as _;
use studio::resources::Described as _;

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use serde_json::{Value, json};
use studio::{
    DatasetSource, Error,
    compute::{CONFIRM_TARGET, CREATE_THERE},
    datasets::Problem,
    platform::disk::format_bytes,
    python::{CREATE_AXOLOTL_ENVIRONMENT, CREATE_ENVIRONMENT, CREATE_GGUF_ENVIRONMENT},
    schema::TableName,
    snapshot::{Exported, ImportReport, Plan, Skipped, SourceProblem, TablePlan, TableReport},
    store::{Created, Deleted, Listed, TableCount},
    weights::Precision,
};

/// The title of compute targets in lists of tables.
const TARGETS: &str = "Compute targets";

/// Where results go.
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result as JSON if `--json` was given, and returns whether it did.
    pub(crate) fn json(&self, value: &impl Serialize) -> bool {
        if self.json {
            print_json(value);
        }
        self.json
    }

    /// Prints the problems that come with a result to standard error.
    pub(crate) fn aside<'a>(&self, problems: impl IntoIterator<Item = &'a Problem>) {
        for problem in problems {
            if self.json { eprintln!("{}", json!(problem)) } else { eprintln!("{}", problem_line(problem)) }
        }
    }

    /// Prints an error to standard error.
    pub(crate) fn error(&self, error: &Error) {
        let hint = error.hint.as_deref().map(for_command_line);
        let message = for_command_line(&error.message);
        if self.json {
            let mut text = json!({"code": error.code, "message": message, "hint": hint});
            if let (Some(object), false) = (text.as_object_mut(), error.fields.is_empty()) {
                object.insert("fields".to_owned(), json!(error.fields));
            }
            eprintln!("{text}");
            return;
        }
        // The message joins the problems of all fields; each is printed once, with its column.
        if Error::invalid(error.fields.clone()).message == error.message {
            for field in &error.fields {
                eprintln!("{}: {}", field.column, for_command_line(&field.message));
            }
        } else {
            eprintln!("{message}");
        }
        if let Some(hint) = hint {
            eprintln!("{hint}");
        }
    }

    /// Prints what does not stop a command to standard error.
    pub(crate) fn warning(&self, column: &str, message: &str) {
        if self.json {
            eprintln!("{}", json!({"warning": {"column": column, "message": message}}));
        } else {
            eprintln!("{column}: {message}");
        }
    }

    /// Prints what the command does to standard error; nothing with `--json`.
    pub(crate) fn remark(&self, message: &str) {
        if !self.json {
            eprintln!("{message}");
        }
    }

    /// Prints a result as JSON or as a table.
    pub(crate) fn table<'a>(
        &self,
        result: &impl Serialize,
        header: impl IntoIterator<Item = &'a str>,
        rows: impl Iterator<Item = Vec<String>>,
    ) {
        if self.json { print_json(result) } else { print_table(header, rows) }
    }

    pub(crate) fn row(&self, table: TableName, listed: &Listed) {
        let choices = json!(listed.choices);
        if self.json {
            let mut row = listed.row.clone();
            if !choices.is_null() {
                row.insert("choices".to_owned(), choices);
            }
            return print_json(&row);
        }
        let filled =
            table.table().columns.iter().filter(|column| !text(listed.row.get(column.name)).is_empty());
        let columns = filled.map(|column| vec![column.label.to_owned(), shown(listed, column.name)]);
        let chosen = choices.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
        let chosen = chosen.map(|(name, value)| vec![as_label(name), text(Some(value))]);
        print_table(["", ""], columns.chain(chosen));
        for mark in &listed.marks {
            print(&format!("{}: {}", mark.column, mark.message));
        }
    }

    pub(crate) fn created(&self, table: TableName, created: &Created) {
        if created.recognized {
            eprintln!("An identical {} exists already; no second one was created.", table.table().singular);
        }
        self.row(table, &created.row);
    }

    pub(crate) fn deleted(&self, deleted: &Deleted) {
        if self.json {
            return print_json(deleted);
        }
        print(&format!("Deleted {}.", counted(&deleted.deleted)));
        if deleted.detached > 0 {
            print(&format!("Set {} references to null.", deleted.detached));
        }
        print(&format!("`fts trash restore {}` undoes this within thirty days.", deleted.deletion));
    }

    pub(crate) fn exported(&self, exported: &Exported) {
        if self.json {
            return print_json(exported);
        }
        print(&format!("Wrote {} to {} ({} bytes).", counted(&exported.rows), exported.path, exported.bytes));
    }

    pub(crate) fn plan(&self, plan: &Plan) {
        if self.json {
            return print_json(plan);
        }
        let header = ["", "new", "same", "conflicting", "invalid", "duplicates", "dangling"];
        let row = |(title, found): (&str, &TablePlan)| {
            let counts =
                [found.new, found.same, found.conflicting, found.invalid, found.duplicates, found.dangling];
            std::iter::once(title.to_owned()).chain(counts.map(|n| n.to_string())).collect()
        };
        let tables = plan.tables.iter().map(|(table, found)| (table.table().title, found));
        let targets = (plan.targets != TablePlan::default()).then_some((TARGETS, &plan.targets));
        print_table(header, tables.chain(targets).map(row));
        self.problems(&plan.problems, plan.problem_count, &plan.skipped);
        warnings(&plan.warnings, plan.warning_count);
    }

    pub(crate) fn imported(&self, report: &ImportReport) {
        if self.json {
            return print_json(report);
        }
        let row = |(title, done): (&str, &TableReport)| {
            let counts = [done.added, done.replaced, done.found.same, done.found.conflicting - done.replaced];
            std::iter::once(title.to_owned()).chain(counts.map(|n| n.to_string())).collect()
        };
        let tables = report.tables.iter().map(|(table, done)| (table.table().title, done));
        let targets = (report.targets.found != TablePlan::default()).then_some((TARGETS, &report.targets));
        print_table(["", "added", "replaced", "same", "kept"], tables.chain(targets).map(row));
        self.problems(&report.left_out, report.left_out_count, &report.skipped);
        warnings(&report.warnings, report.warning_count);
        if report.targets.added + report.targets.replaced > 0 {
            print("Runs start on these compute targets after `fts target confirm NAME`.");
        }
        print(&format!("The content before is kept as backup {}.", report.backup.id));
    }

    fn problems(&self, problems: &[SourceProblem], count: u64, skipped: &[Skipped]) {
        for problem in problems {
            print(&placed(problem));
        }
        if count > problems.len() as u64 {
            print(&format!("… and {} more.", count - problems.len() as u64));
        }
        for skipped in skipped {
            print(&format!("Skipped {}: {}", skipped.name, skipped.reason));
        }
    }
}

/// What is imported as it is, although `fts check` lists it.
fn warnings(warnings: &[SourceProblem], count: u64) {
    for warning in warnings {
        eprintln!("Imported as it is: {}", placed(warning));
    }
    if count > warnings.len() as u64 {
        eprintln!("… and {} more.", count - warnings.len() as u64);
    }
}

/// A problem with its place: `models row 3 name: This is a list, but must be text.`
fn placed(problem: &SourceProblem) -> String {
    let row = problem.row.map_or(String::new(), |row| format!(" row {row}"));
    let column = problem.column.as_ref().map_or(String::new(), |column| format!(" {column}"));
    format!("{}{row}{column}: {}", problem.table, problem.message)
}

/// A sentence of the core, with the command of `fts` instead of the action in the window.
pub(crate) fn for_command_line(text: &str) -> String {
    text.replace(CREATE_ENVIRONMENT, "Create an environment with `fts env create`.")
        .replace(CREATE_AXOLOTL_ENVIRONMENT, "Create it with `fts env create --for axolotl`.")
        .replace(CREATE_GGUF_ENVIRONMENT, "Create it with `fts env create --for gguf`.")
        .replace(DatasetSource::CHANGE_READING, "Change it with `fts dataset relocate`.")
        .replace(CREATE_THERE, "Create it with `fts target prepare`.")
        .replace(CONFIRM_TARGET, "Look at what it runs and confirm it with `fts target confirm`.")
}

/// A value as text; a reference as the name of the row that it refers to.
pub(crate) fn shown(listed: &Listed, column: &str) -> String {
    let link = listed.links.iter().find(|link| link.column == column);
    match link.and_then(|link| link.label.clone()) {
        Some(label) => label,
        None => text(listed.row.get(column)),
    }
}

pub(crate) fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The name of a field as a label: `row_format` becomes `Row format`.
fn as_label(name: &str) -> String {
    let words = name.replace('_', " ");
    let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
    format!("{}{rest}", first.to_uppercase())
}

/// A problem with its place: `train.csv, line 3: 'output' is empty.` The field is part of the place
/// only if the message does not name it.
pub(crate) fn problem_line(problem: &Problem) -> String {
    let named = |field: &String| problem.message.contains(&format!("'{field}'"));
    let field = problem.field.clone().filter(|field| !named(field));
    let place = Problem { field, ..problem.clone() }.place();
    format!("{place}{}", problem.message)
}

/// Rows by table: "1 model, 2 adapters".
pub(crate) fn counted(counts: &[TableCount]) -> String {
    let one = |count: &TableCount| {
        let table = count.table.table();
        format!("{} {}", count.rows, if count.rows == 1 { table.singular } else { table.plural })
    };
    counts
        .iter()
        .filter(|count| count.rows > 0)
        .map(one)
        .reduce(|a, b| format!("{a}, {b}"))
        .unwrap_or("no rows".into())
}

pub(crate) fn print_table<'a>(
    header: impl IntoIterator<Item = &'a str>,
    rows: impl Iterator<Item = Vec<String>>,
) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
    let header: Vec<&str> = header.into_iter().collect();
    if header.iter().any(|title| !title.is_empty()) {
        table.set_header(header);
    }
    for row in rows {
        table.add_row(row);
    }
    print(&table.to_string());
}

/// "2 files, 12 kB"
pub(crate) fn sized(files: u64, bytes: u64) -> String {
    let noun = if files == 1 { "file" } else { "files" };
    format!("{files} {noun}, {}", format_bytes(bytes))
}

/// Prints names and values, without those that are not known.
pub(crate) fn print_facts(facts: Vec<(&'static str, Option<String>)>) {
    let known = facts.into_iter().filter_map(|(name, value)| Some((name, value.filter(|v| !v.is_empty())?)));
    print_table(["", ""], known.map(|(name, value)| vec![name.to_owned(), value]));
}

pub(crate) fn number(value: Option<u64>) -> Option<String> {
    value.map(|value| value.to_string())
}

pub(crate) fn precisions(precisions: &[Precision]) -> String {
    precisions.iter().map(|precision| precision.dtype.as_str()).collect::<Vec<_>>().join(", ")
}

pub(crate) fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}

pub(crate) fn print_json(value: &impl Serialize) {
    print(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// Prints a line. A pipe that is closed early (`fts list … | head`) is no failure.
pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
