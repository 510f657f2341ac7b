//! What `fts` prints: for people, or JSON for programs.

use std::io::{IsTerminal as _, Write as _};
use studio::resources::Described as _;

use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use serde_json::{Value, json};
use studio::{
    Error,
    datasets::Preview,
    resources::TableName,
    schema::TextEnum as _,
    snapshot::{Exported, ImportReport, Plan, Skipped, SourceProblem, TablePlan, TableReport},
    store::{Backup, BackupRule, Created, Deleted, Finding, FindingSeverity, Listed, TableCount},
    work::Progress,
};

/// Where results go.
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints a result for a program; false where a person is to be told.
    pub(crate) fn json(&self, value: &impl Serialize) -> bool {
        if self.json {
            print_json(value);
        }
        self.json
    }

    /// An error: on standard error, so that results stay clean.
    pub(crate) fn error(&self, error: &Error) {
        if self.json {
            let mut told = json!({"code": error.code, "message": error.message, "hint": error.hint});
            if let (Some(object), false) = (told.as_object_mut(), error.fields.is_empty()) {
                object.insert("fields".to_owned(), json!(error.fields));
            }
            eprintln!("{told}");
        } else {
            eprintln!("{}", error.message);
            if let Some(hint) = &error.hint {
                eprintln!("{hint}");
            }
        }
    }

    /// The result as JSON, or as a table for people.
    pub(crate) fn table<'a>(
        &self,
        result: &impl Serialize,
        header: impl IntoIterator<Item = &'a str>,
        rows: impl Iterator<Item = Vec<String>>,
    ) {
        if self.json { print_json(result) } else { print_table(header, rows) }
    }

    pub(crate) fn row(&self, table: TableName, listed: &Listed) {
        if self.json {
            return print_json(&listed.row);
        }
        let filled =
            table.table().columns.iter().filter(|column| !text(listed.row.get(column.name)).is_empty());
        print_table(["", ""], filled.map(|column| vec![column.label.to_owned(), shown(listed, column.name)]));
        for mark in &listed.marks {
            print(&format!("{}: {}", mark.column, mark.message));
        }
    }

    pub(crate) fn created(&self, table: TableName, created: &Created) {
        if created.recognised {
            eprintln!("An identical {} was already there; no second one was made.", table.table().singular);
        }
        self.row(table, &created.row);
    }

    pub(crate) fn deleted(&self, deleted: &Deleted) {
        if self.json {
            return print_json(deleted);
        }
        print(&format!("Deleted {}.", counted(&deleted.deleted)));
        if deleted.detached > 0 {
            print(&format!("Cleared {} references.", deleted.detached));
        }
        print(&format!("For thirty days `fts bring-back {}` undoes this.", deleted.deletion));
    }

    pub(crate) fn preview(&self, preview: &Preview) {
        if self.json {
            return print_json(preview);
        }
        let header = preview.columns.iter().map(|column| column.name.as_str());
        let cells = |values: &Vec<Value>| values.iter().map(|value| text(Some(value))).collect();
        print_table(header, preview.rows.iter().map(|row| cells(&row.values)));
        if let Some(total) = preview.total_rows {
            print(&format!("{} of {total} rows", preview.rows.len()));
        }
        for problem in &preview.problems {
            print(&format!("{}{}", problem.place(), problem.message));
        }
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
        let header = ["", "new", "same", "conflicting", "can't be taken", "duplicates", "dangling"];
        let row = |(table, found): (&TableName, &TablePlan)| {
            let counts =
                [found.new, found.same, found.conflicting, found.invalid, found.duplicates, found.dangling];
            std::iter::once(table.table().title.to_owned()).chain(counts.map(|n| n.to_string())).collect()
        };
        print_table(header, plan.tables.iter().map(row));
        self.problems(&plan.problems, plan.problem_count, &plan.skipped);
    }

    pub(crate) fn imported(&self, report: &ImportReport) {
        if self.json {
            return print_json(report);
        }
        let row = |(table, done): (&TableName, &TableReport)| {
            let counts = [done.added, done.replaced, done.found.same, done.found.conflicting - done.replaced];
            std::iter::once(table.table().title.to_owned()).chain(counts.map(|n| n.to_string())).collect()
        };
        print_table(["", "added", "replaced", "same", "kept as here"], report.tables.iter().map(row));
        self.problems(&report.left_out, report.left_out_count, &report.skipped);
        print(&format!("What was here before is kept as backup {}.", report.backup.id));
    }

    fn problems(&self, problems: &[SourceProblem], count: u64, skipped: &[Skipped]) {
        for problem in problems {
            let row = problem.row.map_or(String::new(), |row| format!(" row {row}"));
            let column = problem.column.as_ref().map_or(String::new(), |column| format!(" {column}"));
            print(&format!("{}{row}{column}: {}", problem.table, problem.message));
        }
        if count > problems.len() as u64 {
            print(&format!("… and {} more.", count - problems.len() as u64));
        }
        for skipped in skipped {
            print(&format!("Skipped {}: {}", skipped.name, skipped.reason));
        }
    }

    pub(crate) fn backup(&self, done: &str, backup: &Backup) {
        if self.json {
            return print_json(backup);
        }
        print(&format!("{done} {} ({} bytes).", backup.id, backup.bytes));
    }

    pub(crate) fn backups(&self, rule: BackupRule, backups: &[Backup]) {
        if self.json {
            return print_json(&json!({"rule": rule, "backups": backups}));
        }
        let rows = backups.iter().map(|b| {
            vec![b.id.clone(), b.created_at.clone(), b.reason.label().to_owned(), b.bytes.to_string()]
        });
        print_table(["id", "made", "reason", "bytes"], rows);
        print(&format!("Kept: the last {}, and one a day for {} days.", rule.keep_last, rule.keep_days));
    }

    pub(crate) fn findings(&self, findings: &[Finding]) {
        if self.json {
            return print_json(&json!({"findings": findings}));
        }
        for finding in findings {
            let severity = match finding.severity {
                FindingSeverity::Error => "error",
                FindingSeverity::Warning => "warning",
            };
            let place = finding.table.map_or(String::new(), |table| {
                format!(" [{table} {}]", finding.id.as_deref().unwrap_or_default())
            });
            print(&format!("{severity}: {}{place}", finding.message));
        }
        if findings.is_empty() {
            print("Everything is as it should be.");
        }
    }

    /// Shows progress where a person watches.
    pub(crate) fn progress(&self) -> impl Fn(Progress) + Send + Sync + use<> {
        let shown = !self.json && std::io::stderr().is_terminal();
        move |progress| {
            if shown {
                let end = if progress.total == Some(progress.done) { "\n" } else { "" };
                let _ = write!(std::io::stderr(), "\r{} rows{end}", progress.rows);
            }
        }
    }
}

/// A value as a person reads it: a reference by what it refers to is called.
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

pub(crate) fn print_json(value: &impl Serialize) {
    print(&serde_json::to_string_pretty(value).unwrap_or_default());
}

/// A reader that hangs up early (`fts list … | head`) is no failure.
pub(crate) fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
