//! Compute targets as they are printed.

use serde_json::json;
use studio::compute::{FindingLevel, LastCheck, Target, TargetCheck};

use crate::output::{Output, for_command_line, print, print_facts, print_table, yes_or_no};

pub(super) fn print_list(output: &Output, targets: &[Target]) {
    let row = |target: &Target| {
        let Target { name, settings, confirmed, .. } = target;
        let kind = settings.kind.to_string();
        vec![name.clone(), kind, settings.host.clone(), settings.folder.clone(), yes_or_no(*confirmed)]
    };
    output.table(&targets, ["name", "kind", "host", "folder", "confirmed"], targets.iter().map(row));
    if !output.json && targets.is_empty() {
        print("Add one with `fts target add`.");
    }
}

pub(super) fn print_target(output: &Output, target: &Target, last: Option<&LastCheck>) {
    let mut value = json!(target);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("last_check".to_owned(), json!(last));
    }
    if output.json(&value) {
        return;
    }
    print_facts(vec![
        ("Name", Some(target.name.clone())),
        ("Id", Some(target.id.clone())),
        ("Kind", Some(target.settings.kind.to_string())),
        ("Confirmed", Some(yes_or_no(target.confirmed))),
        ("Last check", last.map(|last| last.at.clone())),
    ]);
    print_commands(target);
    if let Some(last) = last {
        print_check(&last.check);
    }
    if !target.confirmed {
        print(&format!("Runs start there after `fts target confirm {}`.", target.name));
    }
}

/// The host and everything that the target runs there.
pub(super) fn print_commands(target: &Target) {
    let commands = target.settings.commands();
    print_table(["", ""], commands.into_iter().map(|command| vec![command.what, command.text]));
}

/// The findings of a check, and whether a run can start.
pub(super) fn print_check(check: &TargetCheck) {
    for finding in &check.findings {
        let level = match finding.level {
            FindingLevel::Problem => "Problem: ",
            FindingLevel::Remark => "Remark: ",
            FindingLevel::Fine => "",
        };
        print(&format!("{level}{}", finding.text));
        if let Some(hint) = &finding.hint {
            print(&format!("  {}", for_command_line(hint)));
        }
    }
    print(if check.can_run { "Runs can start there." } else { "A run can't start there." });
}
