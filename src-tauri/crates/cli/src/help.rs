//! The help of `fts` itself: the commands in groups, in the order in which a newcomer needs them.

use std::fmt::Write as _;

use clap::{Command, CommandFactory as _};

use crate::arguments::Arguments;

/// The headings of `fts --help` and the commands under each.
const GROUPS: [(&str, &[&str]); 7] = [
    ("Get started", &["example", "env", "hub"]),
    ("Datasets, models and settings", &["dataset", "model", "adapter", "prompt", "config"]),
    ("Train, evaluate and serve", &["run", "fine-tuning-job", "evaluation-job", "target", "serve"]),
    ("Cloudera AI", &["workbench", "registry", "grpc"]),
    (
        "Rows of any table",
        &[
            "list",
            "get",
            "create",
            "update",
            "delete",
            "duplicate",
            "lineage",
            "tag",
            "untag",
            "tags",
            "verify",
        ],
    ),
    ("The database", &["check", "snapshot", "archive", "backup", "trash"]),
    ("This program", &["completions", "man", "help"]),
];
/// The heading of commands that no group names, such as the noun of a new table.
const OTHERS: &str = "More";
/// The width of the column of command names.
const WIDTH: usize = 17;

const EXAMPLES: &str = "\
Examples:
  fts dataset import tickets.csv --name Tickets
  fts model create --data '{\"huggingface_model_name\": \"HuggingFaceTB/SmolLM2-135M\"}'
  fts run train --data @training.json --wait
  fts run logs ID --follow

Exit codes: 0 success, 1 failure or refusal, 2 wrong usage, 3 a run that was waited for was stopped.
RUST_LOG sets what the log file contains and prints it to standard error too, such as RUST_LOG=debug.";

/// All commands, with the help in groups.
pub(crate) fn command() -> Command {
    let command = Arguments::command();
    let groups = groups(&command);
    command
        .help_template(format!(
            "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}Options:\n{{options}}{{after-help}}"
        ))
        .after_help(EXAMPLES)
}

fn groups(command: &Command) -> String {
    let mut text = String::new();
    let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let visible = command.get_subcommands().filter(|command| !command.is_hide_set()).map(Command::get_name);
    let others: Vec<&str> = visible.filter(|name| !grouped.contains(name)).collect();
    for (heading, names) in GROUPS.iter().copied().chain([(OTHERS, others.as_slice())]) {
        if names.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{heading}:");
        for name in names {
            let about = match *name {
                "help" => "Show the help of a command".to_owned(),
                name => {
                    let about = command.find_subcommand(name).and_then(Command::get_about);
                    about.map(ToString::to_string).unwrap_or_default()
                }
            };
            let _ = writeln!(text, "  {name:WIDTH$}{about}");
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_visible_command_has_a_group_and_each_grouped_one_exists() {
        let mut command = command();
        command.build();
        let mut visible: Vec<&str> =
            command.get_subcommands().filter(|c| !c.is_hide_set()).map(Command::get_name).collect();
        let mut grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        visible.sort_unstable();
        grouped.sort_unstable();
        assert_eq!(grouped, visible);
    }

    #[test]
    fn each_command_has_one_line_about_it_without_a_full_stop() {
        fn look(command: &Command) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(
                !about.is_empty() && !about.contains('\n') && !about.ends_with('.'),
                "{command}: {about}"
            );
            command.get_subcommands().for_each(look);
        }
        look(&command());
    }

    #[test]
    fn the_definitions_are_consistent() {
        command().debug_assert();
    }
}
