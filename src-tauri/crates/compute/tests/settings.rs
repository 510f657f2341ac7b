//! Which settings of a target are refused before anything is run with them.
#![allow(clippy::unwrap_used, reason = "a test says what it found by panicking")]

use compute::{TargetKind, TargetOptions, TargetSettings};

fn settings(kind: TargetKind) -> TargetSettings {
    TargetSettings {
        kind,
        host: "me@login-1.example.org".to_owned(),
        folder: "~/studio".to_owned(),
        python: None,
        ssh_config: None,
        options: TargetOptions::default(),
    }
}

/// The fields that a check refuses.
fn refused(change: impl FnOnce(&mut TargetSettings)) -> Vec<String> {
    let mut changed = settings(TargetKind::Slurm);
    change(&mut changed);
    let problems = changed.check().err().map(|error| error.fields).unwrap_or_default();
    problems.into_iter().map(|problem| problem.column).collect()
}

#[test]
fn a_host_is_no_option_and_no_shell() {
    for host in ["", " ", "-oProxyCommand=x", "me@-x", "me@", "a b", "a\nb", "a;b", "$(a)", "a`b`", "me\\"] {
        assert_eq!(refused(|settings| settings.host = host.to_owned()), ["host"], "{host:?}");
    }
    for host in ["local", "box", "me@box", "DOMAIN\\me@box", "10.0.0.1", "ssh://me@box:2222", "fe80::1%eth0"]
    {
        assert!(refused(|settings| settings.host = host.to_owned()).is_empty(), "{host}");
    }
}

#[test]
fn a_folder_is_one_of_the_studio_alone() {
    for folder in ["", "studio", "~", "~/", "/", "//", "/./", "~/../x", "/a\nb", "-x", "~other/x"] {
        assert_eq!(refused(|settings| settings.folder = folder.to_owned()), ["folder"], "{folder:?}");
    }
    for folder in ["~/studio", "/scratch/me/my studio"] {
        assert!(refused(|settings| settings.folder = folder.to_owned()).is_empty(), "{folder}");
    }
}

#[test]
fn a_python_is_a_path_or_a_name() {
    for python in ["", "-c", "venv/bin/python", "python -c x", "/a\nb"] {
        assert_eq!(refused(|settings| settings.python = Some(python.to_owned())), ["python"], "{python:?}");
    }
    for python in ["python", "python3.11", "~/my env/bin/python", "/opt/conda/bin/python"] {
        assert!(refused(|settings| settings.python = Some(python.to_owned())).is_empty(), "{python}");
    }
}

#[test]
fn only_the_lines_before_python_may_be_several() {
    for name in TargetOptions::NAMES {
        let set = |value: &str| {
            refused(|settings| {
                if settings.options.set(name, value).is_err() {
                    settings.options.nodes = Some(0);
                }
            })
        };
        match name {
            "setup" => assert!(set("module load cuda\n\tcd x").is_empty() && set("a\u{7}") == ["setup"]),
            _ => assert_eq!(set("--a\nb"), [name]),
        }
    }
}

#[test]
fn what_the_studio_says_to_sbatch_is_its_own() {
    let line = |line: &str| refused(|settings| settings.options.sbatch = vec![line.to_owned()]);
    for own in [
        "--job-name=x",
        "-J x",
        "-Jx",
        "--export=ALL",
        "--constraint=a --wrap=x",
        "-o x",
        "--chdir /",
        "x",
        "",
    ] {
        assert_eq!(line(own), ["sbatch"], "{own}");
    }
    for passed in ["--constraint=a100", "--exclusive", "-C a100", "--exclude=n1", "--mail-type=END", "-A x"] {
        assert!(line(passed).is_empty(), "{passed}");
    }
}

#[test]
fn a_machine_has_no_options_of_slurm() {
    let mut machine = settings(TargetKind::Ssh);
    machine.options.setup = Some("source venv/bin/activate".to_owned());
    machine.check().unwrap();
    for name in TargetOptions::NAMES.iter().filter(|name| !["setup", "keep"].contains(name)) {
        let mut asked = machine.clone();
        asked.options.set(name, "1").unwrap();
        assert_eq!(asked.check().unwrap_err().fields[0].column, *name);
    }
}

#[test]
fn a_person_sees_everything_that_is_run() {
    let mut all = settings(TargetKind::Slurm);
    (all.python, all.ssh_config) = (Some("P".to_owned()), Some("C".to_owned()));
    for name in TargetOptions::NAMES {
        all.options.set(name, if name == "nodes" { "77" } else { name }).unwrap();
    }
    let shown: Vec<String> = all.commands().into_iter().map(|command| command.text).collect();
    let shown = shown.join("\n");
    for text in [
        "me@login",
        "~/studio",
        "P",
        "C",
        "=partition",
        "=account",
        "=qos",
        "=time",
        "=gres",
        "=mem",
        "=77",
        "setup",
        "sbatch",
        "keep",
    ] {
        assert!(shown.contains(text), "{text} is not in {shown}");
    }
}

fn workbench() -> TargetSettings {
    let mut settings = settings(TargetKind::Cloudera);
    settings.host = "https://ml-1234.example.com".to_owned();
    settings.options.set("project", "1a2b-3c4d-5e6f-7a8b").unwrap();
    settings
}

/// The fields of a workbench that a check refuses.
fn refused_on_workbench(change: impl FnOnce(&mut TargetSettings)) -> Vec<String> {
    let mut changed = workbench();
    change(&mut changed);
    let problems = changed.check().err().map(|error| error.fields).unwrap_or_default();
    problems.into_iter().map(|problem| problem.column).collect()
}

#[test]
fn a_workbench_has_an_address_a_project_and_a_folder_in_it() {
    workbench().check().unwrap();
    for host in ["", "ml.example.com", "https://", "https:///", "https://ada:x@ml.example.com", "https://a b"]
    {
        assert_eq!(refused_on_workbench(|settings| settings.host = host.to_owned()), ["host"], "{host:?}");
    }
    assert_eq!(refused_on_workbench(|settings| settings.folder = "/home/cdsw/x".to_owned()), ["folder"]);
    assert_eq!(refused_on_workbench(|settings| settings.options.project = None), ["project"]);
    for (name, value) in [("project", "../x"), ("project", " "), ("profile", "much"), ("runtime", "a\nb")] {
        assert_eq!(
            refused_on_workbench(|settings| settings.options.set(name, value).unwrap()),
            [name],
            "{value}"
        );
    }
    assert_eq!(refused_on_workbench(|settings| settings.ssh_config = Some("c".to_owned())), ["ssh_config"]);
    assert_eq!(refused_on_workbench(|settings| settings.options.nodes = Some(2)), ["nodes"]);
    let settings = workbench();
    let shown: Vec<String> = settings.commands().into_iter().map(|command| command.text).collect();
    assert!(shown.iter().any(|text| text == "project=1a2b-3c4d-5e6f-7a8b"), "{shown:?}");
}
