//! Keys of hosts.

use compute::{ConnectionState, Fault};
use schema::ErrorCode;

use crate::place::Place;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_key_is_accepted_by_its_fingerprint_alone() {
    let Some(place) = Place::new() else { return };
    place.sshd.forget_host_key();
    let connection = place.connection();
    assert_eq!(connection.probe().await.unwrap_err().code, ErrorCode::Unreachable);
    assert!(matches!(connection.state(), ConnectionState::Unreachable { fault: Fault::UnknownHostKey, .. }));

    let keys = connection.host_keys().await.unwrap();
    let [key] = keys.as_slice() else { panic!("{keys:?}") };
    assert_eq!((key.fingerprint.as_str(), key.known), (place.sshd.fingerprint().as_str(), false));
    assert_eq!(key.kind, "ssh-ed25519");
    assert!(key.host.contains("127.0.0.1"), "{key:?}");

    let other = format!("SHA256:{}", "A".repeat(43));
    assert_eq!(connection.accept_host_key(&other).await.unwrap_err().code, ErrorCode::Invalid);
    connection.accept_host_key("*").await.unwrap_err();
    assert_eq!(std::fs::read_to_string(place.sshd.known_hosts()).unwrap(), "");

    connection.accept_host_key(&key.fingerprint).await.unwrap();
    assert!(connection.host_keys().await.unwrap()[0].known);
    connection.probe().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_configuration_accepts_an_unknown_key_unseen() {
    let Some(place) = Place::new() else { return };
    place.sshd.forget_host_key();
    place.sshd.configure_client(&["  StrictHostKeyChecking no"]);
    place.connection().probe().await.unwrap_err();
    assert_eq!(std::fs::read_to_string(place.sshd.known_hosts()).unwrap(), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_key_refuses_and_can_t_be_accepted() {
    let Some(mut place) = Place::new() else { return };
    place.sshd.change_host_key();
    let connection = place.connection();
    let error = connection.probe().await.unwrap_err();
    let line = format!("{}:1", place.sshd.known_hosts().display());
    assert!(error.message.contains(&line) && error.message.contains(&place.sshd.fingerprint()), "{error:?}");
    assert!(matches!(connection.state(), ConnectionState::Unreachable { fault: Fault::ChangedHostKey, .. }));
    let before = std::fs::read_to_string(place.sshd.known_hosts()).unwrap();
    connection.host_keys().await.unwrap_err();
    connection.accept_host_key(&place.sshd.fingerprint()).await.unwrap_err();
    assert_eq!(std::fs::read_to_string(place.sshd.known_hosts()).unwrap(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_a_jump_host_is_accepted_before_that_of_the_target() {
    let Some(place) = Place::new() else { return };
    let hop = test_hosts::Sshd::start().unwrap();
    // The jump host runs `ssh -W`'s side alone, so its logins need no shell.
    let (hop_config, own) = (std::fs::read_to_string(hop.config()).unwrap(), place.sshd.config());
    let own = std::fs::read_to_string(own).unwrap();
    let hop_config = hop_config.replace("Host box", "Host hop");
    let both = place.write("jump_config", format!("{own}  ProxyJump hop\n{hop_config}"));
    place.sshd.forget_host_key();
    hop.forget_host_key();
    let connection = place.connect(compute::TargetSettings {
        ssh_config: Some(both.to_string_lossy().into_owned()),
        ..place.settings()
    });
    connection.probe().await.unwrap_err();
    let ConnectionState::Unreachable { fault, why, .. } = connection.state() else { panic!() };
    assert_eq!((fault, why.contains("jump host")), (Fault::UnknownHostKey, true), "{why}");

    let keys = connection.host_keys().await.unwrap();
    let [first] = keys.as_slice() else { panic!("{keys:?}") };
    assert_eq!((first.fingerprint.clone(), first.known), (hop.fingerprint(), false));
    connection.accept_host_key(&first.fingerprint).await.unwrap();

    let keys = connection.host_keys().await.unwrap();
    let shown: Vec<_> = keys.iter().map(|key| (key.fingerprint.clone(), key.known)).collect();
    assert_eq!(shown, [(hop.fingerprint(), true), (place.sshd.fingerprint(), false)]);
    connection.accept_host_key(&place.sshd.fingerprint()).await.unwrap();
    connection.probe().await.unwrap();
}
