//! Completions and manual pages, made from the definitions of the commands.

use std::{collections::BTreeSet, fs, process::Command};

use stories::Fts;

#[test]
fn each_shell_gets_a_script_with_the_nouns_and_without_the_earlier_names() {
    let fts = Fts::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let answer = fts.run(&["completions", shell]);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{shell}");
        assert!(answer.out.contains("relocate"), "{shell}");
        assert!(!answer.out.contains("relocate-dataset"), "{shell}");
    }
    assert_eq!(fts.run(&["completions", "song"]).code, 2);
    assert!(!fts.db().exists(), "no database was made");
}

#[test]
fn bash_completes_verbs_and_tables() {
    let fts = Fts::new();
    let script = fts.file("fts.bash", fts.run(&["completions", "bash"]).out);
    for (words, expected) in [("dataset rel", "relocate"), ("list ev", "evaluation_jobs"), ("impor", "")] {
        let line = format!(
            "source {script}; COMP_WORDS=(fts {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _fts fts \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let output = Command::new("bash").args(["-c", &line]).output().expect("bash starts");
        let completed = String::from_utf8(output.stdout).expect("text");
        assert_eq!(completed.trim(), expected, "{words}");
    }
}

#[test]
fn there_is_a_manual_page_for_every_command_that_is_shown() {
    let fts = Fts::new();
    let page = fts.run(&["man"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    for part in [".TH fts 1", ".SH SUBCOMMANDS", "fts\\-dataset(1)", "FINE_TUNING_STUDIO_SQLITE_DB"] {
        assert!(page.out.contains(part), "{part} in {}", page.out);
    }

    let folder = fts.path("man/man1");
    assert_eq!(fts.run(&["man", &folder]).code, 0);
    let written: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut expected = BTreeSet::new();
    pages(&fts::command(), "fts", &mut expected);
    assert_eq!(written, expected);
    assert!(!fts.db().exists(), "no database was made");
}

fn pages(command: &clap::Command, name: &str, pages: &mut BTreeSet<String>) {
    pages.insert(format!("{name}.1"));
    for inner in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        self::pages(inner, &format!("{name}-{}", inner.get_name()), pages);
    }
}
