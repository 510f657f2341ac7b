//! Reaching a host, and the reasons why one can't be reached.

use std::{net::TcpListener, os::unix::fs::PermissionsExt as _};

use compute::{Connection, ConnectionState, Environment, Fault, TargetSettings};
use schema::ErrorCode;
use test_hosts::{Login, free_port};

use crate::place::{Place, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_says_what_is_there_and_changes_nothing() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    assert_eq!(connection.state(), ConnectionState::Idle);
    let probe = connection.probe().await.unwrap();
    assert_eq!(probe.folder, place.settings().folder);
    assert!(!probe.prepared && probe.folder_problem.is_none(), "{probe:?}");
    assert!(probe.free_bytes.unwrap() > 0 && probe.processors > 0);
    assert!(probe.pythons.iter().any(|python| python.version.is_some()), "{probe:?}");
    assert!(probe.clock_offset.abs() < 5.0, "{}", probe.clock_offset);
    assert!(!place.there("").exists());
    assert!(matches!(connection.state(), ConnectionState::Connected { .. }));

    connection.prepare().await.unwrap();
    assert_eq!(place.there("").metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert!(connection.probe().await.unwrap().prepared);
}

#[tokio::test(flavor = "multi_thread")]
async fn this_machine_is_reached_without_ssh() {
    let Some(place) = Place::new() else { return };
    let local =
        TargetSettings { host: TargetSettings::LOCAL.to_owned(), ssh_config: None, ..place.settings() };
    let connection = place.connect(local);
    let ran = connection.run(&["sh", "-c", "cat; echo no >&2; exit 3"], Some(b"in"), Environment::Own).await;
    let ran = ran.unwrap();
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (3, "in", "no\n"));
    assert!(connection.host_keys().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_have_the_environment_that_was_asked_for() {
    let Some(place) = Place::new() else { return };
    let connection = place.connection();
    let own = connection.run(&["env"], None, Environment::Own).await.unwrap().stdout;
    let clean = connection.run(&["env"], None, Environment::Clean).await.unwrap().stdout;
    assert!(own.contains("SSH_CONNECTION=") && !clean.contains("SSH_CONNECTION="));
    assert!(clean.contains("PATH=") && clean.contains("HOME="));
    assert_eq!(connection.run(&["no-such-program"], None, Environment::Own).await.unwrap().code, 127);
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_a_banner_nor_another_shell_is_in_the_way() {
    let Some(place) = Place::new() else { return };
    for shell in ["sh", "bash", "dash", "zsh", "fish", "tcsh"] {
        let installed = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .any(|folder| folder.join(shell).is_file());
        if !installed {
            eprintln!("Skipped {shell}: it is not installed.");
            continue;
        }
        let noise = "Welcome!\n{\"id\": 1}\nfts-ready\nno end of line";
        place.sshd.log_in(&Login {
            shell: Some(shell.to_owned()),
            noise: Some(noise.to_owned()),
            path: None,
        });
        let ran = place.connection().run(&["echo", "$0 'it'"], None, Environment::Own).await.unwrap();
        assert_eq!(ran.stdout, "$0 'it'\n", "{shell}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_may_ask_for_a_command_and_a_terminal() {
    let Some(place) = Place::new() else { return };
    place.sshd.configure_client(&["  RemoteCommand echo hi", "  RequestTTY force", "  LocalForward 1 x:1"]);
    place.connection().probe().await.unwrap();
}

/// The fault and the sentence of a connection that can't be opened.
async fn fault(connection: &Connection) -> (Fault, String) {
    let error = connection.prepare().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable, "{error:?}");
    let ConnectionState::Unreachable { fault, why, .. } = connection.state() else { panic!("{error:?}") };
    assert_eq!(error.message, why);
    (fault, why)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_reason_has_its_sentence() {
    let Some(mut place) = Place::new() else { return };
    let with = |lines: &[&str]| {
        let file = place.here("other_config");
        let own = std::fs::read_to_string(place.sshd.config()).unwrap();
        std::fs::write(&file, format!("{}\n{own}", lines.join("\n"))).unwrap();
        TargetSettings { ssh_config: Some(file.to_string_lossy().into_owned()), ..place.settings() }
    };

    let closed = free_port();
    let refused = place.connect(with(&["Host box", &format!("Port {closed}")]));
    let (found, why) = fault(&refused).await;
    assert_eq!(found, Fault::Refused);
    assert_eq!(why, format!("box refuses connections on port {closed} of 127.0.0.1."));

    let unknown = place.connect(with(&["Host box", "HostName no-such-host.invalid"]));
    let (found, why) = fault(&unknown).await;
    assert_eq!((found, why.contains("no-such-host.invalid")), (Fault::UnknownName, true), "{why}");

    let no_key = place.here("no-key");
    let denied = place.connect(with(&["Host box", &format!("IdentityFile {}", no_key.display())]));
    // The first of two files is tried alone.
    std::fs::remove_file(place.sshd.folder().join("authorized_keys")).unwrap();
    let (found, why) = fault(&denied).await;
    assert_eq!((found, why.as_str()), (Fault::Denied, "box refuses the login: no key fits."));
    std::fs::copy(place.sshd.folder().join("user.pub"), place.sshd.folder().join("authorized_keys")).unwrap();

    let (found, _) = fault(&place.connect(with(&["Host box", "NoSuchOption yes"]))).await;
    assert_eq!(found, Fault::Configuration);

    let jump =
        with(&["Host box", "ProxyJump hop", "Host hop", "HostName 127.0.0.1", &format!("Port {closed}")]);
    let (found, why) = fault(&place.connect(jump)).await;
    assert_eq!((found, why.contains("jump host")), (Fault::JumpHost, true), "{why}");

    let nowhere =
        place.connect(TargetSettings { host: "-oProxyCommand=touch x".to_owned(), ..place.settings() });
    assert_eq!(fault(&nowhere).await.0, Fault::Configuration);

    place.sshd.log_in(&Login { shell: Some("false".to_owned()), ..Login::default() });
    assert_eq!(fault(&place.connection()).await.0, Fault::NoPrograms);

    place.sshd.log_in(&Login { noise: Some("It has one.\n".to_owned()), ..Login::default() });
    let settings = place.settings();
    place.sshd.stop();
    assert_eq!(fault(&place.connect(settings)).await.0, Fault::Refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_would_ask_is_refused_with_the_way_out() {
    let lines = ["PasswordAuthentication yes", "MaxAuthTries 2"];
    let Some(place) = Place::with(&lines) else { return };
    let key = place.here("locked");
    let made = std::process::Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "a passphrase", "-f"])
        .arg(&key)
        .status();
    assert!(made.unwrap().success());
    std::fs::copy(key.with_extension("pub"), place.sshd.folder().join("authorized_keys")).unwrap();
    let own = std::fs::read_to_string(place.sshd.config()).unwrap();
    let with = |keys: &[&std::path::Path]| {
        let keys: String = keys.iter().map(|key| format!("  IdentityFile {}\n", key.display())).collect();
        let other = own.lines().filter(|line| !line.contains("IdentityFile")).collect::<Vec<_>>().join("\n");
        let file = place.write("locked_config", format!("{other}\n{keys}"));
        TargetSettings { ssh_config: Some(file.to_string_lossy().into_owned()), ..place.settings() }
    };
    let locked = place.connect(with(&[&key]));
    assert_eq!(fault(&locked).await.0, Fault::Denied);
    let ConnectionState::Unreachable { hint: Some(hint), .. } = locked.state() else { panic!() };
    assert!(hint.contains("ssh-add") && hint.contains("ssh-copy-id"), "{hint}");

    let others: Vec<_> = (0..3).map(|number| place.here(&format!("other-{number}"))).collect();
    for other in &others {
        let mut keygen = std::process::Command::new("ssh-keygen");
        assert!(keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(other).status().unwrap().success());
    }
    let many: Vec<_> = others.iter().map(|path| path.as_path()).collect();
    assert_eq!(fault(&place.connect(with(&many))).await.0, Fault::TooManyKeys);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_an_hour_ahead_is_said() {
    // Read by every Python there before its program.
    let folder = tempfile::tempdir().unwrap();
    let ahead = "import time\nnow = time.time\ntime.time = lambda: now() + 3600\n";
    std::fs::write(folder.path().join("sitecustomize.py"), ahead).unwrap();
    let Some(place) = Place::with(&[&format!("SetEnv PYTHONPATH={}", folder.path().display())]) else {
        return;
    };
    let connection = place.connection();
    let offset = connection.probe().await.unwrap().clock_offset;
    assert!((offset - 3600.0).abs() < 5.0, "{offset}");
    let ConnectionState::Connected { beat, clock_offset } = connection.state() else { panic!() };
    assert!((clock_offset - 3600.0).abs() < 5.0, "{clock_offset}");
    assert!(jiff::Timestamp::now().duration_since(beat).as_secs() < 60, "the beat is by the clock here");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_host_is_given_up() {
    let Some(place) = Place::new() else { return };
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let lines = format!("Host box\nPort {}\nProxyCommand none\n", silent.local_addr().unwrap().port());
    let own = std::fs::read_to_string(place.sshd.config()).unwrap();
    let file = place.write("silent_config", format!("{lines}{own}"));
    let settings =
        TargetSettings { ssh_config: Some(file.to_string_lossy().into_owned()), ..place.settings() };
    assert_eq!(fault(&place.connect(settings)).await.0, Fault::Silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn python_must_be_there_and_new_enough() {
    let Some(place) = Place::new() else { return };
    let programs = place.here("programs");
    std::fs::create_dir(&programs).unwrap();
    std::os::unix::fs::symlink("/bin/sh", programs.join("sh")).unwrap();
    let path = Some(programs.to_string_lossy().into_owned());
    place.sshd.log_in(&Login { path, ..Login::default() });
    assert_eq!(fault(&place.connection()).await.0, Fault::NoPython);

    // As Python itself does with the check of its version.
    let old = place.write("programs/python3", "#!/bin/sh\nexit 86\n");
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (found, why) = fault(&place.connection()).await;
    assert_eq!((found, why.as_str()), (Fault::OldPython, "The python3 of box is older than 3.6."));
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_have_pauses_between_them() {
    let Some(mut place) = Place::new() else { return };
    let connection = place.connection();
    connection.probe().await.unwrap();
    place.sshd.stop();
    until(|| async { matches!(connection.state(), ConnectionState::Unreachable { fault: Fault::Cut, .. }) })
        .await;
    assert_eq!(fault(&connection).await.0, Fault::Refused);
    place.sshd.restart();
    // The pause is not over, so there is no attempt.
    let ConnectionState::Unreachable { since, .. } = connection.state() else { panic!() };
    connection.probe().await.unwrap_err();
    let ConnectionState::Unreachable { since: still, .. } = connection.state() else { panic!() };
    assert_eq!(since, still);
    connection.retry_now();
    connection.probe().await.unwrap();
    assert!(matches!(connection.state(), ConnectionState::Connected { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_can_t_be_used_is_said() {
    let Some(place) = Place::new() else { return };
    std::fs::create_dir(place.there("")).unwrap();
    std::fs::write(place.there("thesis.tex"), "mine").unwrap();
    let connection = place.connection();
    let problem = connection.probe().await.unwrap().folder_problem.unwrap();
    assert!(problem.contains("holds other things"), "{problem}");
    let error = connection.prepare().await.unwrap_err();
    assert_eq!(error.code, ErrorCode::File, "{error:?}");
    connection.remove("thesis.tex").await.unwrap_err();
    assert!(place.there("thesis.tex").exists());

    let file = TargetSettings { folder: "/proc/version".to_owned(), ..place.settings() };
    let problem = place.connect(file).probe().await.unwrap().folder_problem;
    assert_eq!(problem.as_deref(), Some("/proc/version is no folder."));
}

/// Machines with long support have a Python of 2016.
#[test]
fn the_program_there_has_the_grammar_of_python_3_6() {
    let check = "import ast, sys\nfor name in sys.argv[1:]: ast.parse(open(name).read(), name, feature_version=(3, 6))";
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/far");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() > 5);
    let checked = std::process::Command::new("python3").arg("-c").arg(check).args(files).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}
