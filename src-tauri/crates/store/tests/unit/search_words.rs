//! How texts are compared with words.

use super::*;

#[test]
fn case_accents_and_signs_make_no_difference() {
    assert_eq!(plain("  Événement — (l'ÉTÉ) ﬁn\u{301} №7 "), "evenement l ete fin no7");
    assert_eq!(plain("İstanbul 東京 naïve_1.5e-7"), "istanbul 東京 naive 1 5e 7");
    assert!(Wanted::from_search(" \"*' — ").is_none());
    let wanted = Wanted::from_search("eve ÉTÉ").unwrap();
    assert_eq!(wanted.expression(), "\"ete\"* \"eve\"*");
    assert!(wanted.are_in("l'été, un événement") && !wanted.are_in("un événement"));
    assert_eq!(
        Wanted::from_search("0.00 refund 000 1 0 re").unwrap().expression(),
        "\"000\"* \"1\"* \"refund\"*"
    );
    assert!(!Wanted::from_search("nement").unwrap().are_in("événement"), "only from a word's beginning");
}
