//! A user's own dictionary: one invented table, one sentence for each convention of
//! `events/dyads.rs` and `actors/dictionary`.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up fails")]

use rapporteur_base::Date;
use rapporteur_coder::{Coder, Input};
use rapporteur_text::Reader;

const ACTORS: &str = "phrase\tcode\tfrom\tto\n\
    # an invented map\n\
    dorvan\tDOR\t\t\n\
    dorvani\tDOR\t\t\n\
    belmar\tBEL\t\t\n\
    old_belmar\tBELOLD\t\t\n\
    sulo\tSUL\t\t\n\
    the k.r.\tKRE\t\t\n\
    grain union\tGRU\t\t\n\
    ana petru\tDOR\t\t\n\
    ana petru\tDOROPP\t\t20291231\n\
    ana petru\tDORGOV\t20300101\t20341231\n\
    ana petru\tDORENV\t20320301\t20320310\n\
    ana petru\tDORELI\t20350101\t\n\
    petru\tDOR\t\t\n";

const AGENTS: &str = "phrase\tcode\n\
    minister\t~GOV\n\
    prime minister\t~GOV\n\
    police\t~COP\n\
    official\t~GOV\n\
    judge\t~JUD\n\
    newspaper\t~MED\n\
    soldier\t~MIL\n\
    authority\t~GOV\n\
    relief society\tNGO~\n\
    council!person!\t~LEG\n";

fn coder() -> (Reader, Coder) {
    let mut coder = Coder::embedded();
    coder.actors = coder.actors.with_dictionary(ACTORS, AGENTS).unwrap();
    (Reader::embedded(), coder)
}

/// `TYPE source>target` of each dyad; a statement has no type.
fn on(day: &str, text: &str) -> Vec<String> {
    let (reader, coder) = coder();
    let published: Option<Date> = day.parse().ok();
    let sentences = reader.read(text);
    let coding = coder.code(&Input {
        text,
        blocks: &[],
        sentences: &sentences,
        times: &rapporteur_temporal::tag(text, published),
        published,
    });
    let code = |parties: &[rapporteur_coder::Party]| {
        let codes: Vec<&str> = parties
            .iter()
            .map(|p| p.actor.country.as_deref().unwrap_or("?"))
            .collect();
        codes.join("+")
    };
    coding
        .events
        .iter()
        .map(|e| format!("{} {}>{}", e.kind, code(&e.source), code(&e.target)))
        .collect()
}

fn dyads(text: &str) -> Vec<String> {
    on("2031-05-04", text)
}

#[test]
fn phrases_are_whole_and_the_longest_wins() {
    assert_eq!(dyads("Old Belmar praised Dorvan."), ["SUPPORT BELOLD>DOR"]);
    assert_eq!(
        dyads("The KR praised the Dorvani plan."),
        ["SUPPORT KRE>DOR"]
    );
    // "Belmarite" is another word.
    assert!(dyads("The Belmarites praised Dorvan.").is_empty());
}

#[test]
fn the_row_in_force_counts() {
    let says = |day| on(day, "Ana Petru criticised Belmar.").concat();
    assert_eq!(says("2028-02-01"), "ACCUSE DOROPP>BEL");
    assert_eq!(says("2029-12-31"), "ACCUSE DOROPP>BEL");
    assert_eq!(says("2030-01-01"), "ACCUSE DORGOV>BEL");
    // The row that began later, until its last day.
    assert_eq!(says("2032-03-10"), "ACCUSE DORENV>BEL");
    assert_eq!(says("2032-03-11"), "ACCUSE DORGOV>BEL");
    assert_eq!(says("2036-01-01"), "ACCUSE DORELI>BEL");
    // Without a day what always holds.
    assert_eq!(says(""), "ACCUSE DOR>BEL");
}

#[test]
fn agents_join_their_actor() {
    for (text, source) in [
        ("The Dorvani police criticised Belmar.", "DORCOP"),
        ("Soldiers from Dorvan criticised Belmar.", "DORMIL"),
        ("The authorities of Dorvan criticised Belmar.", "DORGOV"),
        (
            "Dorvan's old and angry minister criticised Belmar.",
            "DORGOV",
        ),
        ("The relief society of Dorvan criticised Belmar.", "NGODOR"),
        ("A Dorvani councilwoman criticised Belmar.", "DORLEG"),
        // The name after the office says nothing new.
        ("Dorvani Prime Minister Petru criticised Belmar.", "DORGOV"),
        // Two agents in a row, each once.
        ("Dorvani police officials criticised Belmar.", "DORCOPGOV"),
        // The first actor of the phrase.
        ("The grain union of Dorvan criticised Belmar.", "GRU"),
    ] {
        assert_eq!(dyads(text), [format!("ACCUSE {source}>BEL")], "{text}");
    }
    // An agent of nobody is nobody.
    assert!(dyads("The minister criticised Belmar.").is_empty());
}

#[test]
fn compounds_are_dyads() {
    assert_eq!(
        dyads("Dorvan, Sulo and the proud Belmar praised the grain union."),
        ["SUPPORT DOR>GRU", "SUPPORT SUL>GRU", "SUPPORT BEL>GRU"]
    );
    assert_eq!(
        dyads("Judges and officials in Dorvan and Sulo praised Belmar."),
        [
            "SUPPORT DORJUD>BEL",
            "SUPPORT SULJUD>BEL",
            "SUPPORT DORGOV>BEL",
            "SUPPORT SULGOV>BEL"
        ]
    );
    // One owner of two agents; a single agent has one owner only.
    assert_eq!(
        dyads("Dorvani newspapers and police praised Belmar."),
        ["SUPPORT DORMED>BEL", "SUPPORT DORCOP>BEL"]
    );
    assert_eq!(
        dyads("The minister of Dorvan and Sulo praised Belmar."),
        ["SUPPORT DORGOV>BEL", "SUPPORT SUL>BEL"]
    );
}

#[test]
fn sides_turn_and_open_sides_are_filled() {
    assert_eq!(
        dyads("Belmar was criticised by Dorvan."),
        ["ACCUSE DOR>BEL"]
    );
    assert_eq!(
        dyads("Belmar was criticised over its quarrel with Dorvan."),
        ["ACCUSE DOR>BEL"]
    );
    assert_eq!(
        dyads("Dorvan welcomed the letters from Sulo."),
        ["SUPPORT DOR>SUL"]
    );
    // A party that the dictionary lacks leaves the event out; nobody acts on himself.
    assert!(dyads("Kenya criticised Belmar.").is_empty());
    assert!(dyads("Dorvan criticised the Dorvani plan.").is_empty());
}

#[test]
fn meetings_are_told_from_both_sides() {
    assert_eq!(
        dyads("Dorvan will meet Belmar on Friday."),
        ["CONSULT DOR>BEL", "CONSULT BEL>DOR"]
    );
    assert_eq!(
        dyads("The envoy of Dorvan presented his credentials to Belmar."),
        ["CONSULT DOR>BEL"]
    );
}

#[test]
fn denied_disapproval_is_support() {
    assert_eq!(
        dyads("Dorvan did not criticise the plans of Belmar."),
        ["SUPPORT DOR>BEL"]
    );
}

#[test]
fn statements_have_no_type() {
    assert_eq!(
        dyads("Dorvan believes that Sulo and Belmar can cope."),
        [" DOR>SUL", " DOR>BEL"]
    );
}

#[test]
fn what_only_dates_makes_no_event() {
    assert_eq!(
        dyads("Dorvan praised Belmar after leaving Sulo."),
        ["SUPPORT DOR>BEL"]
    );
}

#[test]
fn faults_name_the_table_and_the_line() {
    let read = |actors: &str, agents: &str| {
        Coder::embedded()
            .actors
            .with_dictionary(actors, agents)
            .unwrap_err()
    };
    let fault = read("phrase\tcode\n\ndorvan\n", "");
    assert!(
        fault.starts_with("actors dictionary, line 3: expected"),
        "{fault}"
    );
    let fault = read("dorvan\tDOR\t2031-01-01\t\n", "");
    assert!(fault.contains("line 1: from is \"2031-01-01\""), "{fault}");
    let fault = read("", "police\t\n");
    assert!(fault.starts_with("agents dictionary, line 1"), "{fault}");
}
