//! `fts check`: problems of the database, grouped.

use std::process::ExitCode;

use clap::Args;
use serde::Serialize;
use serde_json::json;
use studio::{
    schema::TableName,
    store::{Finding, FindingSeverity, Remedy},
};

use crate::{
    output::{print, print_json},
    session::{Outcome, Session},
};

/// The number of findings of a group that are shown without `--all`.
const SAMPLES: usize = 3;

/// Check the database for broken and odd rows; exit code 1 if something is broken
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Show every finding, not only a few of each group
    #[arg(long)]
    all: bool,
}

/// What the findings of a group have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Kind<'a> {
    severity: FindingSeverity,
    table: Option<TableName>,
    column: Option<&'a str>,
    remedy: Option<Remedy>,
}

/// Findings of one kind, in the order of the check.
#[derive(Debug, Serialize)]
struct Group<'a> {
    #[serde(flatten)]
    kind: Kind<'a>,
    count: usize,
    /// The ids of the first rows.
    samples: Vec<&'a str>,
    #[serde(skip)]
    findings: Vec<&'a Finding>,
}

impl Check {
    pub(crate) async fn run(self, session: &Session) -> Outcome {
        let findings = session.studio().await?.check().await?;
        let groups = grouped(&findings);
        if session.output.json {
            print_json(&json!({"groups": groups, "findings": findings}));
        } else {
            print_groups(&groups, self.all);
        }
        let broken = findings.iter().any(|finding| finding.severity == FindingSeverity::Error);
        Ok(ExitCode::from(u8::from(broken)))
    }
}

/// The findings by kind: errors before warnings, otherwise in the order of the check.
fn grouped(findings: &[Finding]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for finding in findings {
        let Finding { severity, table, remedy, .. } = *finding;
        let kind = Kind { severity, table, column: finding.column.as_deref(), remedy };
        // There are at most a few kinds for each column, so a search is fast.
        let group = match groups.iter().position(|group| group.kind == kind) {
            Some(place) => groups.get_mut(place),
            None => {
                groups.push(Group { kind, count: 0, samples: Vec::new(), findings: Vec::new() });
                groups.last_mut()
            }
        };
        let Some(group) = group else { continue };
        group.count += 1;
        if group.samples.len() < SAMPLES {
            group.samples.extend(finding.id.as_deref());
        }
        group.findings.push(finding);
    }
    groups.sort_by_key(|group| group.kind.severity != FindingSeverity::Error);
    groups
}

fn print_groups(groups: &[Group<'_>], all: bool) {
    for Group { kind, count, findings, .. } in groups {
        let place = match (kind.table, kind.column) {
            (Some(table), Some(column)) => format!("{table}, {column}"),
            (Some(table), None) => table.to_string(),
            (None, _) => "The database file".to_owned(),
        };
        print(&format!("{place}: {}", counted(*count, noun(kind.severity))));
        let shown = if all { *count } else { SAMPLES };
        for finding in findings.iter().take(shown) {
            let id = finding.id.as_ref().map_or(String::new(), |id| format!(" [{id}]"));
            print(&format!("  {}{id}", finding.message));
        }
        if *count > shown {
            print(&format!("  … and {} more", count - shown));
        }
    }
    let total = |severity| groups.iter().filter(|g| g.kind.severity == severity).map(|g| g.count).sum();
    let (errors, warnings): (usize, usize) = (total(FindingSeverity::Error), total(FindingSeverity::Warning));
    if errors + warnings == 0 {
        return print("No problems found.");
    }
    print(&format!("{}, {}.", counted(errors, "error"), counted(warnings, "warning")));
    if !all && groups.iter().any(|group| group.count > SAMPLES) {
        print("Show all of them with --all.");
    }
}

fn noun(severity: FindingSeverity) -> &'static str {
    match severity {
        FindingSeverity::Error => "error",
        FindingSeverity::Warning => "warning",
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(severity: FindingSeverity, column: &str, id: usize) -> Finding {
        Finding {
            severity,
            table: Some(TableName::Models),
            id: Some(id.to_string()),
            column: Some(column.to_owned()),
            message: String::new(),
            remedy: Some(Remedy::Edit),
        }
    }

    #[test]
    fn findings_are_grouped_by_kind_with_errors_first() {
        let mut findings: Vec<Finding> =
            (0..5).map(|id| finding(FindingSeverity::Warning, "type", id)).collect();
        findings.push(finding(FindingSeverity::Error, "type", 5));
        findings.push(finding(FindingSeverity::Warning, "location", 6));
        findings.push(finding(FindingSeverity::Warning, "type", 7));
        let groups = grouped(&findings);
        let found: Vec<_> = groups.iter().map(|g| (g.kind.column, g.count, g.samples.clone())).collect();
        assert_eq!(
            found,
            [
                (Some("type"), 1, vec!["5"]),
                (Some("type"), 6, vec!["0", "1", "2"]),
                (Some("location"), 1, vec!["6"])
            ]
        );
        assert_eq!(groups.iter().map(|group| group.findings.len()).sum::<usize>(), findings.len());
    }
}
