//! What goes wrong, in sentences that name the thing and a way out.

use std::time::{Duration, Instant};

use fake_workbench::{Fault, KEY};
use schema::ErrorCode;
use workbench::{Failure, Fault as Why, Times};

use crate::world::{World, quick};

/// What every failure has: the workbench's address, a way out, and no key.
fn is_for_people(world: &World, failure: &Failure) {
    let text = format!("{failure:?}");
    assert!(failure.error.message.contains(world.there.address()), "{text}");
    assert!(failure.error.hint.is_some(), "{text}");
    assert!(!text.contains(KEY), "{text}");
    for word in ["reqwest", "hyper", "serde", "EOF", "rustls"] {
        assert!(!failure.error.message.contains(word), "{text}");
    }
}

#[tokio::test]
async fn an_expired_key_is_named_however_the_workbench_says_it() {
    let world = World::new();
    world.there.expire_key(true);
    for older in [false, true] {
        world.there.behave(|behavior| behavior.older_refusals = older);
        let failure = world.workbench.jobs().await.unwrap_err();
        assert_eq!((failure.fault, failure.error.code), (Why::Key, ErrorCode::Unreachable));
        is_for_people(&world, &failure);
    }
    world.there.behave(|behavior| behavior.login_page = true);
    let failure = world.workbench.jobs().await.unwrap_err();
    assert_eq!(failure.fault, Why::NoWorkbench);
    is_for_people(&world, &failure);
    assert!(failure.error.hint.unwrap().contains("key"));
    let file = world.file("here", b"x");
    assert_eq!(world.workbench.upload(&file, "there").await.unwrap_err().fault, Why::NoWorkbench);
    world.there.expire_key(false);
    world.workbench.jobs().await.unwrap();
}

#[tokio::test]
async fn rights_projects_and_operations_that_are_missing_are_named() {
    let world = World::new();
    world.there.behave(|behavior| behavior.may_write = false);
    let failure = world.workbench.make_job(&world.job("run-1", "")).await.unwrap_err();
    assert_eq!(failure.fault, Why::Rights);
    is_for_people(&world, &failure);
    assert!(failure.error.message.contains("run-1"), "{failure:?}");
    let failure = world.of_project("aaaa-bbbb-cccc-dddd").project().await.unwrap_err();
    assert_eq!((failure.fault, failure.error.code), (Why::NotFound, ErrorCode::NotFound));
    is_for_people(&world, &failure);
    assert!(failure.error.message.contains("aaaa-bbbb-cccc-dddd"), "{failure:?}");
    world.there.behave(|behavior| {
        behavior.has_labels = false;
        behavior.validates_keys = false;
    });
    assert_eq!(world.workbench.gpu_labels().await.unwrap(), None);
    assert_eq!(world.workbench.key_owner().await.unwrap(), None);
}

#[tokio::test]
async fn what_is_read_is_asked_for_again_and_not_for_ever() {
    let world = World::new();
    let passing =
        [Fault::Status(500, None), Fault::Half, Fault::Status(429, Some(1)), Fault::DoneWithoutAnswer];
    world.there.fail("list_jobs", passing);
    let start = Instant::now();
    world.workbench.jobs().await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1), "it did not wait as it was asked to");
    assert_eq!(world.there.count("list_jobs"), 5);
    for (status, why) in [(429, Why::Busy), (503, Why::Failed)] {
        let before = world.there.count("list_jobs");
        world.there.fail("list_jobs", vec![Fault::Status(status, None); 6]);
        let failure = world.workbench.jobs().await.unwrap_err();
        assert_eq!(failure.fault, why);
        is_for_people(&world, &failure);
        assert_eq!(world.there.count("list_jobs") - before, 6);
    }
    world.there.fail("list_jobs", [Fault::Status(429, Some(3_600))]);
    let failure = world.workbench.jobs().await.unwrap_err();
    assert!(failure.error.message.contains("60 minutes"), "{failure:?}");
}

#[tokio::test]
async fn a_refusal_for_good_is_not_asked_for_again() {
    let world = World::new();
    for status in [400, 401, 403, 404, 409, 501] {
        let before = world.there.count("list_runtimes");
        world.there.fail("list_runtimes", [Fault::Status(status, None)]);
        is_for_people(&world, &world.workbench.runtimes().await.unwrap_err());
        assert_eq!(world.there.count("list_runtimes") - before, 1, "{status}");
    }
}

#[tokio::test]
async fn silence_ends_and_a_slow_answer_is_one() {
    let times = Times { answer: Duration::from_millis(700), attempts: 1, ..quick() };
    let world = World::with_times(times);
    world.there.fail("list_jobs", [Fault::Silence, Fault::Slow(Duration::from_millis(50))]);
    world.workbench.jobs().await.unwrap();
    world.there.fail("list_jobs", [Fault::Silence, Fault::Silence]);
    let failure = world.workbench.jobs().await.unwrap_err();
    assert_eq!((failure.fault, failure.error.code), (Why::NoAnswer, ErrorCode::Unreachable));
    is_for_people(&world, &failure);
}
